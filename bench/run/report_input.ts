/** Hands a run's results to the report. */
import { join } from "node:path";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { ReportInput } from "../../reports/view/input.ts";
import { addressDigits, trainingName } from "../../reports/rows/column.ts";
import { writeReport } from "../../reports/mod.ts";
import { keepReport, openReport } from "./completeness.ts";
import { comparableUnits } from "./watched_trainings.ts";
import type { Collected } from "./collect.ts";
import type { Manifest } from "./manifest.ts";
import { OUT_FILES } from "./out_folder.ts";
import { picturesOf } from "./pictures.ts";
import type { Plan } from "../plan/plan.ts";
import type { Catalog } from "../plan/catalog.ts";
import { describeDataSet } from "./describe_data_set.ts";
import { describeAdapters, describeAlgorithms } from "./describe_methods.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import { publishedIn } from "./rows_of_rows.ts";
import type { PredictionRow, ReferenceRow, TuningRow } from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";

/** Everything there is to draw from. */
export interface RunResults {
  readonly sweep: Sweep;
  /** The tables that names are looked up in. */
  readonly catalog: Catalog;
  readonly opened: ReadonlyMap<string, DataSet>;
  readonly plan: Plan;
  readonly collected: Omit<Collected, "trainings">;
  readonly verdicts: readonly JudgedPair[];
  readonly predictions: readonly PredictionRow[];
  readonly references: readonly ReferenceRow[];
  readonly tuning: readonly TuningRow[];
  readonly manifest: Manifest;
}

/** What the report shows of a run. */
export function reportInput(
  { sweep, catalog, opened, plan, collected, verdicts, predictions, references, tuning, manifest }: RunResults,
): ReportInput {
  const comparable = new Set(comparableUnits(plan, sweep).map(({ id }) => addressDigits(trainingName(id))));
  return {
    title: sweep.title,
    datasets: sweep.datasets.map((entry) => describeDataSet(entry, sweep, catalog)),
    algorithms: describeAlgorithms(sweep.algorithms),
    adapters: describeAdapters(collected.rows.map(({ adapter }) => adapter)),
    cells: collected.rows,
    timings: collected.timings,
    representations: collected.representations,
    calibration: collected.calibration,
    groups: collected.groups,
    adaptationTimes: collected.adaptationTimes,
    diversity: collected.diversity,
    distances: collected.distances,
    curves: collected.curves.filter(({ trainingUnit }) => comparable.has(addressDigits(trainingUnit))),
    costToTarget: collected.costToTarget,
    equalOperations: collected.equalOperations,
    families: sweep.families,
    comparisons: sweep.comparisons,
    verdicts,
    predictions,
    references,
    published: publishedIn(sweep, collected),
    tuning,
    pictures: sweep.datasets.flatMap((entry) => {
      const dataSet = opened.get(entry.name);
      return dataSet === undefined ? [] : picturesOf(entry, dataSet, plan, collected, sweep.seeds[0]);
    }),
    manifest,
  };
}

/** Says each thing once. */
export function once(say: (line: string) => void): (line: string) => void {
  const said = new Set<string>();
  return (line) => {
    if (!said.has(line)) say(line);
    said.add(line);
  };
}

/**
 * Draws the report.
 *
 * @param warn hears of letters that pictures lack
 * @param lacks what it cannot show; "" when nothing is missing
 * @returns the path of its page
 */
export async function writeReportFor(
  out: string,
  results: RunResults,
  warn: (line: string) => void,
  lacks = "",
): Promise<string> {
  openReport(out);
  const paths = await writeReport(reportInput(results), join(out, OUT_FILES.report), once(warn));
  keepReport(out, paths, lacks);
  return paths[0];
}
