/** Distribution functions and quantiles, from npm:jstat (relative error below 1e-6 for probabilities down to 1e-12). */
// @ts-types="./jstat.d.ts"
import jstat from "jstat";

/**
 * The upper quantile t with P(T > t) = tail of Student's t distribution. It is taken from the lower tail, where small probabilities keep
 * all their digits.
 *
 * @param tail in (0, 1)
 * @param df degrees of freedom, >= 1
 */
export function upperT(tail: number, df: number): number {
  return -jstat.jStat.studentt.inv(tail, df);
}

/** P(T > x) of Student's t distribution. */
export function tailOfT(x: number, df: number): number {
  if (!Number.isFinite(x)) return x > 0 ? 0 : 1;
  return jstat.jStat.studentt.cdf(-x, df);
}

/** The upper quantile z with P(Z > z) = tail of the standard normal distribution. */
export function upperNormal(tail: number): number {
  return -jstat.jStat.normal.inv(tail, 0, 1);
}

/** P(Z <= x) of the standard normal distribution. */
export function normalCdf(x: number): number {
  return jstat.jStat.normal.cdf(x, 0, 1);
}

/** The x with P(X <= x) = p of the chi-squared distribution. */
export function chiSquareQuantile(p: number, df: number): number {
  return jstat.jStat.chisquare.inv(p, df);
}
