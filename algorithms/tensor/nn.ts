/**
 * The building blocks of few-shot models, composed of verified operations. Every tensor carries a leading task axis T; a parameter with leading axis 1 is
 * shared by all tasks, one with leading axis T is task-specific.
 */
import type { Node } from "./graph.ts";
import {
  add,
  div,
  exp,
  im2col,
  log,
  matmul,
  maxLast,
  mean,
  mul,
  neg,
  offset,
  reshape,
  samePadded,
  scale,
  sqrt,
  square,
  stopGradient,
  sub,
  sum,
} from "./ops.ts";

/** Added to variances before the square root, as in Ioffe & Szegedy (2015). */
export const NORM_EPSILON = 1e-3;

/** x W + b: x [T, n, in], weight [1 | T, in, out], bias [1 | T, 1, out] if there is one -> [T, n, out]. */
export function dense(x: Node, weight: Node, bias?: Node): Node {
  const product = matmul(x, weight);
  return bias === undefined ? product : add(product, bias);
}

/**
 * Strided 2-D convolution with SAME padding: x [T, n, H, W, C], weight [1 | T, k·k·C, F], bias [1 | T, 1, F] -> [T, n, H', W', F].
 * The rows of the weight are ordered (ky, kx, channel).
 */
export function conv2d(x: Node, weight: Node, bias: Node | undefined, kernel: number, stride: number): Node {
  const [tasks, examples, height, width, channels] = x.shape;
  const [rows, columns] = [samePadded(height, stride), samePadded(width, stride)];
  const patches = im2col(reshape(x, [tasks * examples, height, width, channels]), kernel, stride);
  const flat = reshape(patches, [tasks, examples * rows * columns, kernel * kernel * channels]);
  return reshape(dense(flat, weight, bias), [tasks, examples, rows, columns, weight.shape[2]]);
}

/** What a normalisation takes off and divides by: mean and variance, each broadcasting against [T, n, F]. */
export interface Moments {
  readonly mean: Node;
  readonly variance: Node;
}

/** Mean and variance (the biased one) of x [T, n, F] over some axes, which stay with size 1. */
export function momentsOver(x: Node, axes: readonly number[]): Moments {
  const centre = mean(x, axes);
  return { mean: centre, variance: mean(square(sub(x, centre)), axes) };
}

/**
 * Batch normalisation of x [T, n, F]: γ (x − mean) / √(variance + ε) + β. By default each task's examples are normalised by their own statistics; then
 * predictions on a query set are transductive, since they depend on its other members.
 *
 * Source: Ioffe & Szegedy 2015, Algorithms 1 and 2.
 */
export function batchNorm(x: Node, gamma: Node, beta: Node, moments: Moments = momentsOver(x, [1])): Node {
  return affine(standardise(x, moments), gamma, beta);
}

/** Layer normalisation: x [T, n, F] is normalised over F. Source: Ba, Kiros & Hinton 2016, equation 3. */
export function layerNorm(x: Node, gamma: Node, beta: Node): Node {
  return affine(standardise(x, momentsOver(x, [2])), gamma, beta);
}

function standardise(x: Node, { mean, variance }: Moments): Node {
  return div(sub(x, mean), sqrt(offset(variance, NORM_EPSILON)));
}

function affine(x: Node, gamma: Node, beta: Node): Node {
  return add(mul(x, gamma), beta);
}

/** log softmax over the last axis; the row maximum is subtracted as a constant, which leaves every derivative exact. */
export function logSoftmax(logits: Node): Node {
  const shifted = sub(logits, stopGradient(maxLast(logits)));
  return sub(shifted, log(sum(exp(shifted), [logits.shape.length - 1])));
}

/** Mean cross-entropy per task, in nats: logits [T, n, N], one-hot targets [T, n, N] -> [T]. */
export function crossEntropyPerTask(logits: Node, targets: Node): Node {
  const [tasks, examples] = logits.shape;
  return reshape(scale(neg(sum(mul(targets, logSoftmax(logits)), [1, 2])), 1 / examples), [tasks]);
}

/** Mean squared error per task: predictions and targets [T, n, outputs] -> [T]. */
export function squaredErrorPerTask(predictions: Node, targets: Node): Node {
  return reshape(mean(square(sub(predictions, targets)), [1, 2]), [predictions.shape[0]]);
}
