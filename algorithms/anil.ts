import type { Algorithm } from "./algorithm.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { maml } from "./maml.ts";

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
    "1. The outer optimiser is Adam, as everywhere in the built-in sweeps.",
    "2. The inner loss is the mean cross-entropy.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers - 1, layers),
  sameTrainingAs: (_, layers) => ({ algorithm: "maml", sharingDepth: layers - 1 }),
  identities: [
    {
      statement: "ANIL is MAML at sharing depth L - 1",
      is: "maml",
      here: { innerSteps: 3 },
      there: { depth: "L - 1", innerSteps: 3 },
      tolerance: 0,
    },
    {
      statement: "with inner step size 0, ANIL is MAML",
      is: "maml",
      here: { innerLr: 0, innerSteps: 3 },
      there: { depth: 0, innerLr: 0, innerSteps: 3 },
      tolerance: 1e-13,
    },
  ],
  objective: maml.objective,
};
