/**
 * How an error falls with the number of training tasks or classes: error = b N^-c, a straight line of ln error over ln N (Luo et al. 2023, arXiv:2301.12246,
 * section 4, find such lines for the number of training classes).
 *
 * There is no third parameter for an error that is left at infinite N: three to six numbers do not tell it from a smaller exponent, and fits of it wander off.
 * A curve that flattens therefore has a smaller exponent here, and an r² that says how far it is from a line.
 *
 * The interval is over training seeds, which are resampled whole: a seed's trainings at all N share its initial draw and, as smaller sets of tasks are parts
 * of larger ones, its tasks. As in `resampling.ts`, n - 1 of n seeds are drawn, and the variance of the replicates is that of a t distribution with n - 1
 * degrees of freedom; percentiles of so few seeds would be far too narrow.
 */
import type { Key } from "../../common/random.ts";
import { upperT } from "./distributions.ts";
import { meanOf } from "./moments.ts";
import { drawResampling } from "./resampling.ts";

/** Sizes that a line needs: through two points there is always one. */
export const MIN_SIZES = 3;
const REPLICATES = 1000;

/** A fitted line. */
export interface PowerLaw {
  /** c: 0.5 is an error that halves where N is four times as large. */
  readonly exponent: number;
  /** Ends of the 95 % interval of c; null below two seeds. */
  readonly low: number | null;
  readonly high: number | null;
  /** b: what the line says of N = 1. */
  readonly coefficient: number;
  /** Share of the variance of ln error that the line explains; null where the errors are equal. */
  readonly r2: number | null;
}

/** Least squares of ln error over ln N. */
export function fitPowerLaw(
  sizes: readonly number[],
  logErrors: readonly number[],
): Pick<PowerLaw, "exponent" | "coefficient" | "r2"> {
  const x = sizes.map(Math.log);
  const [meanX, meanY] = [meanOf(x), meanOf(logErrors)];
  const xx = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0);
  const xy = x.reduce((sum, value, i) => sum + (value - meanX) * (logErrors[i] - meanY), 0);
  const yy = logErrors.reduce((sum, value) => sum + (value - meanY) ** 2, 0);
  const slope = xy / xx;
  return {
    // 0 and not -0 where nothing changes.
    exponent: 0 - slope,
    coefficient: Math.exp(meanY - slope * meanX),
    r2: yy <= 1e-24 * logErrors.length ? null : xy ** 2 / (xx * yy),
  };
}

/**
 * The power law of errors over sizes and seeds.
 *
 * @param sizes N, different and at least three
 * @param errors per size, one per seed, in the same order of seeds: squared errors as logarithms, or shares of wrong answers
 * @param logarithmic whether they are logarithms, whose mean over seeds is taken; else that of shares
 * @param key names the draws
 * @returns undefined where a mean error is 0 or not finite, which has no logarithm
 */
export function powerLaw(
  sizes: readonly number[],
  errors: readonly (readonly number[])[],
  logarithmic: boolean,
  key: Key,
): PowerLaw | undefined {
  const seeds = errors[0].length;
  const withWeights = (weights: ArrayLike<number>) => {
    const total = Array.from(weights).reduce((sum, weight) => sum + weight, 0);
    const logErrors = errors.map((own) => {
      const mean = own.reduce((sum, error, seed) => sum + weights[seed] * error, 0) / total;
      return logarithmic ? mean : Math.log(mean);
    });
    return logErrors.every(Number.isFinite) ? fitPowerLaw(sizes, logErrors) : undefined;
  };
  const fitted = withWeights(new Float64Array(seeds).fill(1));
  if (fitted === undefined) return undefined;
  if (seeds < 2) return { ...fitted, low: null, high: null };
  const { seedCounts } = drawResampling(["power-law", ...key], seeds, 2, REPLICATES);
  const squares = Array.from({ length: REPLICATES }, (_, replicate) => {
    const drawn = withWeights(seedCounts.subarray(replicate * seeds, (replicate + 1) * seeds));
    return drawn === undefined ? [] : [(drawn.exponent - fitted.exponent) ** 2];
  }).flat();
  const half = squares.length === 0 ? null : upperT(0.025, seeds - 1) * Math.sqrt(meanOf(squares));
  return {
    ...fitted,
    low: half === null ? null : fitted.exponent - half,
    high: half === null ? null : fitted.exponent + half,
  };
}
