/**
 * Calibration of a classifier: whether it is right as often as it is sure. A query's probabilities are the softmax of its logits, its confidence is the largest
 * of them.
 *
 * Source: Guo et al. 2017, section 2 (arXiv:1706.04599): M bins of equal width, I_m = ((m - 1) / M, m / M], and ECE = Σ_m |B_m| / n |acc(B_m) - conf(B_m)|, in
 * equations 2 and 3.
 */

/** M, as Guo et al. have it. */
export const BINS = 15;

/** Queries whose confidence lies in one bin: how many, the sum of their confidences, and how many of them are right. */
export type Bin = readonly [queries: number, confidence: number, right: number];

/** What a classifier says of one query. */
export interface Saying {
  /** The largest probability. */
  readonly confidence: number;
  /** −log of the true class's probability, natural. */
  readonly nll: number;
  /** Whether the most probable class is the true one; of several, the first counts. */
  readonly right: boolean;
}

/**
 * What logits say.
 *
 * @param logits [n, N] row-major, finite
 * @param at where the query's row begins
 * @param classes N
 * @param truth 0 .. N - 1
 */
export function sayingOf(logits: ArrayLike<number>, at: number, classes: number, truth: number): Saying {
  let best = 0;
  for (let n = 1; n < classes; n++) if (logits[at + n] > logits[at + best]) best = n;
  let total = 0;
  for (let n = 0; n < classes; n++) total += Math.exp(logits[at + n] - logits[at + best]);
  return {
    confidence: 1 / total,
    nll: logits[at + best] - logits[at + truth] + Math.log(total),
    right: best === truth,
  };
}

/** The number of a confidence's bin, 0 .. M - 1. */
export function binOf(confidence: number): number {
  return Math.min(BINS - 1, Math.max(0, Math.ceil(confidence * BINS) - 1));
}

/** Expected calibration error of all queries of some bins, in [0, 1]; null without any. */
export function expectedCalibrationError(bins: readonly Bin[]): number | null {
  const queries = bins.reduce((sum, [own]) => sum + own, 0);
  if (queries === 0) return null;
  // |B_m| / n |acc - conf| = |right - Σ confidence| / n
  return bins.reduce((sum, [, confidence, right]) => sum + Math.abs(right - confidence), 0) / queries;
}
