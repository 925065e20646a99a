/**
 * Algebraic simplification of a graph before it is compiled: the same values, up to float32 rounding, for less work.
 *
 * What matters to meta-learning is that a task's adapted weight W − α Σ_s H_sᵀ D_s is a shared matrix plus products of low rank (H_s: the layer's
 * inputs on the support set, D_s: the loss gradients at its outputs), and that gradients with respect to it are such products too. Multiplying with
 * the terms one by one keeps the shared product one large matrix product over all tasks, and the per-task matrices never exist.
 */
import { Graph, isOp, type Node, type NodeOf, reachable } from "./graph.ts";
import * as op from "./ops.ts";
import { isTallProduct, rankOf, type Term, termsOf } from "./terms.ts";

/** Terms are multiplied one by one when (sum of ranks) · (rows + columns) stays below this share of rows · columns. */
const LOW_RANK_SHARE = 0.5;

/** Rows per task from which multiplying anew costs more than reading the per-task products once more to sum them. */
const ROWS_WORTH_A_SUM = 8;

/**
 * Rebuilds everything that `roots` need in a new graph, in two passes: the second sees which products the first left in use.
 *
 * @returns the new node for every root's id
 */
export function simplify(roots: readonly Node[]): ReadonlyMap<number, Node> {
  const first = rebuildAll(roots, rebuild);
  const taken = roots.map((root) => first.get(root.id) as Node);
  const known = perTaskProducts(reachable(taken));
  const second = rebuildAll(taken, (graph, node, inputs, built) => {
    return sumOfKnown(node, known, built) ?? outerProduct(node, inputs) ??
      graph.node(node.op, inputs, node.shape, node.attributes);
  });
  return new Map(roots.map((root, index) => [root.id, second.get(taken[index].id) as Node]));
}

/** Builds everything that `roots` need anew, operands first: the new node for every old node's id. */
function rebuildAll(
  roots: readonly Node[],
  build: (graph: Graph, node: Node, inputs: readonly Node[], built: ReadonlyMap<number, Node>) => Node,
): ReadonlyMap<number, Node> {
  const graph = new Graph();
  const built = new Map<number, Node>();
  for (const node of reachable(roots)) {
    const inputs = node.inputs.map((input) => built.get(input.id) as Node);
    built.set(node.id, build(graph, node, inputs, built));
  }
  return built;
}

function rebuild(graph: Graph, node: Node, inputs: readonly Node[]): Node {
  if (isOp(node, "stopGradient")) return inputs[0];
  if (isOp(node, "matmul")) {
    return product(inputs[0], inputs[1], node.attributes.transposeA, node.attributes.transposeB);
  }
  if (isOp(node, "sum") && node.attributes.axes.length === 1 && node.attributes.axes[0] === 0) {
    return sumOverTasks(inputs[0]);
  }
  if (isOp(node, "scale")) return op.scale(inputs[0], node.attributes.factor);
  return graph.node(node.op, inputs, node.shape, node.attributes);
}

function isShared(matrix: Node): boolean {
  return isOp(matrix, "broadcast") && matrix.inputs[0].shape[0] === 1 &&
    matrix.inputs[0].shape.every((extent, axis) => axis === 0 || extent === matrix.shape[axis]);
}

/** Whether multiplying with the terms one by one beats building their sum. */
function separable(terms: readonly Term[], rows: number, columns: number): boolean {
  let rank = 0;
  for (const { matrix } of terms) {
    if (isOp(matrix, "matmul")) rank += rankOf(matrix);
    else if (!isShared(matrix)) return false;
  }
  return rank * (rows + columns) < LOW_RANK_SHARE * rows * columns;
}

/** op(a) op(b), with the right operand taken apart where that is cheaper. */
function product(a: Node, b: Node, transposeA: boolean, transposeB: boolean): Node {
  const terms = termsOf(b);
  if (!separable(terms, b.shape[1], b.shape[2])) return op.matmul(a, b, transposeA, transposeB);
  return terms
    .map(({ coefficient, matrix }) => op.scale(timesTerm(a, matrix, transposeA, transposeB), coefficient))
    .reduce(op.add);
}

function timesTerm(a: Node, matrix: Node, transposeA: boolean, transposeB: boolean): Node {
  if (isOp(matrix, "matmul")) {
    const [left, right] = matrix.inputs;
    const { transposeA: leftT, transposeB: rightT } = matrix.attributes;
    // (L R)ᵀ = Rᵀ Lᵀ
    return transposeB
      ? op.matmul(product(a, right, transposeA, !rightT), left, false, !leftT)
      : op.matmul(product(a, left, transposeA, leftT), right, false, rightT);
  }
  if (transposeA || a.shape[0] === 1) return op.matmul(a, matrix, transposeA, transposeB);
  const [tasks, rows, depth] = a.shape; // one flat product over all tasks' rows
  const flat = op.matmul(op.reshape(a, [1, tasks * rows, depth]), matrix.inputs[0], false, transposeB);
  return op.reshape(flat, [tasks, rows, flat.shape[2]]);
}

/** Σ over the leading axis; of products Σ_t A_tᵀ B_t it is one product over all tasks' rows. */
function sumOverTasks(x: Node): Node {
  return termsOf(x)
    .map(({ coefficient, matrix }) => op.scale(sumOfTerm(matrix), coefficient))
    .reduce(op.add);
}

function sumOfTerm(matrix: Node): Node {
  if (isOp(matrix, "matmul") && matrix.attributes.transposeA && !matrix.attributes.transposeB) {
    const [tall, wide] = matrix.inputs.map((x) => op.reshape(x, [1, x.shape[0] * x.shape[1], x.shape[2]]));
    return op.matmul(tall, wide, true, false);
  }
  if (isShared(matrix)) return op.scale(matrix.inputs[0], matrix.shape[0]);
  return op.sum(matrix, [0]);
}

/** Per-task products A_tᵀ B_t of a graph that are worth summing, by the operands that A and B are reshaped from. */
function perTaskProducts(nodes: readonly Node[]): ReadonlyMap<string, NodeOf<"matmul">> {
  const products = nodes.filter((node) => isOp(node, "matmul")).filter((node) =>
    isTallProduct(node) && node.shape[0] > 1 && rankOf(node) >= ROWS_WORTH_A_SUM
  );
  return new Map(products.map((node) => [sourcesOf(node).map(({ id }) => id).join(), node]));
}

function sourcesOf({ inputs }: NodeOf<"matmul">): Node[] {
  return inputs.map((input) => isOp(input, "reshape") ? input.inputs[0] : input);
}

/** Σ_t A_tᵀ B_t as one product over all tasks' rows repeats the work of the A_tᵀ B_t where those are needed too: then it is their sum. */
function sumOfKnown(
  node: Node,
  known: ReadonlyMap<string, NodeOf<"matmul">>,
  built: ReadonlyMap<number, Node>,
): Node | undefined {
  if (!isOp(node, "matmul") || !isTallProduct(node) || node.shape[0] !== 1) return undefined;
  const sources = sourcesOf(node);
  const parts = known.get(sources.map(({ id }) => id).join());
  if (parts === undefined || parts.shape[1] !== node.shape[1] || parts.shape[2] !== node.shape[2]) return undefined;
  const [tall, wide] = sources.map((source, operand) =>
    op.reshape(built.get(source.id) as Node, parts.inputs[operand].shape)
  );
  return op.sum(op.matmul(tall, wide, true, false), [0]);
}

/** A product of columns with rows is elementwise, and may join what comes before and after it. */
function outerProduct(node: Node, inputs: readonly Node[]): Node | undefined {
  if (!isOp(node, "matmul") || rankOf(node) !== 1) return undefined;
  const [tasks, rows, columns] = node.shape;
  return op.mul(op.reshape(inputs[0], [tasks, rows, 1]), op.reshape(inputs[1], [tasks, 1, columns]));
}
