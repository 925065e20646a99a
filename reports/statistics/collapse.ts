/** Trainings that collapsed: far worse on validation episodes than the same training with other seeds. No interval repairs what they do to a comparison. */
import type { Metric } from "../../common/vocabulary.ts";
import { medianOf } from "./moments.ts";

/** Fewer seeds say nothing about what is usual. */
const MIN_SEEDS = 4;
/** So many robust standard deviations from the median are an outlier: Iglewicz & Hoaglin 1993. */
const FAR = 3.5;
/** The median absolute deviation of a normal distribution is its standard deviation times this. */
const NORMAL_MAD = 0.6745;
/** And so much at least, on the scale of logarithms: twice the error, or twice the odds of a wrong answer. Seeds that hardly differ have no outliers. */
const LEAST = Math.LN2;
/** Accuracies nearer to 0 or 1 than this are taken as this far from it. */
const EDGE = 1e-3;

/**
 * Which of one training's seeds collapsed: those whose validation score is worse than the median by more than 3.5 robust standard deviations (median absolute
 * deviation / 0.6745) and by more than ln 2, on the scale of ln MSE or of the logit of the accuracy. Only the worse side counts: a lucky seed is no collapse.
 *
 * @param scores one per seed, at the end of training; null where not finite, which is worse than anything
 * @returns whether each collapsed; none below four seeds
 */
export function collapsedSeeds(scores: readonly (number | null)[], metric: Metric): boolean[] {
  if (scores.length < MIN_SEEDS) return scores.map(() => false);
  // Higher is worse.
  const badness = scores.map((score) => {
    if (score === null || !Number.isFinite(score)) return Infinity;
    if (metric === "mse") return Math.log(Math.max(score, 1e-30));
    const inside = Math.min(1 - EDGE, Math.max(EDGE, score));
    return Math.log((1 - inside) / inside);
  });
  const median = medianOf(badness);
  if (!Number.isFinite(median)) return badness.map(() => false);
  const spread = medianOf(badness.map((value) => Math.abs(value - median))) / NORMAL_MAD;
  return badness.map((value) => value - median > Math.max(LEAST, FAR * spread));
}
