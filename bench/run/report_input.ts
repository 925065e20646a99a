/** Hands a run's results to the report. */
import { join } from "node:path";
import { adapters } from "../../algorithms/adapters/registry.ts";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TextDataSet } from "../../data/contract/texts.ts";
import type {
  AdapterDescription,
  AlgorithmDescription,
  DataSetDescription,
  EpisodePicture,
  ReportInput,
} from "../../reports/view/input.ts";
import { writeReport } from "../../reports/mod.ts";
import { comparableUnits } from "./cost_to_target.ts";
import type { Collected } from "./collect.ts";
import type { Manifest } from "./manifest.ts";
import { OUT_FILES } from "./out_folder.ts";
import { nativeUses } from "../plan/native_use.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import { CATALOG } from "./catalog.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import type { PredictionRow, ReferenceRow, TuningRow } from "../../reports/rows/rows.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";

/** Everything there is to draw from. */
export interface RunResults {
  readonly sweep: Sweep;
  readonly opened: ReadonlyMap<string, DataSet>;
  readonly plan: Plan;
  readonly collected: Collected;
  readonly verdicts: readonly JudgedPair[];
  readonly predictions: readonly PredictionRow[];
  readonly references: readonly ReferenceRow[];
  readonly tuning: readonly TuningRow[];
  readonly manifest: Manifest;
}

/** What the report shows of a run. */
export function reportInput(
  { sweep, opened, plan, collected, verdicts, predictions, references, tuning, manifest }: RunResults,
): ReportInput {
  const table: Readonly<Record<string, Algorithm>> = algorithms;
  const ranks = Object.keys(table);
  const comparable = new Set(comparableUnits(plan, sweep).map(({ id }) => id.slice(0, 12)));
  return {
    title: sweep.title,
    datasets: sweep.datasets.map((entry) => describeDataSet(entry, sweep)),
    algorithms: sweep.algorithms.map((name): AlgorithmDescription => {
      const { title, summary, source, nativeAdapters } = table[name];
      return { name, title, summary, source, nativeAdapters, rank: ranks.indexOf(name) };
    }),
    adapters: describeAdapters(collected.rows.map(({ adapter }) => adapter)),
    cells: collected.rows,
    timings: collected.timings,
    representations: collected.representations,
    curves: collected.curves.filter(({ trainingUnit }) => comparable.has(trainingUnit)),
    costToTarget: collected.costToTarget,
    families: sweep.families,
    comparisons: sweep.comparisons,
    verdicts,
    predictions,
    references,
    tuning,
    pictures: sweep.datasets.flatMap((entry) => {
      const dataSet = opened.get(entry.name);
      return dataSet === undefined ? [] : picturesOf(entry, dataSet, plan, collected, sweep.seeds[0]);
    }),
    manifest,
  };
}

/** The adapters of some cells, in the order of the table. */
function describeAdapters(used: readonly string[]): AdapterDescription[] {
  const names = new Set(used);
  return Object.values<Adapter>(adapters).filter(({ name }) => names.has(name)).map(
    ({ name, title, short, readsInnerSteps, strength }) => ({ name, title, short, readsInnerSteps, strength }),
  );
}

function describeDataSet(
  { name, ways, model, hidden, norms, trainingTasks, margin }: DataSetSweep,
  sweep: Sweep,
): DataSetDescription {
  const nativeOf = nativeUses(sweep, CATALOG);
  const { title, source, metric, inputShape, kind } = CATALOG.dataSets[name];
  return {
    name,
    title: kind === "classification" ? `${title}, ${ways}-way` : title,
    source,
    metric,
    inputShape,
    layers: CATALOG.layerCount(model, hidden),
    margin,
    norms: [...new Set(norms)],
    trainingTasks: [...new Set(trainingTasks)].map((count) => count === "fresh" ? null : count),
    nativeDepths: Object.fromEntries(
      sweep.algorithms.map((algorithm) => [algorithm, nativeOf(name, algorithm)?.sharingDepth ?? null]),
    ),
  };
}

/** Episode 0 at every number of shots, as the states of the first seed see it. */
function picturesOf(
  { name, shots: axis, testQueries }: DataSetSweep,
  dataSet: DataSet,
  plan: Plan,
  { illustrations: seen }: Collected,
  seed: number,
): EpisodePicture[] {
  const cells = plan.cells.filter((cell) => cell.dataset === name && cell.seed === seed);
  return axis.map((shots) => {
    const shown = new Map<string, PlannedCell>();
    for (const cell of cells) {
      if (cell.shots === shots && !shown.has(cell.evaluation)) shown.set(cell.evaluation, cell);
    }
    const states = [...shown.values()].flatMap((cell) => {
      const illustrations = seen.get(cell.evaluation) ?? [];
      const { norm, trainingTasks, algorithm, sharingDepth, adapter, adaptDepth, taskStart } = cell;
      return illustrations.length === 0
        ? []
        : [{ norm, trainingTasks, algorithm, sharingDepth, adapter, adaptDepth, taskStart, seed, illustrations }];
    });
    const episode = dataSet.episodes("test", 0, 1, shots, testQueries);
    return { dataset: name, shots, episode, ...textsOf(dataSet, shots, testQueries), states };
  });
}

/** What episode 0 reads, where its examples are texts. */
function textsOf(dataSet: DataSet | TextDataSet, shots: number, queries: number): Pick<EpisodePicture, "texts"> {
  return "texts" in dataSet ? { texts: dataSet.texts("test", 0, shots, queries) } : {};
}

/** Draws the report. @returns the path of its page */
export async function writeReportFor(out: string, results: RunResults): Promise<string> {
  const [page] = await writeReport(reportInput(results), join(out, OUT_FILES.report));
  return page;
}
