import type { Algorithm } from "./algorithm.ts";
import { descend, heldConstant, perTask, taskGradients } from "./blocks/inner_loop.ts";
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
    "1. The outer optimiser is Adam, as everywhere in the built-in sweeps.",
    "2. The inner loss is the mean cross-entropy (the authors' code divides by K only).",
    "3. Sharing depth d leaves layers 1..d out of the inner loop; the papers have d = 0.",
    "4. As for MAML: each task's outer gradient may be clipped by its norm, and the step size at test time is chosen on validation episodes.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 1,
  outerGradient: "first-order",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  identities: [
    {
      statement: "with inner step size 0, first-order MAML is MAML",
      is: "maml",
      here: { innerLr: 0, innerSteps: 3 },
      there: { innerLr: 0, innerSteps: 3 },
      tolerance: 1e-13,
    },
    {
      statement: "at sharing depth L there is no inner loop, and first-order MAML is MAML",
      is: "maml",
      here: { depth: "L", innerLr: 0.3, innerSteps: 4 },
      there: { depth: "L", innerLr: 0, innerSteps: 1 },
      tolerance: 0,
    },
  ],
  objective({ network, params, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    let theta = perTask(params, mask, support.x.shape[0]);
    for (let step = 0; step < innerSteps; step++) {
      const losses = lossPerTask(network.outputs(theta, support.x), support.y);
      theta = descend(theta, heldConstant(taskGradients(losses, theta, mask)), innerLr);
    }
    return { losses: lossPerTask(network.queryOutputs(theta, support.x, query.x), query.y) };
  },
};
