/** Shares of a sweep: which units a machine computes when several share the work without talking to each other. */
import type { Catalog } from "./catalog.ts";
import { UsageError } from "../../common/errors.ts";
import { Estimator } from "./estimate.ts";
import type { TrainingUnit } from "../store/types.ts";

/** One of equal shares. */
export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

const MAX_SHARDS = 100_000;

/** Parses "2/8". @throws UsageError when that is no share */
export function parseShard(flag: string, text: string): Shard {
  const match = /^(\d+)\/(\d+)$/.exec(text.trim());
  if (match === null) throw new UsageError(`${flag} "${text}": expected a share of a number of shares, such as 2/8`);
  const [index, count] = [Number(match[1]), Number(match[2])];
  if (count < 1 || count > MAX_SHARDS) {
    throw new UsageError(`${flag} "${text}": the number of shares must be 1 to ${MAX_SHARDS}`);
  }
  if (index < 1 || index > count) throw new UsageError(`${flag} "${text}": shares are numbered 1 to ${count}`);
  return { index, count };
}

/** "2/8" */
export function shardName({ index, count }: Shard): string {
  return `${index}/${count}`;
}

/**
 * Deals units into bins of about equal cost: the biggest first, each to the bin with the least so far.
 *
 * @param units each once; those of equal cost keep their order
 * @param seconds cost of a unit
 * @param count of bins, some of which stay empty when there are fewer units
 */
export function dealUnits(
  units: readonly TrainingUnit[],
  seconds: (unit: TrainingUnit) => number,
  count: number,
): TrainingUnit[][] {
  const costs = units.map((unit) => ({ unit, cost: seconds(unit) })).sort((a, b) => b.cost - a.cost);
  const bins: TrainingUnit[][] = Array.from({ length: count }, () => []);
  // A heap of the bins, lightest on top; of equally heavy ones the first.
  const heap = bins.map((bin, order) => ({ bin, order, load: 0, size: 0 }));
  const lighter = (a: number, b: number) =>
    heap[a].load - heap[b].load || heap[a].size - heap[b].size || heap[a].order - heap[b].order;
  for (const { unit, cost } of costs) {
    const top = heap[0];
    top.bin.push(unit);
    top.load += cost;
    top.size++;
    for (let at = 0;;) {
      const least = [2 * at + 1, 2 * at + 2].filter((child) => child < count)
        .reduce((best, child) => lighter(child, best) < 0 ? child : best, at);
      if (least === at) break;
      [heap[at], heap[least]] = [heap[least], heap[at]];
      at = least;
    }
  }
  return bins;
}

/**
 * The units of a share. It depends on the plan alone: costs are counted, not measured, so that a share stays what it is whatever has been
 * computed where, and the settings that tuning chooses do not move units between shares.
 */
export function shareOf(
  units: readonly TrainingUnit[],
  { index, count }: Shard,
  catalog: Catalog,
): TrainingUnit[] {
  const estimator = new Estimator(catalog);
  const seconds = (unit: TrainingUnit) => {
    const { trainS, evaluateS } = estimator.unit(unit);
    return trainS + evaluateS;
  };
  return dealUnits(units, seconds, count)[index - 1];
}
