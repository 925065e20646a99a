/** Which groups of test classes or tasks decide a difference: an exploration, seed by seed. */
import { placeKey } from "../rows/place.ts";
import type { GroupRow } from "../rows/rows.ts";
import { type Interval, tInterval } from "../statistics/interval.ts";
import type { JudgedPair } from "../statistics/judge_comparisons.ts";

/** What two sides score on one group. */
export interface GroupDifference {
  /** What a group is. */
  readonly level: string;
  readonly group: string;
  /** Queries or episodes per seed. */
  readonly count: number;
  /** Comparable numbers: accuracy in percent, mean natural logarithm of the MSE. */
  readonly a: Interval;
  readonly b: Interval;
  /** a - b, over the seeds that both have. */
  readonly difference: Interval;
}

/** Rows by what they are about. */
export type GroupIndex = ReadonlyMap<string, readonly GroupRow[]>;

/** Puts rows where `groupDifferences` finds them. */
export function groupIndex(rows: readonly GroupRow[]): GroupIndex {
  return Map.groupBy(rows, (row) => `${row.dataset} ${placeKey(row)}`);
}

/** The number that is compared; null where there is none. */
function comparableOf({ metric, mean, meanLog }: GroupRow): number | null {
  return metric === "accuracy" ? mean === null ? null : 100 * mean : meanLog;
}

/** What the sides of a verdict score on every group that both have, level by level, the largest advantage of a (in comparable numbers) first. */
export function groupDifferences(index: GroupIndex, { key }: Pick<JudgedPair, "key">): GroupDifference[] {
  const [ofA, ofB] = [key.a, key.b].map((place) => {
    const rows = index.get(`${key.dataset} ${placeKey(place)}`) ?? [];
    return Map.groupBy(rows, ({ level, group }) => JSON.stringify([level, group]));
  });
  const found = [...ofA].flatMap(([name, own]): GroupDifference[] => {
    const others = new Map((ofB.get(name) ?? []).map((row) => [row.seed, row]));
    const pairs = own.flatMap((row) => {
      const other = others.get(row.seed);
      const [a, b] = [comparableOf(row), other === undefined ? null : comparableOf(other)];
      return a === null || b === null ? [] : [{ a, b, count: row.count }];
    });
    const interval = (value: (pair: typeof pairs[number]) => number) => tInterval(pairs.map(value));
    const [a, b, difference] = [interval((pair) => pair.a), interval((pair) => pair.b), interval((p) => p.a - p.b)];
    if (a === undefined || b === undefined || difference === undefined) return [];
    const { level, group } = own[0];
    return [{ level, group, count: pairs[0].count, a, b, difference }];
  });
  // By name, since tables that are read again have an order of their own.
  return found.sort((one, other) =>
    inOrder(one.level, other.level) || other.difference.mean - one.difference.mean || inOrder(one.group, other.group)
  );
}

function inOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/**
 * Of each level, the groups at either end; all of a short one. Groups with less than half of what a group of the level has on average are left out: chance moves
 * them most, so that they would be at the ends whatever the methods do.
 */
export function extremes(differences: readonly GroupDifference[], each: number): GroupDifference[] {
  return [...Map.groupBy(differences, ({ level }) => level).values()].flatMap((own) => {
    const average = own.reduce((sum, { count }) => sum + count, 0) / own.length;
    const large = own.filter(({ count }) => 2 * count >= average);
    return large.length <= 2 * each ? large : [...large.slice(0, each), ...large.slice(-each)];
  });
}
