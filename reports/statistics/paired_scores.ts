/** From two sides' scores on the same seeds and episodes to the differences that are judged. */
import type { Metric } from "../../data/contract/dataset.ts";
import { meanOf } from "./moments.ts";

/** [S seeds][E episodes]; null where an episode has no finite score. */
export type Scores = readonly (readonly (number | null)[])[];

/** [S seeds][E episodes] of finite numbers. */
export type Matrix = readonly (readonly number[])[];

/** What is compared: the scores of side a and of side b, paired by seed and episode. */
export interface PairedScores {
  readonly metric: Metric;
  /** Accuracy as a share of 1, or MSE. */
  readonly a: Scores;
  readonly b: Scores;
  /** Per episode, the MSE beyond which it counts as diverged; null for accuracy. */
  readonly limits: readonly number[] | null;
  /** Per episode, the variance of its targets; null or absent for accuracy and where it is not known. */
  readonly variances?: readonly number[] | null;
}

/** Diverged episodes of either side. */
export interface Diverged {
  readonly a: number;
  readonly b: number;
}

/** Differences of an S x E layout and what was diverged in it. */
export interface Differences {
  /** [S][E]: a - b in percentage points of accuracy, or ln(MSE of a / MSE of b). */
  readonly matrix: Matrix;
  readonly diverged: Diverged;
}

/** float32 predictions cannot be closer to a target than this without being equal to it. */
const MIN_MSE = 1e-30;

/**
 * Scores that can be averaged, in which diverged episodes stay and count as follows.
 *
 * - MSE: every score is capped at its episode's limit, for both sides alike; an episode without a finite score is at the limit. Exploding worse than the limit
 *   (a multiple of predicting zero) is thereby neither better nor worse than reaching it, and one such episode cannot rule the mean.
 * - Accuracy, in percentage points: predictions that are not finite name no class, so none of them is right: 0 %.
 *
 * @param leniency multiplies the limits
 * @throws RangeError when the shapes disagree or an MSE comes without limits
 */
export function cappedScores(pair: PairedScores, leniency = 1): { readonly a: Matrix; readonly b: Matrix } {
  const { metric, a, b, limits } = pair;
  const episodes = a[0]?.length ?? 0;
  const sameShape = a.length === b.length && [...a, ...b].every((row) => row.length === episodes);
  if (!sameShape) throw new RangeError("internal: paired scores must have the same seeds and episodes on both sides");
  if (metric === "mse" && limits?.length !== episodes) {
    throw new RangeError(`internal: ${episodes} episodes have ${limits?.length ?? "no"} limits of divergence`);
  }
  const capped = (score: number | null, episode: number) => {
    if (metric === "accuracy") return 100 * (isDiverged(score) ? 0 : score);
    const cap = leniency * (limits?.[episode] ?? 1);
    return isDiverged(score) ? cap : Math.min(score, cap);
  };
  return { a: a.map((row) => row.map(capped)), b: b.map((row) => row.map(capped)) };
}

/**
 * Paired differences of the typical episode: of accuracies, or of the logarithms of MSEs, whose mean is the logarithm of a ratio of geometric means. Where both
 * sides diverged the difference is 0.
 *
 * @param leniency multiplies the limits
 */
export function pairedDifferences(pair: PairedScores, leniency = 1): Differences {
  const { a, b } = cappedScores(pair, leniency);
  const comparable = (score: number) => pair.metric === "accuracy" ? score : Math.log(Math.max(MIN_MSE, score));
  return {
    matrix: a.map((row, s) => row.map((score, e) => comparable(score) - comparable(b[s][e]))),
    diverged: { a: countDiverged(pair.a, pair.limits), b: countDiverged(pair.b, pair.limits) },
  };
}

/**
 * Paired differences of the mean MSE, which the worst episodes rule: the tail. The logarithm of the ratio of two means is linearised about them,
 * ln(A / B) + A[s][e] / A - B[s][e] / B, so that its mean is ln(A / B) and its variance over seeds and episodes that of the ratio, to first order
 * (Cochran 1977, "Sampling Techniques", section 6.3).
 *
 * @returns [S][E]; none for accuracy, whose mean is the typical episode's already, and without scores
 */
export function tailDifferences(pair: PairedScores): Matrix | undefined {
  if (pair.metric === "accuracy" || pair.a.length === 0) return undefined;
  const { a, b } = cappedScores(pair);
  const [meanA, meanB] = [grandMean(a), grandMean(b)];
  const ratio = Math.log(meanA / meanB);
  return a.map((row, s) => row.map((score, e) => ratio + score / meanA - b[s][e] / meanB));
}

/** What a side scored, without a test: diverged episodes count as in comparisons. */
export interface SideSummary {
  /** Mean over seeds and episodes: MSE, or percentage points of accuracy. */
  readonly mean: number;
  /** Mean over seeds and episodes of MSE / variance of the episode's targets: 1 is what predicting their mean has. Null where it is not known. */
  readonly relativeError: number | null;
}

/** Either side's summary; undefined without scores. */
export function summarisePair(pair: PairedScores): { readonly a: SideSummary; readonly b: SideSummary } | undefined {
  const { variances = null } = pair;
  if (pair.a.length === 0 || pair.a[0].length === 0) return undefined;
  const { a, b } = cappedScores(pair);
  const known = variances?.length === a[0].length && variances.every((variance) => variance > 0);
  const summary = (scores: Matrix): SideSummary => ({
    mean: meanOf(scores.map(meanOf)),
    relativeError: known ? meanOf(scores.map((row) => meanOf(row.map((mse, e) => mse / variances[e])))) : null,
  });
  return { a: summary(a), b: summary(b) };
}

/** Not below what float32 can tell from 0. */
function grandMean(scores: Matrix): number {
  return Math.max(MIN_MSE, meanOf(scores.map(meanOf)));
}

function isDiverged(score: number | null): score is null {
  return score === null || !Number.isFinite(score);
}

function countDiverged(scores: Scores, limits: readonly number[] | null): number {
  let count = 0;
  for (const row of scores) {
    for (const [episode, score] of row.entries()) {
      if (isDiverged(score) || (limits !== null && score > limits[episode])) count++;
    }
  }
  return count;
}

/** The declared margin in the unit of the difference: percentage points as they are, a ratio r of MSEs as |ln r|. */
export function marginOfDifference(metric: Metric, declared: number): number {
  return metric === "accuracy" ? declared : Math.abs(Math.log(declared));
}
