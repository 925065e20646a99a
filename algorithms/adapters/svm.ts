import { Matrix } from "ml-matrix";
import type { HeadAdapter, HeadSolver, HeadTask } from "./adapter.ts";
import { products, requireFinite } from "./span.ts";

/** What is added to the diagonal of the kernel. */
const RIDGE = 1;

/** A sweep over the examples that changes nothing by more than this is the last. */
const TOLERANCE = 1e-14;
const MAX_SWEEPS = 10_000;

/** The nearest distribution to a row of numbers: max(v − τ, 0) with the τ that makes its sum 1. */
function nearestDistribution(row: readonly number[]): number[] {
  const falling = row.toSorted((a, b) => b - a);
  let [total, threshold] = [-1, 0];
  for (const [index, value] of falling.entries()) {
    total += value;
    if (value <= total / (index + 1)) break;
    threshold = total / (index + 1);
  }
  return row.map((value) => Math.max(value - threshold, 0));
}

/**
 * P of the machine A = C (Y − P), example by example: each row is solved for with the others held, until nothing changes. With K = ZZᵀ + I, the slope of row
 * i is Σ_j K_ij (P_j − Y_j) + Y_i / C.
 *
 * Source: Keerthi et al. 2008, "A sequential dual method for large scale multi-class linear SVMs", here with a quadratic penalty of every row.
 */
function distributions(kernel: Matrix, targets: Matrix, penalty: number): { found: Matrix; sweeps: number } {
  const { rows: n, columns: classes } = targets;
  const found = Matrix.zeros(n, classes).fill(1 / classes);
  const off = Matrix.sub(found, targets);
  for (let sweeps = 1;; sweeps++) {
    let change = 0;
    for (let i = 0; i < n; i++) {
      const own = kernel.get(i, i);
      const wanted = Array.from({ length: classes }, (_, m) => {
        let slope = targets.get(i, m) / penalty;
        for (let j = 0; j < n; j++) slope += kernel.get(i, j) * off.get(j, m);
        return found.get(i, m) - slope / own;
      });
      nearestDistribution(wanted).forEach((value, m) => {
        change = Math.max(change, Math.abs(value - found.get(i, m)));
        found.set(i, m, value);
        off.set(i, m, value - targets.get(i, m));
      });
    }
    if (change <= TOLERANCE || sweeps === MAX_SWEEPS) return { found, sweeps };
  }
}

/** Scores Z_q Zᵀ A of the multi-class machine, of which only the query's products depend on the query set. */
function svmSolver({ support, query, targets }: HeadTask): HeadSolver {
  requireFinite(support);
  const { gram, cross } = products(support, query);
  const kernel = Matrix.add(gram, Matrix.eye(support.rows).mul(RIDGE));
  return (penalty) => {
    const { found, sweeps } = distributions(kernel, targets, penalty);
    const [n, width, outputs] = [support.rows, support.columns, targets.columns];
    return {
      predictions: cross.mmul(Matrix.sub(targets, found).mul(penalty)),
      flops: 2 * n * n * width + sweeps * 2 * n * n * outputs + 2 * query.rows * n * (width + outputs),
    };
  };
}

/** The head solved as a multi-class support vector machine without a bias. */
export const svm: HeadAdapter = {
  name: "svm",
  title: "head solved (support vector machine)",
  short: "SVM head",
  summary: "the linear head solved as Crammer and Singer's multi-class support vector machine on frozen features",
  source:
    "Lee et al. 2019 (arXiv:1904.03758), section 3, and the authors' code, which raises the diagonal of the kernel by 1",
  supports: ["classification"],
  readsInnerSteps: false,
  changes: "head",
  startsFromHead: false,
  strength: "C",
  form: "head",
  candidates: [0.001, 0.01, 0.1, 1],
  solver: svmSolver,
};
