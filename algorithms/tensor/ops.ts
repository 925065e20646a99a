/**
 * The operations that models and algorithms are written in. Each checks its operands' shapes and builds primitives; all are differentiable
 * to any order unless they say otherwise, and all are verified against float64 central differences on every backend.
 */
import { isOp, type Node, NONE, sameShape, type Shape, sizeOf } from "./graph.ts";
import { pooled } from "./pools.ts";

type UnaryName = "exp" | "log" | "sqrt" | "tanh" | "relu" | "step" | "stopGradient";
type BinaryName = "add" | "sub" | "mul" | "div" | "maximum" | "minimum" | "select";

function fail(op: string, reason: string): never {
  throw new Error(`internal: ${op}: ${reason}`);
}

function show(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

function unary(op: UnaryName, x: Node): Node {
  return x.graph.node(op, [x], x.shape, NONE);
}

/** The shape that two shapes broadcast to: right-aligned, axes of size 1 repeat. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const extentA = a[axis - rank + a.length] ?? 1;
    const extentB = b[axis - rank + b.length] ?? 1;
    if (extentA !== extentB && extentA !== 1 && extentB !== 1) fail("broadcast", `${show(a)} does not fit ${show(b)}`);
    return extentA === 1 ? extentB : extentA;
  });
}

/** Brings both operands to one rank, so that primitives only ever see equal ranks. */
function binary(op: BinaryName, a: Node, b: Node): Node {
  const shape = broadcastShape(a.shape, b.shape);
  const align = (x: Node) =>
    x.shape.length === shape.length
      ? x
      : reshape(x, [...Array<number>(shape.length - x.shape.length).fill(1), ...x.shape]);
  return a.graph.node(op, [align(a), align(b)], shape, NONE);
}

/** e^x */
export const exp = (x: Node): Node => unary("exp", x);
/** Natural logarithm. */
export const log = (x: Node): Node => unary("log", x);
/** √x */
export const sqrt = (x: Node): Node => unary("sqrt", x);
/** Hyperbolic tangent. */
export const tanh = (x: Node): Node => unary("tanh", x);
/** max(x, 0), with derivative 0 at 0. */
export const relu = (x: Node): Node => unary("relu", x);
/** 1 where x > 0, else 0; derivative 0. */
export const step = (x: Node): Node => unary("step", x);
/** x, held constant by differentiation. */
export const stopGradient = (x: Node): Node => unary("stopGradient", x);

/** a + b, broadcasting. */
export const add = (a: Node, b: Node): Node => binary("add", a, b);
/** a − b, broadcasting. */
export const sub = (a: Node, b: Node): Node => binary("sub", a, b);
/** a ÷ b, broadcasting. */
export const div = (a: Node, b: Node): Node => binary("div", a, b);
/** The larger of a and b, broadcasting; where equal, the derivative goes to b. */
export const maximum = (a: Node, b: Node): Node => binary("maximum", a, b);
/** The smaller of a and b, broadcasting; where equal, the derivative goes to b. */
export const minimum = (a: Node, b: Node): Node => binary("minimum", a, b);
/**
 * x where the condition is > 0, else 0, broadcasting; the condition is held constant by differentiation. A product with
 * 0 or 1 would keep what is not finite, since 0 · ∞ is not a number; this drops it.
 */
export const select = (x: Node, condition: Node): Node => binary("select", x, condition);

/** a · b elementwise, broadcasting. */
export function mul(a: Node, b: Node): Node {
  const shape = broadcastShape(a.shape, b.shape);
  if (isOp(a, "constant") && sameShape(b.shape, shape)) return scale(b, a.attributes.value);
  if (isOp(b, "constant") && sameShape(a.shape, shape)) return scale(a, b.attributes.value);
  return binary("mul", a, b);
}

/** x · factor */
export function scale(x: Node, factor: number): Node {
  if (factor === 1) return x;
  if (isOp(x, "constant")) return x.graph.constant(x.attributes.value * factor, x.shape);
  if (isOp(x, "scale")) return scale(x.inputs[0], x.attributes.factor * factor);
  return x.graph.node("scale", [x], x.shape, { factor });
}

/** x + addend */
export function offset(x: Node, addend: number): Node {
  return addend === 0 ? x : x.graph.node("offset", [x], x.shape, { addend });
}

/** −x */
export const neg = (x: Node): Node => scale(x, -1);
/** x² */
export const square = (x: Node): Node => mul(x, x);

/** x limited to [low, high]; the derivative is 1 inside and 0 outside. */
export function clip(x: Node, low: number, high: number): Node {
  return minimum(maximum(x, x.graph.constant(low, x.shape)), x.graph.constant(high, x.shape));
}

/** Sum over axes, which stay with size 1. */
export function sum(x: Node, axes: readonly number[]): Node {
  const summed = [...new Set(axes)].sort((a, b) => a - b);
  if (summed.some((axis) => axis < 0 || axis >= x.shape.length)) fail("sum", `axes ${axes} of ${show(x.shape)}`);
  const real = summed.filter((axis) => x.shape[axis] !== 1);
  if (real.length === 0) return x;
  return x.graph.node("sum", [x], x.shape.map((extent, axis) => real.includes(axis) ? 1 : extent), { axes: real });
}

/** Mean over axes, which stay with size 1. */
export function mean(x: Node, axes: readonly number[]): Node {
  return scale(sum(x, axes), 1 / axes.reduce((count, axis) => count * x.shape[axis], 1));
}

/** Sum of all elements, as a scalar of shape []. */
export function sumAll(x: Node): Node {
  return reshape(sum(x, x.shape.map((_, axis) => axis)), []);
}

/** Mean of all elements, as a scalar of shape []. */
export function meanAll(x: Node): Node {
  return scale(sumAll(x), 1 / sizeOf(x.shape));
}

/** Maximum along the last axis (kept with size 1), held constant by differentiation. */
export function maxLast(x: Node): Node {
  return x.graph.node("maxLast", [x], [...x.shape.slice(0, -1), 1], NONE);
}

/**
 * Batched matrix product: [B, m, k] x [B, k, n] -> [B, m, n]; `transposeA` reads a as [B, k, m], `transposeB` reads b as [B, n, k].
 * An operand with batch 1 is used for every batch.
 */
export function matmul(a: Node, b: Node, transposeA = false, transposeB = false): Node {
  if (a.shape.length !== 3 || b.shape.length !== 3) fail("matmul", `ranks of ${show(a.shape)} x ${show(b.shape)}`);
  const batch = Math.max(a.shape[0], b.shape[0]);
  const [left, right] = [
    broadcastTo(a, [batch, a.shape[1], a.shape[2]]),
    broadcastTo(b, [batch, b.shape[1], b.shape[2]]),
  ];
  const [m, k] = transposeA ? [a.shape[2], a.shape[1]] : [a.shape[1], a.shape[2]];
  const [kB, n] = transposeB ? [b.shape[2], b.shape[1]] : [b.shape[1], b.shape[2]];
  if (k !== kB) fail("matmul", `${show(a.shape)}${transposeA ? "ᵀ" : ""} x ${show(b.shape)}${transposeB ? "ᵀ" : ""}`);
  return a.graph.node("matmul", [left, right], [batch, m, n], { transposeA, transposeB });
}

/** The same elements in another shape. */
export function reshape(x: Node, shape: Shape): Node {
  if (sizeOf(shape) !== sizeOf(x.shape)) fail("reshape", `${show(x.shape)} to ${show(shape)}`);
  const source = isOp(x, "reshape") ? x.inputs[0] : x;
  if (sameShape(source.shape, shape)) return source;
  if (isOp(source, "constant")) return x.graph.constant(source.attributes.value, shape);
  return x.graph.node("reshape", [source], shape, NONE);
}

/** Axes in another order: result axis i is x's axis perm[i]. */
export function transpose(x: Node, perm: readonly number[]): Node {
  if (perm.every((from, to) => from === to)) return x;
  return x.graph.node("transpose", [x], perm.map((axis) => x.shape[axis]), { perm });
}

/** Repeats axes of size 1 up to `shape`, which has x's rank. */
export function broadcastTo(x: Node, shape: Shape): Node {
  if (sameShape(x.shape, shape)) return x;
  if (x.shape.length !== shape.length || x.shape.some((extent, axis) => extent !== 1 && extent !== shape[axis])) {
    fail("broadcastTo", `${show(x.shape)} to ${show(shape)}`);
  }
  if (isOp(x, "constant")) return x.graph.constant(x.attributes.value, shape);
  return x.graph.node("broadcast", [x], shape, NONE);
}

/** The adjoint of broadcasting: sums x down to `shape`, which has x's rank. */
export function sumTo(x: Node, shape: Shape): Node {
  return sum(x, shape.flatMap((extent, axis) => extent === 1 && x.shape[axis] !== 1 ? [axis] : []));
}

/** Output extent of a SAME-padded, strided window: ⌈extent / stride⌉. */
export function samePadded(extent: number, stride: number): number {
  return Math.ceil(extent / stride);
}

/** [B, H, W, C] -> [B, H', W', k·k·C]: patches of a k x k window, stride s, zero padding as TensorFlow's SAME. */
export function im2col(x: Node, kernel: number, stride: number): Node {
  if (x.shape.length !== 4) fail("im2col", `rank of ${show(x.shape)}`);
  const [batch, height, width, channels] = x.shape;
  const shape = [batch, samePadded(height, stride), samePadded(width, stride), kernel * kernel * channels];
  return x.graph.node("im2col", [x], shape, { kernel, stride, height, width });
}

/** The adjoint of `im2col`: [B, H', W', k·k·C] -> [B, H, W, C]. */
export function col2im(x: Node, kernel: number, stride: number, height: number, width: number): Node {
  if (x.shape.length !== 4 || x.shape[3] % (kernel * kernel) !== 0) fail("col2im", `shape ${show(x.shape)}`);
  const shape = [x.shape[0], height, width, x.shape[3] / (kernel * kernel)];
  return x.graph.node("col2im", [x], shape, { kernel, stride, height, width });
}

/**
 * Maximum over k x k windows that lie side by side, without padding: [B, H, W, C] -> [B, H', W', C]. Its derivative goes to the first of the largest
 * elements of each window.
 */
export function maxPool(x: Node, window: number): Node {
  return takeMax(x, x, window);
}

/** Of every k x k window of `values`, the element where `keys`, of the same shape, are largest; the keys are held constant by differentiation. */
export function takeMax(values: Node, keys: Node, window: number): Node {
  const [batch, height, width, channels] = keys.shape;
  const [rows, columns] = [pooled(height, window), pooled(width, window)];
  if (keys.shape.length !== 4 || rows === 0 || columns === 0 || !sameShape(values.shape, keys.shape)) {
    fail("takeMax", `windows of ${window} on ${show(values.shape)} by ${show(keys.shape)}`);
  }
  return keys.graph.node("takeMax", [values, keys], [batch, rows, columns, channels], { window, height, width });
}

/** The adjoint of `takeMax`: x [B, H', W', C] put where `keys` [B, H, W, C] are largest in their windows, and zeros elsewhere. */
export function putMax(x: Node, keys: Node, window: number): Node {
  const [batch, height, width, channels] = keys.shape;
  const taken = [batch, pooled(height, window), pooled(width, window), channels];
  if (keys.shape.length !== 4 || !sameShape(x.shape, taken)) {
    fail("putMax", `${show(x.shape)} into windows of ${window} on ${show(keys.shape)}`);
  }
  return keys.graph.node("putMax", [x, keys], keys.shape, { window, height, width });
}

/** Rows of `table` [P, ...] at `indices` [T], which may repeat -> [T, ...]. */
export function takeRows(table: Node, indices: Node): Node {
  if (indices.shape.length !== 1) fail("takeRows", `indices of shape ${show(indices.shape)}`);
  return table.graph.node("takeRows", [table, indices], [indices.shape[0], ...table.shape.slice(1)], NONE);
}

/** The adjoint of `takeRows`: a table of `size` rows, each the sum of the rows of `x` [T, ...] whose index [T] names it -> [size, ...]. */
export function addRows(x: Node, indices: Node, size: number): Node {
  if (indices.shape.length !== 1 || indices.shape[0] !== x.shape[0]) {
    fail("addRows", `rows of ${show(x.shape)} at indices of shape ${show(indices.shape)}`);
  }
  return x.graph.node("addRows", [x, indices], [size, ...x.shape.slice(1)], NONE);
}

/** Zeros shaped like x. */
export function zerosLike(x: Node): Node {
  return x.graph.constant(0, x.shape);
}
