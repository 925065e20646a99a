/** Student t intervals over training seeds. */

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
  const mean = values.reduce((total, value) => total + value, 0) / n;
  if (n === 1) return { n, mean, low: null, high: null };
  const variance = values.reduce((total, value) => total + (value - mean) ** 2, 0) / (n - 1);
  const half = tQuantile(n - 1) * Math.sqrt(variance / n);
  return { n, mean, low: mean - half, high: mean + half };
}

const quantiles = new Map<number, number>();

/**
 * The 0.975 quantile of Student's t distribution, by bisection of its distribution function.
 *
 * @param df degrees of freedom, an integer >= 1
 */
export function tQuantile(df: number): number {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`internal: t quantile of ${df} degrees of freedom`);
  const known = quantiles.get(df);
  if (known !== undefined) return known;
  let low = 1.9; // below the normal distribution's 1.96
  let high = 13; // above the 12.706 of one degree of freedom
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (centralProbability(middle, df) < 0.95) low = middle;
    else high = middle;
  }
  quantiles.set(df, (low + high) / 2);
  return (low + high) / 2;
}

/**
 * P(|T| <= t) for integer degrees of freedom.
 *
 * Source: Abramowitz and Stegun 1964, 26.7.3 (odd) and 26.7.4 (even), with θ = arctan(t / √df).
 */
function centralProbability(t: number, df: number): number {
  const theta = Math.atan(t / Math.sqrt(df));
  const cos = Math.cos(theta);
  const odd = df % 2 === 1;
  let term = odd ? cos : 1;
  let series = df === 1 ? 0 : term;
  for (let power = odd ? 3 : 2; power <= df - 2; power += 2) {
    term *= ((power - 1) / power) * cos * cos;
    series += term;
  }
  return odd ? (2 / Math.PI) * (theta + Math.sin(theta) * series) : Math.sin(theta) * series;
}
