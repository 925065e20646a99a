/**
 * Solutions of symmetric positive definite systems, one for each task, composed of verified operations: every backend has them, and they are
 * differentiable twice.
 */
import type { Graph, Node } from "./graph.ts";
import {
  add,
  addRows,
  broadcastTo,
  div,
  matmul,
  mul,
  reshape,
  scale,
  stopGradient,
  sub,
  sum,
  takeRows,
  transpose,
} from "./ops.ts";

/** The identity matrix, [1, n, n]. */
export function identity(graph: Graph, n: number): Node {
  // Rows (1, 0, ..., 0) of length n + 1, read as rows of length n, are the identity over a row of zeros.
  const rows = broadcastTo(reshape(unit(graph, 0, n + 1), [1, 1, n + 1]), [1, n, n + 1]);
  const padded = reshape(rows, [1, n + 1, n]);
  return matmul(padded, padded, true);
}

/** 1 at place k of n, else 0: [n, 1]. */
function unit(graph: Graph, k: number, n: number): Node {
  return addRows(graph.constant(1, [1, 1]), graph.constant(k, [1]), n);
}

/**
 * A⁻¹B for symmetric positive definite matrices A.
 *
 * An approximate inverse R, held constant, is improved upon twice: Y ← Y + R (B − A Y). Each round makes up for rounding, and it makes one further
 * derivative of the result exact, since the error of Y is multiplied by I − R A, which vanishes where A is what R was computed of. Third derivatives
 * would be wrong.
 *
 * @param a [T, n, n]
 * @param b [T, n, m]
 * @returns [T, n, m]
 */
export function solve(a: Node, b: Node): Node {
  const inverse = approximateInverse(a);
  const improved = (y: Node) => add(y, matmul(inverse, sub(b, matmul(a, y))));
  return improved(improved(stopGradient(matmul(inverse, b))));
}

/**
 * A⁻¹ up to rounding, held constant by differentiation: [T, n, n].
 *
 * Gauss-Jordan elimination in place without row exchanges, which positive definite matrices do not need. Step k turns the row r, the column c and the
 * pivot d of place k into r / d, −c / d and 1 / d, and takes c r / d off everything else; all of that is A − (c − e_k)(r + e_k) / d. As A is symmetric,
 * c is r but for the sign of the places that have been through.
 */
function approximateInverse(a: Node): Node {
  const { graph, shape: [tasks, n] } = a;
  const fixed = stopGradient(a);
  const diagonal = mul(fixed, identity(graph, n));
  // Entries of about 1 keep the differences above exact.
  const size = scale(sum(diagonal, [1, 2]), 1 / n);
  let rest = transpose(div(fixed, size), [1, 0, 2]); // [n, T, n], so that a row of all tasks is one row of a table
  let signs = graph.constant(1, [n, 1, 1]);
  for (let k = 0; k < n; k++) {
    const place = graph.constant(k, [1]);
    const here = reshape(unit(graph, k, n), [n, 1, 1]);
    const row = takeRows(rest, place); // [1, T, n]
    const entries = transpose(row, [2, 1, 0]); // [n, T, 1]
    const pivot = takeRows(entries, place); // [1, T, 1]
    const left = sub(mul(entries, signs), here);
    const right = div(add(row, reshape(here, [1, 1, n])), pivot);
    rest = sub(rest, mul(left, right));
    signs = sub(signs, scale(here, 2));
  }
  return stopGradient(div(transpose(rest, [1, 0, 2]), reshape(size, [tasks, 1, 1])));
}

/** A + s I: A [T, n, n], s [1 | T, 1, 1]. */
export function shifted(a: Node, s: Node): Node {
  return add(a, mul(identity(a.graph, a.shape[1]), s));
}
