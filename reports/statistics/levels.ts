/**
 * How wide the intervals of a family are: one error rate for all of them, from which every verdict of the family is read.
 *
 * A claim can be false only where its interval misses the truth (an interval inside the margin, or to one side of 0, that holds the truth makes the claim
 * true). So what the intervals do together, the claims do too:
 *
 * - `holm`: error rate α / m each. With probability 1 - α all m intervals hold at once (Bonferroni), and no claim of the family is false, of either kind.
 *   It is Holm's procedure (1979) over the two hypotheses of every comparison, "no difference" and "a difference of the margin or more", with Shaffer's
 *   (1986) count of those that can still be true: never both, always possibly one, whatever was rejected of the other comparisons. The count stays m, so
 *   the steps have one level, and simultaneous intervals that say how large differences are come with it. Counting decided comparisons off, as Holm may
 *   for one kind of claim, would let any false winner through in 9 instead of 5 % of families of two equal pairs.
 * - `benjamini-hochberg`: error rate R α / m each, R the largest number such that as many comparisons are decided at it (Benjamini & Hochberg 1995). These
 *   are the false-coverage-rate-adjusted intervals of Benjamini & Yekutieli (2005): of those that decide, at most α miss the truth in expectation.
 */
import type { Correction } from "../claims/comparison.ts";

/**
 * The error rate of each interval.
 *
 * @param alpha of the family
 * @param size comparisons in the family, at least one
 * @param decidedAt counts the comparisons that intervals of an error rate decide
 */
type Level = (alpha: number, size: number, decidedAt: (error: number) => number) => number;

/** Error rate of the intervals, by correction. */
export const LEVELS: Readonly<Record<Correction, Level>> = {
  holm: (alpha, size) => alpha / size,
  "benjamini-hochberg": (alpha, size, decidedAt) => {
    for (let count = size; count > 1; count--) {
      const error = count * alpha / size;
      if (decidedAt(error) >= count) return error;
    }
    return alpha / size;
  },
};

/** From the smallest error rates at which each comparison is decided on its own to those of the family at which it is, in their order. */
type Adjust = (pValues: readonly number[], size: number) => number[];

/** Adjusted p-values, by correction; a comparison is decided where its own is below the family's error rate. */
export const ADJUST: Readonly<Record<Correction, Adjust>> = {
  holm: (pValues, size) => pValues.map((p) => Math.min(1, size * p)),
  "benjamini-hochberg": (pValues, size) => {
    const order = pValues.map((_, i) => i).sort((i, j) => pValues[j] - pValues[i]);
    const adjusted = Array<number>(pValues.length);
    let least = 1;
    for (const [rank, i] of order.entries()) {
      least = Math.min(least, size * pValues[i] / (pValues.length - rank));
      adjusted[i] = least;
    }
    return adjusted;
  },
};
