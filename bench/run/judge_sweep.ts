/** From rows and their episodes' scores to verdicts. */
import type { DataSet } from "../../data/contract/dataset.ts";
import { cellsOf } from "../../reports/statistics/cells.ts";
import { judgeComparisons, type JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import type { ComparedDataSet, FlagsOf } from "../../reports/statistics/pair_scores.ts";
import type { Catalog } from "../plan/catalog.ts";
import { nativeUses } from "../plan/native_use.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { type Collected, divergenceLimits, targetVariances } from "./collect.ts";

/** The flags of a row, each on its own. */
export const flagsOf: FlagsOf = ({ flags }) => flags === "" ? [] : flags.split("; ");

/** Judges every comparison of a sweep on a run's rows. */
export function verdictsOf(
  sweep: Sweep,
  catalog: Catalog,
  opened: ReadonlyMap<string, DataSet>,
  { rows, scores }: Pick<Collected, "rows" | "scores">,
): JudgedPair[] {
  const dataSets = sweep.datasets.flatMap((entry): [string, ComparedDataSet][] => {
    const dataSet = opened.get(entry.name);
    const limits = dataSet === undefined ? undefined : divergenceLimits(dataSet, entry);
    if (dataSet === undefined) return [];
    const variances = targetVariances(dataSet, entry) ?? null;
    return [[entry.name, { margin: entry.margin, limits: limits ?? null, variances }]];
  });
  return judgeComparisons(cellsOf(rows, scores), {
    comparisons: sweep.comparisons,
    families: sweep.families,
    dataSets: Object.fromEntries(dataSets),
    nativeOf: nativeUses(sweep, catalog),
    flagsOf,
    key: ["verdicts", sweep.name],
  });
}
