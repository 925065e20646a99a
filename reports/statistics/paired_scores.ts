/** From two sides' scores on the same seeds and episodes to the differences that are judged. */
import type { Metric } from "../../data/contract/dataset.ts";

/** [S seeds][E episodes]; null where an episode has no finite score. */
export type Scores = readonly (readonly (number | null)[])[];

/** What is compared: the scores of side a and of side b, paired by seed and episode. */
export interface PairedScores {
  readonly metric: Metric;
  /** Accuracy as a share of 1, or MSE. */
  readonly a: Scores;
  readonly b: Scores;
  /** Per episode, the MSE beyond which it counts as diverged; null for accuracy. */
  readonly limits: readonly number[] | null;
}

/** Diverged episodes of either side. */
export interface Diverged {
  readonly a: number;
  readonly b: number;
}

/** Differences of an S x E layout and what was diverged in it. */
export interface Differences {
  /** [S][E]: a - b in percentage points of accuracy, or ln(MSE of a / MSE of b). */
  readonly matrix: readonly (readonly number[])[];
  readonly diverged: Diverged;
}

/** float32 predictions cannot be closer to a target than this without being equal to it. */
const MIN_MSE = 1e-30;

/**
 * Paired differences, in which diverged episodes stay and count as follows.
 *
 * - MSE: every score is capped at its episode's limit, for both sides alike; an episode without a finite score is at the limit. Exploding worse than the limit
 *   (a multiple of predicting zero) is thereby neither better nor worse than reaching it, and one such episode cannot rule the mean; where both sides
 *   diverged the difference is 0.
 * - Accuracy: predictions that are not finite name no class, so none of them is right: 0 %.
 *
 * @param leniency multiplies the limits
 * @throws RangeError when the shapes disagree or an MSE comes without limits
 */
export function pairedDifferences(pair: PairedScores, leniency = 1): Differences {
  const { metric, a, b, limits } = pair;
  const episodes = a[0]?.length ?? 0;
  const sameShape = a.length === b.length && [...a, ...b].every((row) => row.length === episodes);
  if (!sameShape) throw new RangeError("internal: paired scores must have the same seeds and episodes on both sides");
  if (metric === "mse" && limits?.length !== episodes) {
    throw new RangeError(`internal: ${episodes} episodes have ${limits?.length ?? "no"} limits of divergence`);
  }
  const comparable = (score: number | null, episode: number) => {
    if (metric === "accuracy") return 100 * (isDiverged(score) ? 0 : score);
    const cap = leniency * (limits?.[episode] ?? 1);
    return Math.log(Math.max(MIN_MSE, isDiverged(score) ? cap : Math.min(score, cap)));
  };
  return {
    matrix: a.map((row, s) => row.map((score, e) => comparable(score, e) - comparable(b[s][e], e))),
    diverged: { a: countDiverged(a, limits), b: countDiverged(b, limits) },
  };
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
