import { Matrix } from "ml-matrix";
import type { HeadAdapter, HeadSolution, HeadTask } from "./adapter.ts";
import { requireFinite } from "./span.ts";

/** Class means of the support features, one row per class: [N, D]. */
export function classMeans({ support, targets }: Pick<HeadTask, "support" | "targets">): Matrix {
  const sums = targets.transpose().mmul(support);
  return sums.divColumnVector(targets.sum("column").map((count) => Math.max(1, count)));
}

/**
 * Logits −‖f(x) − c_k‖², the squared Euclidean distances to the class means c_k.
 *
 * @throws RangeError when a feature is not finite
 */
export function prototypeHead(task: HeadTask): HeadSolution {
  requireFinite(task.support);
  const means = classMeans(task);
  const { query } = task;
  const cross = query.mmul(means.transpose());
  const square = (matrix: Matrix) => Matrix.mul(matrix, matrix).sum("row");
  const [own, others] = [square(query), square(means)];
  const predictions = cross.mul(2).subColumnVector(own).subRowVector(others);
  return { predictions, flops: prototypeFlops(task) };
}

/** Operations of the means, the distances and the lengths of rows. */
export function prototypeFlops({ support, query, targets }: HeadTask): number {
  return 2 * (support.rows + query.rows) * targets.columns * support.columns +
    3 * (support.rows + query.rows) * support.columns;
}

/** What adapters by class means have in common. */
export const BY_PROTOTYPES = {
  supports: ["classification"],
  readsInnerSteps: false,
  changes: "head",
  startsFromHead: false,
  strength: "",
  form: "head",
  candidates: [1],
} as const;

/** Nearest class mean in squared Euclidean distance. */
export const prototypes: HeadAdapter = {
  ...BY_PROTOTYPES,
  name: "prototypes",
  title: "class prototypes",
  short: "prototypes",
  summary: "nearest class mean of the frozen features, squared Euclidean distance",
  source: "Snell et al. 2017 (arXiv:1703.05175), equations 1 and 2",
  solver: (task) => once(prototypeHead(task)),
};

/** There is nothing to choose: one solution for every strength. */
export function once(solution: HeadSolution): () => HeadSolution {
  return () => solution;
}
