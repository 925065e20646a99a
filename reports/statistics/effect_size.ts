import { meanOf, varianceOf } from "./moments.ts";

/**
 * d_z = mean / standard deviation of paired differences, n - 1 in the denominator of the variance: how far the difference stands out of its own scatter
 * over seeds.
 *
 * @param differences one per seed
 * @returns undefined below two values or where all are equal
 */
export function pairedEffectSize(differences: readonly number[]): number | undefined {
  const n = differences.length;
  if (n < 2 || differences.every((value) => value === differences[0])) return undefined;
  const variance = varianceOf(differences);
  return variance > 0 ? meanOf(differences) / Math.sqrt(variance) : undefined;
}
