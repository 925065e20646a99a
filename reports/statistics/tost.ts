/** Equivalence by two one-sided tests (Schuirmann 1987): the difference is within ±margin when both "too low" and "too high" are rejected. */
import { meanOf, varianceOf } from "./moments.ts";
import { type CrossedDifference, tailBeyond } from "./crossed_bootstrap.ts";
import { tailOfT } from "./distributions.ts";

/**
 * p-value of the equivalence test over seeds and episodes; below 0.05 exactly when the 90 % interval lies inside (-margin, margin).
 *
 * @param margin >= 0, in the unit of the difference
 */
export function equivalenceP(difference: CrossedDifference, margin: number): number {
  return tailBeyond(difference, margin - Math.abs(difference.estimate));
}

/** Two-sided p-value of "no difference"; below 0.05 exactly when the 95 % interval leaves out 0. */
export function differenceP(difference: CrossedDifference): number {
  return Math.min(1, 2 * tailBeyond(difference, Math.abs(difference.estimate)));
}

/** A one-sided t test. */
export interface TTest {
  readonly t: number;
  readonly p: number;
  readonly df: number;
}

/** A paired equivalence test. */
export interface Tost {
  /** The larger of the two p-values. */
  readonly p: number;
  /** Against "the mean difference is at most `low`". */
  readonly lower: TTest;
  /** Against "the mean difference is at least `high`". */
  readonly upper: TTest;
}

/**
 * The textbook paired t TOST of the mean of x1 - x2 against (low, high), with one value per seed: episodes are taken as given.
 *
 * @param x1 at least two finite numbers
 * @param x2 as many, paired with x1
 * @throws RangeError when lengths differ or are below two
 */
export function ttostPaired(x1: readonly number[], x2: readonly number[], low: number, high: number): Tost {
  const n = x1.length;
  if (n < 2 || x2.length !== n) {
    throw new RangeError(`internal: a paired test of ${n} and ${x2.length} values; it needs two or more pairs`);
  }
  const differences = x1.map((value, i) => value - x2[i]);
  const [mean, variance] = [meanOf(differences), varianceOf(differences)];
  const test = (distance: number): TTest => {
    // 0 / 0, no spread and no distance, speaks for neither side.
    const t = distance === 0 ? 0 : distance / Math.sqrt(variance / n);
    return { t, p: tailOfT(t, n - 1), df: n - 1 };
  };
  const [lower, mirrored] = [test(mean - low), test(high - mean)];
  return { p: Math.max(lower.p, mirrored.p), lower, upper: { ...mirrored, t: -mirrored.t } };
}
