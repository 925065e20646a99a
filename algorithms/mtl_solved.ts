import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { ridgeHead } from "./blocks/ridge_head.ts";
import { dense } from "./tensor/nn.ts";
import { add, reshape, scale, square, stopGradient, sum } from "./tensor/ops.ts";

/**
 * Multi-task learning whose heads are solved, not learned step by step: min over θ of Σ_t min over w_t of L_t(θ, w_t), by variable projection. It is at once
 * training through solved heads without a split, the inner problem solved on the very examples of the outer loss, for which the two paradigms are one problem.
 *
 * L_t = ‖X w − Y‖² / n + λ‖w‖² with X = [Z 1] the task's n features and a constant. Where w_t is optimal, the gradient of the minimum is the gradient of L_t
 * with w_t held constant: that of multi-task learning at these heads.
 */
export const mtlSolved: Algorithm = {
  name: "mtl-solved",
  title: "MTL, heads solved in training",
  summary: "hard parameter sharing with every task's head solved by ridge regression on all its examples, no split",
  source:
    "Wang, Zhao & Li 2021, section 3 (arXiv:2106.09017), where the inner problem is solved; variable projection: Golub & Pereyra 1973, theorem 2.1",
  deviations: [
    "1. Heads are solved on the examples of one iteration: those of all iterations do not fit into one system.",
    "2. The ridge penalty λ‖w‖² is part of the loss, so that what is solved and what is descended along are one function; the paper has none.",
    "3. λ is never so small that float32 could not solve for w: nλ is at least a millionth of the mean squared norm of the rows of X.",
  ],
  supports: ["regression"],
  reads: ["shots"],
  shapesTraining: [],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "tasks",
  statistics: "training",
  family: "multi-task",
  trainsHead: false,
  nativeAdapters: ["ridge"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject({
    lambda: z.number().positive().max(1e6).default(1e-3).describe("λ of the heads, in training."),
  }),
  objective({ network, params, own, batch: [{ x, y }], lossPerTask }) {
    const features = network.features(params, x);
    const [tasks, n] = features.shape;
    const lambda = Number(own.lambda);
    const penalty = features.graph.constant(n * y.shape[2] * lambda, [1, 1, 1]);
    const head = ridgeHead({ features, targets: y, penalty, bias: true });
    const [weight, bias] = [stopGradient(head.weight), stopGradient(head.bias)];
    const norm = add(sum(square(weight), [1, 2]), sum(square(bias), [1, 2]));
    const losses = lossPerTask(dense(features, weight, bias), y);
    return { losses: add(losses, scale(reshape(norm, [tasks]), lambda)) };
  },
};
