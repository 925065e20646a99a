/**
 * What tasks contribute to a tensor each, x [T, ...]: the norms of the contributions and their weighted sum, by the
 * cheaper of two ways.
 *
 * A task's gradient with respect to the weights of a layer is a sum of products G = Σ_k A_kᵀ B_k of the layer's inputs
 * with the loss gradients at its outputs. Where the weights are few, G is computed for every task. Where they are many
 * beside the rows of A_k and B_k, G never exists: its squared norm is Σ_kl Σ (A_k A_lᵀ) ∘ (B_k B_lᵀ), and the weighted
 * sum over tasks is one product over all tasks' rows.
 *
 * Source: Goodfellow 2015 (arXiv:1510.01799) for one row; Li et al. 2022, section 4 (arXiv:2110.05679) for several.
 */
import { isOp, type Node, type Shape, sizeOf } from "./graph.ts";
import * as op from "./ops.ts";
import { isTallProduct, termsOf } from "./terms.ts";

/** The contributions of T tasks to one tensor. */
export interface PerTask {
  /** The sum of the squares of each task's contribution: [T]. */
  readonly squaredNorms: Node;
  /**
   * w_t · x_t, or 0 where w_t is not positive, whatever x_t is: [T, ...].
   *
   * @param weights w, [T]
   */
  weighted(weights: Node): Node;
  /**
   * Σ_t w_t · x_t by the same rule: [1, ...]. Inputs of the program are taken to be finite.
   *
   * @param weights w, [T]
   */
  weightedSum(weights: Node): Node;
}

/** Numbers up to which a tensor stays in a processor's cache, where writing and reading it costs little. */
const CACHED = 2 ** 20;

/** How many floating-point operations take as long as writing one number to memory and reading it twice. */
const OPERATIONS_PER_NUMBER = 64;

/** A product of columns with columns per task, AᵀB: A [T, n, in], B [T, n, out]. */
interface Product {
  readonly a: Node;
  readonly b: Node;
}

/** The contributions x [T, ...] of T tasks. */
export function perTask(x: Node): PerTask {
  const products = sizeOf(x.shape) > CACHED ? productsOf(x) : undefined;
  return products !== undefined && isCheaperApart(products, x.shape) ? ofProducts(products) : ofTensor(x);
}

/** A tensor as a sum of products, as few as their factors allow; undefined if it is something else. */
function productsOf(x: Node): Product[] | undefined {
  const products: Product[] = [];
  for (const { coefficient, matrix } of termsOf(x)) {
    if (!isOp(matrix, "matmul") || !isTallProduct(matrix)) return undefined;
    const [a, b] = matrix.inputs;
    products.push({ a, b: op.scale(b, coefficient) });
  }
  return merged(merged(products, "a", "b"), "b", "a");
}

/** AᵀB + AᵀC = Aᵀ(B + C), and likewise for what has the same right factor. */
function merged(products: readonly Product[], same: keyof Product, added: keyof Product): Product[] {
  return [...Map.groupBy(products, (product) => product[same]).values()].map((group) => ({
    ...group[0],
    [added]: group.map((product) => product[added]).reduce(op.add),
  }));
}

/**
 * Whether products of rows with rows cost less than each task's tensor: those of a factor with itself are symmetric and
 * cost half.
 */
function isCheaperApart(products: readonly Product[], [, rows, columns]: Shape): boolean {
  const total = products.reduce((sum, { a }) => sum + a.shape[1], 0);
  return total ** 2 * (rows + columns + OPERATIONS_PER_NUMBER) < rows * columns * OPERATIONS_PER_NUMBER;
}

function ofTensor(x: Node): PerTask {
  const [tasks, ...rest] = x.shape;
  return {
    squaredNorms: op.reshape(op.sum(op.square(x), rest.map((_, axis) => axis + 1)), [tasks]),
    weighted: (weights) => weighted(x, weights),
    weightedSum: (weights) => op.sum(weighted(x, weights), [0]),
  };
}

function ofProducts(products: readonly Product[]): PerTask {
  const summed = (weights: Node, seen: (x: Node) => Node) =>
    products.map(({ a, b }) => op.matmul(seen(kept(a, weights)), seen(weighted(b, weights)), true, false)).reduce(
      op.add,
    );
  return {
    squaredNorms: squaredNorms(products),
    weighted: (weights) => summed(weights, (x) => x),
    weightedSum: (weights) => summed(weights, allRows),
  };
}

/** Σ_kl Σ (A_k A_lᵀ) ∘ (B_k B_lᵀ): [T]. Rounding may leave it a little below 0. */
function squaredNorms(products: readonly Product[]): Node {
  const parts = products.flatMap((one, k) =>
    products.slice(k).map((other, l) => {
      const grams = op.mul(op.matmul(one.a, other.a, false, true), op.matmul(one.b, other.b, false, true));
      return op.scale(op.sum(grams, [1, 2]), l === 0 ? 1 : 2);
    })
  );
  return op.reshape(parts.reduce(op.add), [products[0].a.shape[0]]);
}

function weighted(x: Node, weights: Node): Node {
  const fitting = fittedTo(x, weights);
  return op.mul(op.select(x, fitting), fitting);
}

/** x without the tasks of weight 0, unless it is data, which is finite. */
function kept(x: Node, weights: Node): Node {
  return isData(x) ? x : op.select(x, fittedTo(x, weights));
}

function isData(x: Node): boolean {
  return isOp(x, "reshape") || isOp(x, "stopGradient") ? isData(x.inputs[0]) : isOp(x, "input");
}

function fittedTo(x: Node, weights: Node): Node {
  return op.reshape(weights, x.shape.map((extent, axis) => axis === 0 ? extent : 1));
}

/** All tasks' rows as those of one. */
function allRows(x: Node): Node {
  const [tasks, rows, columns] = x.shape;
  return op.reshape(x, [1, tasks * rows, columns]);
}
