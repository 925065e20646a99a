/** Batches of matrices as linear combinations, of products above all. */
import { isOp, type Node, type NodeOf } from "./graph.ts";
import * as op from "./ops.ts";

/** coefficient · matrix, where a matrix is a product, a shared matrix or anything else. */
export interface Term {
  readonly coefficient: number;
  readonly matrix: Node;
}

/** A batch of matrices as a linear combination. */
export function termsOf(node: Node, coefficient = 1): Term[] {
  if (isOp(node, "scale")) return termsOf(node.inputs[0], coefficient * node.attributes.factor);
  if (isOp(node, "add") || isOp(node, "sub")) {
    const [left, right] = node.inputs.map((input) => op.broadcastTo(input, node.shape));
    return [...termsOf(left, coefficient), ...termsOf(right, isOp(node, "sub") ? -coefficient : coefficient)];
  }
  return [{ coefficient, matrix: node }];
}

/** The extent that a product sums over. */
export function rankOf({ inputs: [left], attributes }: NodeOf<"matmul">): number {
  return left.shape[attributes.transposeA ? 1 : 2];
}

/** Whether a product is one of columns with columns, AᵀB: the form that gradients with respect to weights have. */
export function isTallProduct({ attributes }: NodeOf<"matmul">): boolean {
  return attributes.transposeA && !attributes.transposeB;
}
