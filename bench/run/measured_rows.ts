/** Rows of what evaluations measure beside scores: calibration, scores of groups, and how long adaptation took. */
import { givesProbabilities } from "../../algorithms/adapters/likelihoods.ts";
import type { DataSet, Metric } from "../../data/contract/dataset.ts";
import type { Grouping } from "../../data/contract/groups.ts";
import { groupingsOf } from "../../data/groups.ts";
import { ANY_WAY } from "../../data/mod.ts";
import { trainingName } from "../../reports/rows/column.ts";
import { type CellKey, cellKeyOf } from "../../reports/rows/place.ts";
import type { AdaptationTimeRow, CalibrationRow, CellRow, GroupRow } from "../../reports/rows/rows.ts";
import { expectedCalibrationError } from "../../reports/statistics/calibration.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import type { MeasuredEvaluation, QueryMeasures } from "../store/measures.ts";
import type { Store } from "../store/store.ts";
import { testOnOf } from "../store/tested_on.ts";
import type { StepScores } from "../store/types.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { derivationOf } from "../sweeps/derived.ts";
import { drawnFrom, variantOf } from "../sweeps/variants.ts";

/** Test classes have rows of their own where each is in so many episodes on average: below that, a row says nothing of its class. */
const MIN_DRAWS = 10;

/** How test classes or episodes of each data set are grouped. */
export type Groupings = ReadonlyMap<string, readonly Grouping[]>;

/** The groups of the data sets of a sweep that are there. */
export async function groupingsFor(
  { datasets }: Pick<Sweep, "datasets">,
  opened: ReadonlyMap<string, DataSet>,
): Promise<Groupings> {
  const groupings = new Map<string, readonly Grouping[]>();
  const drawn = drawnFrom({ datasets });
  for (const entry of datasets) {
    const dataSet = opened.get(entry.name);
    if (dataSet === undefined) continue;
    const tested = derivationOf(entry)?.testedOn;
    const origin = tested === undefined || tested === ANY_WAY ? variantOf(entry).of : drawn(tested);
    const own = await groupingsOf(origin, dataSet, "test");
    groupings.set(entry.name, [...own, ...classesAlone(entry, dataSet)]);
  }
  return groupings;
}

/** The groups of the test episodes of an evaluation: of the data set that was trained on, unless it is on those of another. */
export function groupingsOn(
  dataset: string,
  spec: Parameters<typeof testOnOf>[0],
  groupings: Groupings = new Map(),
): readonly Grouping[] | undefined {
  return groupings.get(testOnOf(spec) ?? dataset);
}

/** Every test class as a group of its own. */
function classesAlone({ ways, episodes }: Sweep["datasets"][number], dataSet: DataSet): Grouping[] {
  const classes = dataSet.classesOf?.("test") ?? [];
  if (classes.length === 0 || ways * episodes < MIN_DRAWS * classes.length) return [];
  return [{ level: "class", of: "classes", groupOf: (classId) => classes[classId].name }];
}

/** What rows need of what was measured of queries, at one point of a curve. */
export interface PointMeasures extends Pick<QueryMeasures, "innerSteps" | "nll" | "bins"> {
  /** In place of what there is of every class. */
  readonly groups: readonly GroupScore[];
}

/** What rows need of an evaluation. */
interface Evaluated extends Pick<MeasuredEvaluation, "curve"> {
  readonly measures?: readonly PointMeasures[];
}

/** Measures by group in place of those by class, which are too many to be kept of thousands of evaluations. */
export function condensed(
  measures: readonly QueryMeasures[] | undefined,
  groupings: readonly Grouping[] = [],
): PointMeasures[] | undefined {
  return measures?.map((point) => ({
    innerSteps: point.innerSteps,
    nll: point.nll,
    bins: point.bins,
    groups: groupings.filter((own) => own.of === "classes").flatMap((own) => ofClasses(own, point)),
  }));
}

/** What was measured of a cell's queries; undefined without a result, for regression, and for evaluations by versions that did not measure. */
export function measuresOf(
  { evaluation, innerSteps }: Pick<PlannedCell, "evaluation" | "innerSteps">,
  evaluations: ReadonlyMap<string, Pick<Evaluated, "measures">>,
): PointMeasures | undefined {
  return evaluations.get(evaluation)?.measures?.find((own) => own.innerSteps === innerSteps);
}

/** How well a cell's probabilities are calibrated; empty where its adapter gives none. */
export function calibrationOf(
  { adapter }: Pick<PlannedCell, "adapter">,
  measures: Pick<QueryMeasures, "nll" | "bins"> | undefined,
): Pick<CellRow, "nll" | "ece"> {
  if (measures === undefined || !givesProbabilities(adapter)) return { nll: null, ece: null };
  const queries = measures.bins.reduce((sum, [own]) => sum + own, 0);
  return {
    nll: measures.nll === null || queries === 0 ? null : measures.nll / queries,
    ece: expectedCalibrationError(measures.bins),
  };
}

/** What rows are made of. */
interface Found {
  readonly plan: Plan;
  readonly evaluations: ReadonlyMap<string, Evaluated>;
}

const keyOf = (cell: PlannedCell): CellKey & { readonly trainingUnit: string } => ({
  ...cellKeyOf(cell),
  trainingUnit: trainingName(cell.unit),
});

/** Rows of calibration.csv, in the order of the cells. */
export function calibrationRows({ plan, evaluations }: Found): CalibrationRow[] {
  return plan.cells.filter(givesCalibration).flatMap((cell) =>
    (measuresOf(cell, evaluations)?.bins ?? []).flatMap(([queries, confidence, right], index): CalibrationRow[] =>
      queries === 0
        ? []
        : [{ ...keyOf(cell), bin: index + 1, queries, confidence: confidence / queries, accuracy: right / queries }]
    )
  );
}

const givesCalibration = ({ adapter }: PlannedCell) => givesProbabilities(adapter);

/** Rows of groups.csv, in the order of the cells. */
export function groupRows({ plan, evaluations }: Found, groupings: Groupings): GroupRow[] {
  return plan.cells.flatMap((cell) => {
    const own = groupings.get(cell.dataset) ?? [];
    const scored = evaluations.get(cell.evaluation)?.curve.find(({ innerSteps }) => innerSteps === cell.innerSteps);
    if (own.length === 0 || scored === undefined) return [];
    const key = keyOf(cell);
    const scores = [
      ...measuresOf(cell, evaluations)?.groups ?? [],
      ...own.filter((grouping) => grouping.of === "episodes").flatMap((grouping) =>
        ofEpisodes(grouping, scored, measuresOf(cell, evaluations) === undefined ? "mse" : "accuracy")
      ),
    ];
    return scores.map((score): GroupRow => ({ ...key, ...score }));
  });
}

type GroupScore = Pick<GroupRow, "level" | "group" | "metric" | "count" | "mean" | "meanLog">;

/** Accuracy on the queries of each group's classes. */
function ofClasses({ level, groupOf }: Grouping, { queries, right }: QueryMeasures): GroupScore[] {
  const sums = new Map<string, { count: number; right: number }>();
  queries.forEach((count, classId) => {
    if (count === 0) return;
    const group = groupOf(classId);
    const known = sums.get(group) ?? { count: 0, right: 0 };
    sums.set(group, { count: known.count + count, right: known.right + right[classId] });
  });
  return [...sums].map(([group, { count, right }]) => ({
    ...{ level, group, metric: "accuracy", count, mean: right / count, meanLog: null },
  }));
}

/** The score of the episodes of each group. */
function ofEpisodes({ level, groupOf }: Grouping, { scores }: StepScores, metric: Metric): GroupScore[] {
  const finite = scores.flatMap((score, episode) => score === null ? [] : [{ score, group: groupOf(episode) }]);
  return [...Map.groupBy(finite, ({ group }) => group)].map(([group, episodes]) => {
    const mean = (value: (score: number) => number) =>
      episodes.reduce((sum, { score }) => sum + value(score), 0) / episodes.length;
    return {
      ...{ level, group, metric, count: episodes.length, mean: mean((score) => score) },
      meanLog: metric === "accuracy" ? null : mean((mse) => Math.log(Math.max(mse, LEAST_MSE))),
    };
  });
}

/** float32 predictions cannot be closer to a target than this without being equal to it. */
const LEAST_MSE = 1e-30;

/** Rows of adaptation_times.csv: one per cell at the end of its evaluation's curve, in the order of the cells. */
export function adaptationTimeRows({ plan, evaluations }: Found, store: Store): AdaptationTimeRow[] {
  return plan.cells.flatMap((cell): AdaptationTimeRow[] => {
    const last = evaluations.get(cell.evaluation)?.curve.at(-1);
    if (last === undefined || last.innerSteps !== cell.innerSteps) return [];
    const adaptMs = store.evaluationTiming(cell.evaluation)?.adaptMs;
    if (adaptMs === undefined) return [];
    const backend = store.trainingTiming(cell.unit)?.backend ?? "";
    return [{ ...keyOf(cell), adaptMs, adaptMflop: last.adaptFlops / 1e6, backend }];
  });
}
