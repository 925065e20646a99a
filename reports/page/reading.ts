/** What a run says so far about MTL against MAML, in numbers and without a verdict. */
import { type Interval, tInterval } from "../view/interval.ts";
import { groupBy, type Pair } from "../view/select.ts";

/** The mean difference over the cells that every paired seed has. */
export interface Difference {
  /** Over seeds: one mean over cells per seed. As comparable numbers: percentage points, or ln(MSE ratio). */
  readonly interval: Interval;
  /** Cells averaged, the same ones for every seed. */
  readonly cells: number;
  /** Cells left out because some seed has no pair there. */
  readonly incomplete: number;
}

/**
 * Averages MTL - MAML over cells within each seed, then over seeds: the unit of replication is the training seed.
 *
 * @returns undefined when no cell has a pair in every paired seed
 */
export function meanDifference(pairs: readonly Pair[]): Difference | undefined {
  const seeds = groupBy(pairs, ({ seed }) => String(seed));
  const places = groupBy(
    pairs,
    (pair) => JSON.stringify([pair.adapter, pair.shots, pair.innerSteps, pair.sharingDepth]),
  );
  const complete = [...places.values()].filter((group) => group.length === seeds.size);
  const kept = groupBy(complete.flat(), ({ seed }) => String(seed));
  const means = [...kept.values()].map((group) => group.reduce((sum, pair) => sum + pair.difference, 0) / group.length);
  const interval = tInterval(means);
  return interval && { interval, cells: complete.length, incomplete: places.size - complete.length };
}
