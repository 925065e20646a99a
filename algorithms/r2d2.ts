import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { learnedNumber } from "./blocks/learned_number.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { ridgeHead } from "./blocks/ridge_head.ts";
import { dense } from "./tensor/nn.ts";
import { exp, mul, scale } from "./tensor/ops.ts";

/**
 * Ridge regression differentiable discriminator: every task's head is the ridge regression of its support targets on the features, in closed form, and
 * training differentiates the query loss through that solution. It is the inner problem of ANIL solved to its end.
 *
 * W = argmin ‖XW − Y‖² / n + λ‖W‖² with X = [Z 1] the n support features and a constant. Classification takes one-hot labels for Y and a (X_q W) for
 * logits; λ and a are learned with the features. Regression takes X_q W as it is.
 */
export const r2d2: Algorithm = {
  name: "r2d2",
  title: "R2-D2",
  summary: "learns features on which ridge regression of the support set predicts the query set",
  source: "Bertinetto et al. 2019, section 3.1 and equations 4 to 7 (arXiv:1805.08136)",
  deviations: [
    "1. λ and a are learned as logarithms, so that they stay positive; the authors' code learns a as it is and keeps λ (`learnLambda: false`).",
    "2. λ starts at 1 and a at 10; the authors' code has 50, for features of thousands of numbers, and 10, or 0.0001 on mini-ImageNet.",
    "3. The bias that the authors' code adds to all logits of an example changes no probability, and is left out.",
    "4. A new task's λ is chosen on validation episodes, as for every solved head; a does not change which logit is largest.",
    "5. All episodes of a training have the same number of shots; theirs draws it for each.",
    "6. λ is never so small that float32 could not solve for W: nλ is at least a millionth of the mean squared norm of the rows of X.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots"],
  shapesTraining: ["shots"],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "episodes",
  anyWays: true,
  statistics: "training",
  family: "closed-form meta-learning",
  trainsHead: false,
  nativeAdapters: ["ridge", "ridge-classifier"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject({
    lambda: z.number().positive().max(1e6).default(1).describe("λ, as training starts."),
    learnLambda: z.boolean().default(true).describe("Whether λ is learned."),
    scale: z.number().positive().max(1e6).default(10).describe("a, as training starts; classification only."),
  }),
  metaParameters: (_, { own, trainClasses }) => [
    ...(own.learnLambda === false ? [] : [learnedNumber("logLambda", Math.log(Number(own.lambda)))]),
    ...(trainClasses === 0 ? [] : [learnedNumber("logScale", Math.log(Number(own.scale)))]),
  ],
  objective({ network, params, meta, own, batch: [support, query], classes, lossPerTask }) {
    const features = network.features(params, support.x);
    const lambda = meta.logLambda === undefined
      ? features.graph.constant(Number(own.lambda), [1, 1, 1])
      : exp(meta.logLambda);
    const penalty = scale(lambda, features.shape[1]); // ‖·‖² / n + λ‖·‖² is least where ‖·‖² + nλ‖·‖² is
    const head = ridgeHead({ features, targets: support.y, penalty, bias: true });
    const predictions = dense(network.queryFeatures(params, support.x, query.x), head.weight, head.bias);
    return { losses: lossPerTask(classes === undefined ? predictions : mul(predictions, exp(meta.logScale)), query.y) };
  },
};
