/** Linear heads solved by ridge regression inside a graph, so that training differentiates through the solution. */
import type { Node } from "../tensor/graph.ts";
import { div, matmul, maximum, offset, scale, square, sub, sum } from "../tensor/ops.ts";
import { shifted, solve } from "../tensor/solve.ts";
import type { LayerParams } from "../models/model.ts";

/**
 * The least penalty, relative to the mean squared norm of the features: with less, float32 cannot tell the solution from rounding.
 */
export const LEAST_PENALTY = 1e-6;

/** What a head is fitted to. */
export interface RidgeTask {
  /** Z: features of the support set, [T, n, D]. */
  readonly features: Node;
  /** Y, [T, n, outputs]. */
  readonly targets: Node;
  /** μ > 0, [1 | T, 1, 1]; raised to `LEAST_PENALTY` where it is below. */
  readonly penalty: Node;
  /** Whether there is a bias b, which is penalised like the weights. */
  readonly bias: boolean;
}

/**
 * argmin ‖Z W + 1 b − Y‖² + μ (‖W‖² + ‖b‖²) for every task: weight W [T, D, outputs], bias b [T, 1, outputs].
 *
 * With X = [Z 1] the solution is Xᵀ(XXᵀ + μI)⁻¹Y or, by Woodbury's identity, (XᵀX + μI)⁻¹XᵀY: the smaller system is solved.
 *
 * Source: Bertinetto et al. 2019 (arXiv:1805.08136), equations 4 and 6.
 */
export function ridgeHead(task: RidgeTask): LayerParams {
  const { features, bias } = task;
  const [, n, width] = features.shape;
  return n <= width + Number(bias) ? dualRidge(task) : primalRidge(task);
}

/** By n equations, one for each example. */
export function dualRidge(task: RidgeTask): LayerParams {
  const { features, targets, bias } = task;
  const products = matmul(features, features, false, true);
  const dual = solve(shifted(bias ? offset(products, 1) : products, penaltyOf(task)), targets); // [T, n, outputs]
  const total = sum(dual, [1]);
  return { weight: matmul(features, dual, true), bias: bias ? total : scale(total, 0) };
}

/** By D equations, one for each feature, with the bias eliminated from them. */
export function primalRidge(task: RidgeTask): LayerParams {
  const { features, targets, bias } = task;
  const [tasks, n] = features.shape;
  const penalty = penaltyOf(task);
  const [products, cross] = [matmul(features, features, true), matmul(features, targets, true)];
  if (!bias) {
    return {
      weight: solve(shifted(products, penalty), cross),
      bias: features.graph.constant(0, [tasks, 1, targets.shape[2]]),
    };
  }
  // (n + μ) b = 1ᵀY − 1ᵀZ W
  const count = offset(penalty, n);
  const [features1, targets1] = [sum(features, [1]), sum(targets, [1])]; // 1ᵀZ, 1ᵀY
  const centred = div(features1, count);
  const weight = solve(
    shifted(sub(products, matmul(centred, features1, true)), penalty),
    sub(cross, matmul(centred, targets1, true)),
  );
  return { weight, bias: div(sub(targets1, matmul(features1, weight)), count) };
}

/** μ, but no less than what float32 can work with: [T, 1, 1]. */
function penaltyOf({ features, penalty, bias }: RidgeTask): Node {
  const [, n] = features.shape;
  const squaredNorm = scale(sum(square(features), [1, 2]), 1 / n); // the mean over examples
  return maximum(penalty, scale(bias ? offset(squaredNorm, 1) : squaredNorm, LEAST_PENALTY));
}
