/** Heads that are made of classes: means of features, and rows of one table. */
import type { Node } from "../tensor/graph.ts";
import { div, matmul, offset, reshape, scale, sqrt, square, sub, sum, takeRows, transpose } from "../tensor/ops.ts";

/** Keeps lengths from being zero. */
const TINY = 1e-12;

/**
 * Logits −‖f(q) − c_k‖², squared Euclidean distances to the class means c_k of the support features.
 *
 * @param support features [T, n, D]
 * @param targets one-hot labels of the support set, [T, n, N], of equally many examples per class
 * @param query features [T, m, D]
 * @returns [T, m, N]
 *
 * Source: Snell et al. 2017 (arXiv:1703.05175), equations 1 and 2.
 */
export function prototypeLogits(support: Node, targets: Node, query: Node): Node {
  const perClass = reshape(sum(targets, [1]), [targets.shape[0], targets.shape[2], 1]);
  const means = div(matmul(targets, support, true), perClass); // [T, N, D]
  const cross = matmul(query, means, false, true);
  const squares = (x: Node) => sum(square(x), [2]);
  const others = transpose(squares(means), [0, 2, 1]); // [T, 1, N]
  return sub(sub(scale(cross, 2), squares(query)), others);
}

/** Rows scaled to length 1: [T, n, D]. */
export function unitLength(x: Node): Node {
  return div(x, sqrt(offset(sum(square(x), [x.shape.length - 1]), TINY)));
}

/**
 * Logits of the classes of each task: the rows of one table that the tasks' labels name.
 *
 * @param features [T, n, D]
 * @param table one row per training class, [C, D]
 * @param classes ids of the tasks' classes, [T · N], task by task
 * @returns [T, n, N]
 */
export function rowLogits(features: Node, table: Node, classes: Node): Node {
  const tasks = features.shape[0];
  const rows = reshape(takeRows(table, classes), [tasks, classes.shape[0] / tasks, table.shape[1]]);
  return matmul(features, rows, false, true);
}

/** Logits of all classes: features [T, n, D], table [C, D] -> [T, n, C]. */
export function allRowLogits(features: Node, table: Node): Node {
  return matmul(features, reshape(table, [1, ...table.shape]), false, true);
}
