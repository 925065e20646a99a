import { meanOf, varianceOf } from "./moments.ts";

/** Differences of float32 scores, averaged over episodes, are known to about this part of their size. */
const ROUNDING = 1e-9;

/**
 * d_z = mean / standard deviation of paired differences, n - 1 in the denominator of the variance: how far the difference stands out of its own scatter
 * over seeds.
 *
 * @param differences one per seed
 * @returns undefined below two values or where all are equal up to rounding, so that their scatter is that of the arithmetic
 */
export function pairedEffectSize(differences: readonly number[]): number | undefined {
  const n = differences.length;
  if (n < 2 || differences.every((value) => value === differences[0])) return undefined;
  const deviation = Math.sqrt(varianceOf(differences));
  const largest = differences.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return deviation > ROUNDING * largest ? meanOf(differences) / deviation : undefined;
}
