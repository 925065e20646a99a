import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { learnedNumber } from "./blocks/learned_number.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { ridgeHead } from "./blocks/ridge_head.ts";
import { dense } from "./tensor/nn.ts";
import { exp, mul, scale } from "./tensor/ops.ts";

/**
 * MetaOptNet with its ridge regression head: for every class the minimum of ½ αᵀ(ZZᵀ + λI)α − 2 yᵀα over the support features Z, which is
 * α = 2 (ZZᵀ + λI)⁻¹ y, and logits γ Z_q Zᵀ α. Training differentiates through the solution; γ is learned.
 *
 * It is R2-D2 without the constant feature, with λ for nλ and 2γ for a.
 */
export const metaoptnetRidge: Algorithm = {
  name: "metaoptnet-ridge",
  title: "MetaOptNet (ridge)",
  summary: "R2-D2 without a bias: ridge regression in its dual form, with λ fixed",
  source: "Lee et al. 2019, section 3 (arXiv:1904.03758) and the authors' code",
  deviations: [
    "1. λ is 1; the authors' code has 50, for features of thousands of numbers.",
    "2. γ is learned as a logarithm, so that it stays positive.",
    "3. The optimiser and its schedule are the sweep's (theirs: SGD with momentum and weight decay), and training has the shots of the test (theirs: up to 15).",
    "4. A new task's λ is chosen on validation episodes, and its head has a bias, as for every head solved by ridge regression.",
    "5. No augmentation and no label smoothing.",
  ],
  supports: ["classification"],
  reads: ["shots"],
  shapesTraining: ["shots"],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "episodes",
  anyWays: true,
  statistics: "training",
  family: "closed-form meta-learning",
  trainsHead: false,
  nativeAdapters: ["ridge-classifier"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject({
    lambda: z.number().positive().max(1e6).default(1).describe("λ."),
    scale: z.number().positive().max(1e6).default(1).describe("γ, as training starts."),
  }),
  metaParameters: (_, { own }) => [learnedNumber("logScale", Math.log(Number(own.scale)))],
  objective({ network, params, meta, own, batch: [support, query], lossPerTask }) {
    const features = network.features(params, support.x);
    const penalty = features.graph.constant(Number(own.lambda), [1, 1, 1]);
    const head = ridgeHead({ features, targets: support.y, penalty, bias: false });
    const scores = dense(network.queryFeatures(params, support.x, query.x), head.weight);
    return { losses: lossPerTask(mul(scores, scale(exp(meta.logScale), 2)), query.y) };
  },
};
