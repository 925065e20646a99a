/** Student t intervals over training seeds. */
import { upperT } from "./distributions.ts";
import { meanOf, varianceOf } from "./moments.ts";

/** A mean with its 95 % interval; `low` and `high` are null below two values, where nothing is known about the spread. */
export interface Interval {
  readonly n: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * Mean and 95 % t interval: mean ± t(0.975; n - 1) · sd / √n, with n - 1 in the denominator of sd².
 *
 * @param values one per seed; finite
 * @returns undefined when there is no value
 */
export function tInterval(values: readonly number[]): Interval | undefined {
  const n = values.length;
  if (n === 0) return undefined;
  const mean = meanOf(values);
  if (n === 1) return { n, mean, low: null, high: null };
  const half = upperT(0.025, n - 1) * Math.sqrt(varianceOf(values) / n);
  return { n, mean, low: mean - half, high: mean + half };
}
