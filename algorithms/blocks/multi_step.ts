/** An outer loss that has a part after every inner step. */
import type { Node } from "../tensor/graph.ts";
import { add, maximum, minimum, mul, neg, offset, scale, step } from "../tensor/ops.ts";

/** Least weight of a step on the way, as a share of 1 / S. */
const LEAST = 0.03;

/**
 * The weights v_1, ..., v_S, [1] each, with t = progress / share: before t = 1, (1 − t) / S but at least 0.03 / S for the steps on the way, and what makes the
 * sum 1 for the last one; from t = 1 on, 0 and 1.
 *
 * @param progress share of the training that is behind, [1]
 * @param steps S
 *
 * Source: the authors' code of Antoniou et al. 2019 (arXiv:1810.09502), equation 2.
 */
export function multiStepWeights(progress: Node, steps: number, share: number): Node[] {
  const rest = offset(scale(progress, -1 / share), 1); // 1 − t
  const active = step(rest);
  const constant = (value: number) => progress.graph.constant(value, [1]);
  const early = mul(active, maximum(scale(rest, 1 / steps), constant(LEAST / steps)));
  // 1 / S + t (S − 1) / S = 1 − (1 − t) (S − 1) / S
  const growing = offset(scale(rest, -(steps - 1) / steps), 1);
  const last = minimum(growing, constant(1 - (steps - 1) * LEAST / steps));
  const late = add(mul(active, last), offset(neg(active), 1));
  return Array.from({ length: steps }, (_, index) => index < steps - 1 ? early : late);
}
