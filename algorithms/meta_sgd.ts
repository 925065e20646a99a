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
 */
export const metaSgd: Algorithm = {
  name: "meta-sgd",
  title: "Meta-SGD",
  summary: "MAML that also learns the inner step size of every parameter (second order)",
  source: "Li et al. 2017, Algorithm 1 (arXiv:1707.09835)",
  deviations: [
    "1. α starts at one value for all parameters, the sweep's inner step size, instead of a draw per parameter.",
    "2. The outer optimiser is Adam, as for every algorithm here, for θ and α alike.",
    "3. More than one inner step shares one α; the paper has one step.",
    "4. At test time the learned α is the step size: there is nothing left to choose on validation episodes.",
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
