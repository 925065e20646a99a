import type { HeadAdapter, HeadSolver, HeadTask } from "./adapter.ts";
import { factorise, products, spanFlops } from "./span.ts";

/**
 * Ridge regression with a bias that is regularised like the weights (a constant feature is appended): argmin ‖XW − Y‖² + λ‖W‖². The strength is λ
 * relative to the mean squared norm of the support features.
 *
 * @throws RangeError when a feature is not finite
 */
export function ridgeHead(task: HeadTask): HeadSolver {
  const { support, query } = task;
  const { gram, cross } = products(support, query);
  // The constant feature's share of every product.
  gram.add(1);
  cross.add(1);
  const [n, outputs] = [support.rows, task.targets.columns];
  const flops = spanFlops(n, query.rows, support.columns + 1, outputs) + 2 * n * n * outputs;
  return (strength) => {
    const dual = factorise(gram, strength * gram.trace() / n).solve(task.targets);
    return { predictions: cross.mmul(dual), flops };
  };
}

/** The head solved by ridge regression on the frozen features. */
export const ridge: HeadAdapter = {
  name: "ridge",
  title: "head solved (ridge)",
  short: "ridge head",
  summary: "the linear head solved by ridge regression on frozen features",
  source: "ridge heads as in Bertinetto et al. 2019 (arXiv:1805.08136), section 3, outside training",
  supports: ["regression"],
  readsInnerSteps: false,
  changes: "head",
  startsFromHead: false,
  strength: "λ relative to the mean squared norm of the features",
  form: "head",
  candidates: [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1],
  solver: ridgeHead,
};
