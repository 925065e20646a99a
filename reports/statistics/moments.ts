/** Mean and spread of a sample. Sums run in the order of the values, so that the same values give the same bits. */

/** The arithmetic mean; NaN without values. */
export function meanOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** The variance with n - 1 in its denominator; NaN below two values. */
export function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return NaN;
  const mean = meanOf(values);
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The standard deviation with n - 1 in its denominator; null below two values, where nothing is known of it. */
export function standardDeviationOf(values: readonly number[]): number | null {
  return values.length < 2 ? null : Math.sqrt(varianceOf(values));
}

/** The middle of the sorted values, of an even number the mean of the two in the middle; NaN without values. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}
