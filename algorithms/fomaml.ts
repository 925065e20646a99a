import type { Algorithm } from "./algorithm.ts";
import { episodicObjective } from "./blocks/episodic.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * First-order MAML: the outer gradient is ∇L_query(θ_S), taken as if ∂θ_S/∂θ were the identity.
 *
 * θ = `params`, α = `innerLr`, S = `innerSteps`.
 */
export const fomaml: Algorithm = {
  name: "fomaml",
  title: "First-order MAML",
  summary: "MAML without second derivatives: the query gradient at the adapted parameters",
  source: "Finn et al. 2017, section 5.2 (arXiv:1703.03400); Nichol et al. 2018, section 3 (arXiv:1803.02999)",
  deviations: [
    "1. The outer optimiser is Adam, as for every algorithm here.",
    "2. The inner loss is the mean cross-entropy (the authors' code divides by K only).",
    "3. Sharing depth d leaves layers 1..d out of the inner loop; the papers have d = 0.",
  ],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 1,
  outerGradient: "first-order",
  data: "episodes",
  family: "gradient-based meta-learning",
  nativeAdapter: "gradient",
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  objective: (step) => episodicObjective(step, frozenPrefix(step.sharingDepth, step.params.length), false),
};
