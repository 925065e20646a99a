/** Which verdicts the page and its figures are about, what their sides are called, and which rows stand behind them. */
import type { JudgedPair, VerdictKey } from "../statistics/judge_comparisons.ts";
import type { Family } from "../claims/comparison.ts";
import { type Place, PLACE_FIELDS, type PlaceField, placeKey } from "../rows/place.ts";
import type { CellRow } from "../rows/rows.ts";
import { settingText } from "../rows/setting.ts";
import { type ReportInput, titleOf } from "./input.ts";
import { adaptedText, adapterOf } from "./adaptation.ts";
import { comparable, plural } from "./select.ts";

/** What two sides are called. */
export interface Titles {
  readonly a: string;
  readonly b: string;
}

/**
 * Titles of the sides of one verdict: those of their algorithms; where both have the same algorithm, with the fields in which they differ: "MAML (d = 0)" and
 * "MAML (d = 2)".
 */
export function titlesOf(
  input: Pick<ReportInput, "algorithms" | "adapters">,
  { a, b }: Pick<VerdictKey, "a" | "b">,
): Titles {
  const { algorithms } = input;
  const [inA, inB] = differing(input, { a, b });
  const [titleA, titleB] = [titleOf(algorithms, a.algorithm), titleOf(algorithms, b.algorithm)];
  if (a.algorithm !== b.algorithm) return { a: titleA, b: titleB };
  return inA === "" ? { a: titleA, b: titleB } : { a: `${titleA} (${inA})`, b: `${titleB} (${inB})` };
}

/** What tells the sides of a verdict apart where both have the same algorithm: "1 step", "10 steps"; two empty texts where nothing does. */
export function differing(
  input: Pick<ReportInput, "adapters">,
  { a, b }: Pick<VerdictKey, "a" | "b">,
): readonly [a: string, b: string] {
  const fields = PLACE_FIELDS.filter((field) => a[field] !== b[field]);
  const told = fields.filter((field) => field !== "innerSteps" || (a.innerSteps !== null && b.innerSteps !== null));
  const text = (place: Place) => told.map((field) => fieldText(input, field, place)).join(", ");
  return [text(a), text(b)];
}

/** What the sides of several verdicts are called together: "the one" and "the other" where they have no title in common. */
export function commonTitles(
  input: Pick<ReportInput, "algorithms" | "adapters">,
  judged: readonly JudgedPair[],
): Titles {
  const all = judged.map(({ key }) => titlesOf(input, key));
  const [as, bs] = [new Set(all.map(({ a }) => a)), new Set(all.map(({ b }) => b))];
  return { a: as.size === 1 ? [...as][0] : "the one", b: bs.size === 1 ? [...bs][0] : "the other" };
}

/** A value of a cell's key in words: "d = 2", "10 steps", "ridge head". */
export function fieldText(input: Pick<ReportInput, "adapters">, field: PlaceField, place: Place): string {
  const value = place[field];
  if (field === "sharingDepth") return value === null ? "no sharing depth" : `d = ${value}`;
  if (field === "innerSteps" && value !== null) return adaptedText(input, place);
  if (field === "shots" && value !== null) return plural(value, "shot");
  if (field === "adapter") return adapterOf(input, place).short;
  if (field === "norm" || field === "trainingTasks") return settingText(field, place);
  if (field === "algorithm") return String(value);
  const words = field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return value === null ? `no ${words}` : `${words} ${value}`;
}

/** Fields that tables and figures have words of their own for. */
export const TOLD: readonly PlaceField[] = [
  ...[
    "norm",
    "trainingTasks",
    "algorithm",
    "adapter",
    "shots",
    "innerSteps",
    "sharingDepth",
    "adaptDepth",
    "taskStart",
  ] as const,
];

/** Fields without words of their own in which side a varies among verdicts. */
export function untoldFields(judged: readonly JudgedPair[]): PlaceField[] {
  return PLACE_FIELDS.filter((field) =>
    !TOLD.includes(field) && new Set(judged.map(({ key }) => key.a[field])).size > 1
  );
}

/** The verdicts of the first family of a purpose that has any, in their order; [] where none has. */
export function familyFor(
  { families, verdicts }: Pick<ReportInput, "families" | "verdicts">,
  purpose: Family["purpose"],
): readonly JudgedPair[] {
  for (const family of families) {
    const own = family.purpose === purpose ? verdicts.filter(({ key }) => key.family === family.name) : [];
    if (own.length > 0) return own;
  }
  return [];
}

/** Of verdicts, those of the first comparison that has any on a data set. */
function firstComparison(verdicts: readonly JudgedPair[], dataset: string): JudgedPair[] {
  const own = verdicts.filter(({ key }) => key.dataset === dataset);
  return own.filter(({ key }) => key.comparison === own[0].key.comparison);
}

/** The verdicts that the answer rests on: on a data set, the first comparison of the answering family, by shots. */
export function headline(input: Pick<ReportInput, "families" | "verdicts">, dataset: string): JudgedPair[] {
  return firstComparison(familyFor(input, "answer"), dataset).toSorted((x, y) => x.key.a.shots - y.key.a.shots);
}

/** Fields that span a grid of verdicts. */
const GRID: readonly PlaceField[] = ["norm", "trainingTasks", "shots", "adapter", "innerSteps", "sharingDepth"];

/**
 * The verdicts that are drawn as a grid over shots, inner steps and sharing depth: on a data set, the first comparison of the exploring family and in it the
 * first pair of algorithms; of each tile's variants (task start, adaptation depth) the first.
 */
export function gridPairs(input: Pick<ReportInput, "families" | "verdicts">, dataset: string): JudgedPair[] {
  const own = firstComparison(familyFor(input, "exploration"), dataset);
  const seen = new Set<string>();
  return own.filter(({ key: { a, b } }) => {
    if (a.algorithm !== own[0].key.a.algorithm || b.algorithm !== own[0].key.b.algorithm) return false;
    const tile = JSON.stringify(GRID.map((field) => a[field]));
    return seen.has(tile) ? false : seen.add(tile);
  });
}

/** Verdicts by data set, family and comparison, in the order of the data sets and then of the sweep's comparisons. */
export function byComparison({ datasets, verdicts }: ReportInput): JudgedPair[][] {
  return datasets.flatMap(({ name }) => {
    const own = verdicts.filter(({ key }) => key.dataset === name);
    return [...Map.groupBy(own, ({ key }) => key.comparison).values()];
  });
}

const indexes = new WeakMap<readonly CellRow[], Map<string, CellRow[]>>();

/** The rows of either side of a verdict, by seed. */
export function rowsBehind(
  { cells }: Pick<ReportInput, "cells">,
  { dataset, a, b }: Pick<VerdictKey, "dataset" | "a" | "b">,
): { readonly a: ReadonlyMap<number, CellRow>; readonly b: ReadonlyMap<number, CellRow> } {
  const index = indexes.get(cells) ?? Map.groupBy(cells, (row) => `${placeKey(row)} ${row.dataset}`);
  indexes.set(cells, index);
  const rowsOf = (place: typeof a) =>
    new Map((index.get(`${placeKey(place)} ${dataset}`) ?? []).map((row) => [row.seed, row]));
  return { a: rowsOf(a), b: rowsOf(b) };
}

/** What one seed's rows of a pair differ by. */
export interface SeedDifference {
  readonly seed: number;
  /** a - b as comparable numbers: percentage points, or ln(MSE of a / MSE of b). */
  readonly difference: number;
}

/** The differences of a pair, seed by seed, where both sides have a score. */
export function seedDifferences(input: Pick<ReportInput, "cells">, { key }: Pick<JudgedPair, "key">): SeedDifference[] {
  const rows = rowsBehind(input, key);
  return [...rows.a].flatMap(([seed, row]): SeedDifference[] => {
    const other = rows.b.get(seed);
    const [a, b] = [comparable(row), other === undefined ? null : comparable(other)];
    return a === null || b === null ? [] : [{ seed, difference: a - b }];
  });
}
