/** What a list of times says: robust figures only, since a busy machine makes long tails. */

/** Order statistics of a sample. */
export interface Summary {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

/**
 * The p-quantile of an ascending sample, interpolated linearly between order statistics (type 7 of Hyndman & Fan 1996).
 *
 * @param p in [0, 1]
 * @throws RangeError for an empty sample
 */
export function quantile(ascending: readonly number[], p: number): number {
  if (ascending.length === 0) throw new RangeError("internal: an empty sample has no quantiles");
  const position = p * (ascending.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (position - below) * (ascending[above] - ascending[below]);
}

/** Summarises a sample, in any order. @throws RangeError when it is empty */
export function summarise(sample: readonly number[]): Summary {
  const ascending = [...sample].sort((a, b) => a - b);
  const at = (p: number) => quantile(ascending, p);
  return { median: at(0.5), p25: at(0.25), p75: at(0.75), min: at(0), max: at(1), n: sample.length };
}
