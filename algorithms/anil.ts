import type { Algorithm } from "./algorithm.ts";
import { episodicObjective } from "./blocks/episodic.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Almost no inner loop: only the head is adapted, in training and at test time; the body learns in the outer loop alone.
 * The second-order term −α ∂²L_support/∂head∂body is kept.
 */
export const anil: Algorithm = {
  name: "anil",
  title: "ANIL",
  summary: "MAML whose inner loop adapts the head only (the same as maml at sharing depth L - 1)",
  source: "Raghu et al. 2020, section 4 (arXiv:1909.09157)",
  deviations: [
    "1. The outer optimiser is Adam, as for every algorithm here.",
    "2. The inner loss is the mean cross-entropy.",
  ],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  family: "gradient-based meta-learning",
  nativeAdapter: "gradient",
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers - 1, layers),
  objective: (step) => episodicObjective(step, frozenPrefix(step.params.length - 1, step.params.length), true),
};
