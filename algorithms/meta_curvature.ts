import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { curvatureFrom, curvatureOf } from "./blocks/curvature.ts";
import { descend, perTask, preconditioned, taskGradients } from "./blocks/inner_loop.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import type { TrainingStep } from "./blocks/training_step.ts";

/** The learned matrices; undefined where they stay at the identity. */
function learnedCurvature({ meta, own }: Pick<TrainingStep, "meta" | "own">) {
  return own.frozen === true ? undefined : curvatureFrom(meta);
}

/**
 * Meta-Curvature: MAML whose inner loop multiplies the gradient by learned matrices, θ' = θ − α M(∇L_support(θ)), with θ and M both learned in the outer loop.
 *
 * M(G) = M_in G M_out for a weight, with M_window over the positions of a convolution's window besides; for biases and a norm's γ and β, M is a diagonal. All
 * start at the identity. M = `meta`, α = `innerLr`; S = `innerSteps` steps share one M.
 */
export const metaCurvature: Algorithm = {
  name: "meta-curvature",
  title: "Meta-Curvature",
  summary: "MAML that also learns matrices by which inner gradients are multiplied on each side (second order)",
  source: "Park & Oliva 2019, section 3 (arXiv:1902.03356), and the authors' code for sinusoids and Omniglot",
  deviations: [
    "1. γ and β of norms are adapted like biases; the authors' inner loop leaves them alone.",
    "2. At test time α is chosen on validation episodes where a sweep has several `adaptLrs`, as MAML's is; the paper keeps it.",
    "3. The outer optimiser is Adam in the built-in sweeps, as in the authors' code, for θ and M alike.",
    "4. As for MAML: the inner loss is the mean cross-entropy, and layers 1..d may be left out of the inner loop; the paper adapts all.",
    "5. As for MAML: outer gradients may be clipped by task, of θ and M together, and `batch-inductive` normalises queries by the support set's statistics.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  hyper: z.strictObject({
    frozen: z.boolean().default(false).describe("Whether M stays at the identity, which makes this MAML."),
  }),
  identities: [
    {
      statement: "with M frozen at the identity, Meta-Curvature is MAML",
      is: "maml",
      here: { own: { frozen: true }, innerSteps: 2 },
      there: { innerSteps: 2 },
      tolerance: 0,
    },
    {
      statement: "where M starts, θ's gradient is MAML's",
      is: "maml",
      here: { innerSteps: 2 },
      there: { innerSteps: 2 },
      tolerance: 1e-12,
    },
  ],
  metaParameters: (model, { own }) => own.frozen === true ? [] : curvatureOf(model),
  precondition: learnedCurvature,
  objective({ network, params, meta, own, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    const curvature = learnedCurvature({ meta, own });
    let theta = perTask(params, mask, support.x.shape[0]);
    for (let step = 0; step < innerSteps; step++) {
      const losses = lossPerTask(network.outputs(theta, support.x), support.y);
      theta = descend(theta, preconditioned(taskGradients(losses, theta, mask), curvature), innerLr); // θ' = θ − α M(∇L_support(θ))
    }
    return { losses: lossPerTask(network.queryOutputs(theta, support.x, query.x), query.y) };
  },
};
