/** From rows and their episodes' scores to verdicts. */
import type { DataSet } from "../../data/contract/dataset.ts";
import { cellsOf } from "../../reports/statistics/cells.ts";
import { type ComparedRun, judgeComparisons, type JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import type { ComparedDataSet, FlagsOf } from "../../reports/statistics/pair_scores.ts";
import { judgeRounds, type RoundsState } from "../../reports/statistics/rounds.ts";
import type { Catalog } from "../plan/catalog.ts";
import { nativeUses } from "../plan/native_use.ts";
import { seedsUpTo } from "../plan/rounds.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { Collected } from "./collect.ts";
import { divergenceLimits, targetVariances } from "./summaries.ts";

/** The flags of a row, each on its own. */
export const flagsOf: FlagsOf = ({ flags }) => flags === "" ? [] : flags.split("; ");

/** Judges every comparison of a sweep on a run's rows. */
export function verdictsOf(...run: Parameters<typeof judgeSweep>): readonly JudgedPair[] {
  return judgeSweep(...run).judged;
}

/** The same, with what is still open where the sweep has rounds: each comparison is judged at the look that decides it, whatever was trained after that. */
export function judgeSweep(
  sweep: Sweep,
  catalog: Catalog,
  opened: ReadonlyMap<string, DataSet>,
  { rows, scores }: Pick<Collected, "rows" | "scores">,
): RoundsState {
  const dataSets = sweep.datasets.flatMap((entry): [string, ComparedDataSet][] => {
    const dataSet = opened.get(entry.name);
    const limits = dataSet === undefined ? undefined : divergenceLimits(dataSet, entry);
    if (dataSet === undefined) return [];
    const variances = targetVariances(dataSet, entry) ?? null;
    return [[entry.name, { margin: entry.margin, limits: limits ?? null, variances }]];
  });
  const cells = cellsOf(rows, scores);
  const compared: ComparedRun = {
    comparisons: sweep.comparisons,
    families: sweep.families,
    dataSets: Object.fromEntries(dataSets),
    nativeOf: nativeUses(sweep, catalog),
    flagsOf,
    key: ["verdicts", sweep.name],
  };
  const { seeds, rounds } = sweep;
  if (rounds === null) return { judged: judgeComparisons(cells, compared), open: [] };
  return judgeRounds(cells, { ...compared, seeds: seedsUpTo(seeds, Math.max(...rounds)), rounds });
}
