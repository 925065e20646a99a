import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { learnedNumber } from "./blocks/learned_number.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { svmHead } from "./blocks/svm_head.ts";
import { dense } from "./tensor/nn.ts";
import { exp, mul } from "./tensor/ops.ts";

/**
 * MetaOptNet with its support vector machine: every task's head is the multi-class machine of Crammer & Singer on the support features Z, and training
 * differentiates the query loss through that solution.
 *
 * The dual variables A are least of ½ tr(Aᵀ(ZZᵀ + I)A) − tr(YᵀA) over A ≤ C Y with rows that sum to 0; logits are γ Z_q Zᵀ A. γ is learned. The derivative of
 * A is that of the conditions of Karush, Kuhn and Tucker at the solution.
 */
export const metaoptnetSvm: Algorithm = {
  name: "metaoptnet-svm",
  title: "MetaOptNet (SVM)",
  summary: "learns features on which a multi-class support vector machine of the support set predicts the query set",
  source: "Lee et al. 2019, section 3 (arXiv:1904.03758) and the authors' code",
  deviations: [
    "1. The machine is solved to its optimum; the authors' code stops an interior-point method after 15 iterations at most, or 3 in training.",
    "2. γ is learned as a logarithm, so that it stays positive.",
    "3. The optimiser and its schedule are the sweep's (theirs: SGD with momentum and weight decay), and training has the shots of the test (theirs: up to 15).",
    "4. A new task's C is chosen on validation episodes; theirs is that of training. γ does not change which logit is largest.",
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
  nativeAdapters: ["svm"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject({
    penalty: z.number().positive().max(1).default(0.1).describe("C, the most that an example counts."),
    scale: z.number().positive().max(1e6).default(1).describe("γ, as training starts."),
  }),
  metaParameters: (_, { own }) => [learnedNumber("logScale", Math.log(Number(own.scale)))],
  objective({ network, params, meta, own, batch: [support, query], lossPerTask }) {
    const features = network.features(params, support.x);
    const { weight } = svmHead({ features, targets: support.y, penalty: Number(own.penalty) });
    const scores = dense(network.queryFeatures(params, support.x, query.x), weight);
    return { losses: lossPerTask(mul(scores, exp(meta.logScale)), query.y) };
  },
};
