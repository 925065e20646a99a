import { Matrix } from "ml-matrix";
import type { HeadAdapter, HeadSolver, HeadTask } from "./adapter.ts";
import { LogisticProblem, minimise } from "./logistic_problem.ts";
import { factorise, products, solveUpper, spanFlops, unitRows } from "./span.ts";

/**
 * Multinomial logistic regression, argmin ½‖W‖² + C Σ_i CE(softmax(x_i W + b), y_i) on unit-length features, with the bias b free. The strength is C,
 * the inverse of the regularisation; predictions are logits.
 *
 * @throws RangeError when a feature is not finite
 */
export function logisticHead(task: HeadTask): HeadSolver {
  const [x, q] = [unitRows(task.support), unitRows(task.query)];
  // W = Xᵀ L⁻ᵀ A with XXᵀ = LLᵀ turns the problem into one on the rows of L with ‖W‖ = ‖A‖.
  const { gram, cross } = products(x, q);
  const lower = factorise(gram, 1e-10 * Math.max(gram.trace() / x.rows, 1e-12)).lowerTriangularMatrix;
  const [n, classes] = [x.rows, task.targets.columns];
  const flops = 3 * (n + q.rows) * x.columns + spanFlops(n, q.rows, x.columns, classes) + n * n * classes;
  return (c) => {
    const problem = new LogisticProblem(lower, task.targets, c);
    const solution = minimise(problem);
    const a = Matrix.from1DArray(n, classes, Array.from(solution.subarray(0, n * classes)));
    const logits = cross.mmul(solveUpper(lower, a));
    return {
      predictions: logits.addRowVector(Array.from(solution.subarray(n * classes))),
      flops: flops + 2 * problem.products * n * n * classes,
    };
  };
}

/** The head solved by logistic regression on the frozen, unit-length features. */
export const logistic: HeadAdapter = {
  name: "logistic",
  title: "head solved (logistic)",
  short: "logistic head",
  summary: "the linear head solved by L2-regularised logistic regression on frozen features of length 1",
  source: "Wang, Zhao & Li 2021 (arXiv:2106.09017), whose code fine-tunes such a head with C = 3",
  supports: ["classification"],
  readsInnerSteps: false,
  changes: "head",
  startsFromHead: false,
  strength: "C, the inverse of the regularisation",
  form: "head",
  candidates: [0.3, 1, 3, 10, 30],
  solver: logisticHead,
};
