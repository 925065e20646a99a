import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { contextOf, contextTrajectory, contextWeights } from "./blocks/context.ts";

/**
 * Fast context adaptation: min over θ of the mean over tasks of L_query(f(·; φ_S, θ)), where only the context vector φ, 0 at the start of every task, takes
 * the S gradient steps of size α on the support set. The network θ is shared by all tasks, and learns in the outer loop alone.
 *
 * φ are further inputs of the first layer, or what its norm's γ and β are moved by.
 */
export const cavia: Algorithm = {
  name: "cavia",
  title: "CAVIA",
  summary: "learns a network with context inputs, of which a task adapts nothing but the contexts",
  source: "Zintgraf et al. 2019, equations 3 and 4 and Algorithm 1 (arXiv:1810.03642)",
  deviations: [
    "1. The contexts are inputs of the first layer, as in the paper's regression; where it has a norm, they move its γ and β, as the paper's FiLM after the third convolution does.",
    "2. Context weights are drawn from normal distributions of the variance that PyTorch's uniform ones have.",
    "3. There are 5 contexts unless a sweep says otherwise (`contexts`); the paper has 100 on mini-ImageNet.",
    "4. The inner loss is the mean cross-entropy.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["context-gradient"],
  sharingDepth: () => null,
  adaptationMask: (_, layers) => Array.from({ length: layers }, (_, index) => index === 0),
  hyper: z.strictObject({
    contexts: z.int().min(1).max(1000).default(5).describe("Numbers of a context vector."),
  }),
  identities: [
    {
      statement: "with inner step size 0, CAVIA is MAML",
      is: "maml",
      here: { innerLr: 0, innerSteps: 3 },
      there: { depth: 0, innerLr: 0, innerSteps: 3 },
      tolerance: 1e-13,
    },
  ],
  metaParameters: (model, { own }) => contextWeights(model, Number(own.contexts)),
  context: ({ meta, own }) => contextOf(meta, Number(own.contexts)),
  objective({ network, params, meta, own, batch: [support, query], innerLr, innerSteps, lossPerTask }) {
    const context = contextOf(meta, Number(own.contexts));
    const passed = contextTrajectory({ network, params, context, support, rate: innerLr, innerSteps, lossPerTask });
    return { losses: lossPerTask(network.queryOutputs(passed[innerSteps], support.x, query.x), query.y) };
  },
};
