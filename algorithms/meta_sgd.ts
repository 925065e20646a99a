import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { descend, type InnerRate, perTask, taskGradients } from "./blocks/inner_loop.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { rateName, ratesPerParameter } from "./blocks/rates.ts";
import type { TrainingStep } from "./blocks/training_step.ts";

/** The learned α, parameter by parameter; undefined where it is frozen at the sweep's inner step size. */
function learnedRates({ meta, own }: Pick<TrainingStep, "meta" | "own">) {
  return own.frozen === true
    ? undefined
    : (layer: number, parameter: string): InnerRate => meta[rateName(layer, parameter)];
}

/**
 * Meta-SGD: MAML whose inner loop has a step size of its own for every parameter, θ' = θ − α ∘ ∇L_support(θ), with θ and α both learned in the outer loop.
 *
 * α = `meta`, one entry per parameter of the model, in its shape; it starts at `innerLr` and may turn negative. S = `innerSteps` steps share one α.
 * Layers outside the inner loop have entries too, which no step reads and no gradient moves (weight decay, where a sweep has it, does).
 */
export const metaSgd: Algorithm = {
  name: "meta-sgd",
  title: "Meta-SGD",
  summary: "MAML that also learns the inner step size of every parameter (second order)",
  source: "Li et al. 2017, Algorithm 1 (arXiv:1707.09835)",
  deviations: [
    "1. α starts at the sweep's inner step size; the paper draws the one value that all its entries start at from [0.005, 0.1].",
    "2. The outer optimiser is Adam, as everywhere in the built-in sweeps, for θ and α alike.",
    "3. More than one inner step shares one α; the paper has one step.",
    "4. At test time the learned α is the step size, and nothing is left to choose on validation episodes; frozen, the step size is chosen there, as MAML's is.",
    "5. As for MAML: the inner loss is the mean cross-entropy, and layers 1..d may be left out of the inner loop; the paper adapts all.",
    "6. As for MAML: outer gradients may be clipped by task, of θ and α together, and `batch-inductive` normalises queries by the support set's statistics.",
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
    frozen: z.boolean().default(false).describe("Whether α stays at the inner step size, which makes this MAML."),
  }),
  identities: [
    {
      statement: "with α frozen at the inner step size, Meta-SGD is MAML",
      is: "maml",
      here: { own: { frozen: true }, innerSteps: 2 },
      there: { innerSteps: 2 },
      tolerance: 0,
    },
    {
      statement: "where α starts, θ's gradient is MAML's",
      is: "maml",
      here: { innerSteps: 2 },
      there: { innerSteps: 2 },
      tolerance: 1e-12,
    },
  ],
  metaParameters: (model, { innerLr, own }) => own.frozen === true ? [] : ratesPerParameter(model, innerLr),
  innerRates: learnedRates,
  objective({ network, params, meta, own, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    const alpha = learnedRates({ meta, own }) ?? innerLr;
    let theta = perTask(params, mask, support.x.shape[0]);
    for (let step = 0; step < innerSteps; step++) {
      const losses = lossPerTask(network.outputs(theta, support.x), support.y);
      theta = descend(theta, taskGradients(losses, theta, mask), alpha); // θ' = θ − α ∘ ∇L_support(θ): Algorithm 1, line 6
    }
    return { losses: lossPerTask(network.queryOutputs(theta, support.x, query.x), query.y) }; // lines 7-9, with respect to (θ, α)
  },
};
