/** What figures and tables have in common: which rows they show and which number stands for a row. */
import { type CellKey, placeKey } from "../rows/place.ts";
import type { CellRow, TimingRow } from "../rows/rows.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import { type Interval, tInterval } from "../statistics/interval.ts";

/**
 * The number that is averaged and compared: accuracy in percent, or the mean natural logarithm of the MSE (episode losses are
 * heavy-tailed: one exploded episode would rule their plain mean).
 *
 * @returns null when the row has no score
 */
export function comparable(row: CellRow): number | null {
  if (row.status !== "ok") return null;
  const value = row.metric === "accuracy" ? row.mean === null ? null : 100 * row.mean : row.meanLog;
  return value !== null && Number.isFinite(value) ? value : null;
}

/** From a comparable number to what an axis shows: percent, or the geometric mean of the MSE. */
export function shown(metric: Metric, value: number): number {
  return metric === "accuracy" ? value : Math.exp(value);
}

/** What `shown` gives, in words. */
export const SHOWN: Readonly<Record<Metric, string>> = {
  accuracy: "accuracy (%)",
  mse: "MSE (geometric mean)",
};

/** A cell without its seed: what an interval over seeds is about. */
export type Point = Pick<
  CellRow,
  "norm" | "trainingTasks" | "algorithm" | "adapter" | "shots" | "innerSteps" | "sharingDepth"
>;

/** A point's score over seeds, as comparable numbers. */
export interface PointScore extends Point {
  readonly interval: Interval;
  readonly rows: readonly CellRow[];
}

const pointKey = (row: Point) =>
  JSON.stringify([
    row.norm,
    row.trainingTasks,
    row.algorithm,
    row.adapter,
    row.shots,
    row.innerSteps,
    row.sharingDepth,
  ]);

/** What a row is told from others by, but for its seed. */
type Keyed = Point & Pick<CellRow, "dataset" | "taskStart" | "adaptDepth">;

/** A data set's rows, and of each point's variants (task start, adaptation depth) the first one in the rows' order. */
export function primaryRows<Row extends Keyed>(cells: readonly Row[], dataset: string): Row[] {
  const variant = (row: Row) => JSON.stringify([row.taskStart, row.adaptDepth]);
  const groups = Map.groupBy(cells.filter((row) => row.dataset === dataset), pointKey);
  const chosen = new Set([...groups.values()].flatMap((rows) => {
    const first = variant(rows[0]);
    return rows.filter((row) => variant(row) === first);
  }));
  return cells.filter((row) => chosen.has(row));
}

/** Whether `primaryRows` leaves variants out. */
export function hasVariants(cells: readonly Keyed[], dataset: string): boolean {
  return primaryRows(cells, dataset).length < cells.filter((row) => row.dataset === dataset).length;
}

/** Scores over seeds; points without any score are left out. */
export function scorePoints(rows: readonly CellRow[]): PointScore[] {
  return [...Map.groupBy(rows, pointKey).values()].flatMap((group): PointScore[] => {
    const scored = group.filter((row) => comparable(row) !== null);
    const interval = tInterval(scored.map((row) => comparable(row) ?? 0));
    if (interval === undefined) return [];
    const { norm, trainingTasks, algorithm, adapter, shots, innerSteps, sharingDepth } = group[0];
    return [{ norm, trainingTasks, algorithm, adapter, shots, innerSteps, sharingDepth, interval, rows: scored }];
  });
}

/** Whether a unit was really trained: some algorithms only adapt. */
export function trained({ iterations, trainS }: TimingRow): boolean {
  return iterations > 0 && trainS !== null && trainS > 0;
}

/** Distinct values, ascending, null first. */
export function distinct<T extends number | null>(values: Iterable<T>): T[] {
  return [...new Set(values)].sort((a, b) => (a ?? -Infinity) - (b ?? -Infinity));
}

/** "3" or "1 to 3". */
export function range(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return low === high ? String(low) : `${low} to ${high}`;
}

/** How many seeds each place has, "10" or "5 to 10": where seeds come in rounds, only what was still open has those of later ones. */
export function seedsEach(rows: readonly CellKey[]): string {
  const places = [...Map.groupBy(rows, (row) => `${row.dataset} ${placeKey(row)}`).values()];
  return range(places.length === 0 ? [0] : places.map(({ length }) => length));
}

/** "1 seed", "3 seeds" */
export function plural(count: number | string, noun: string): string {
  return `${count} ${noun}${String(count) === "1" ? "" : "s"}`;
}

/** "a, b and c" */
export function list(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
