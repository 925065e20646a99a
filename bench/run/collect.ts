/** From stored results to rows. The same results give the same rows, however they came about. */
import { cellKeyOf } from "../../reports/rows/place.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { diversityRows, representationRows } from "./adaptation_rows.ts";
import { domainOf, trainingCost, trainingOf } from "./cell_facts.ts";
import { costToTarget } from "./cost_to_target.ts";
import { distanceRows } from "./distances.ts";
import { equalOperations } from "./equal_operations.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import type {
  AdaptationTimeRow,
  CalibrationRow,
  CellRow,
  CostToTargetRow,
  DistanceRow,
  DiversityRow,
  EqualOperationsRow,
  GroupRow,
  RepresentationRow,
  TimingRow,
  ValidationRow,
} from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";
import type { TrainingResult } from "../store/types.ts";
import type { Illustration } from "../../reports/view/input.ts";
import {
  adaptationTimeRows,
  calibrationOf,
  calibrationRows,
  condensed,
  type Groupings,
  groupingsOn,
  groupRows,
  measuresOf,
  type PointMeasures,
} from "./measured_rows.ts";
import { collapsedTrainings, flagsOf } from "./row_flags.ts";
import { divergenceLimits, summarise, type Summary } from "./summaries.ts";
import { curveRows, timingRows } from "./training_rows.ts";
import { watchedTrainings } from "./watched_trainings.ts";

/** Everything a report is made of. */
export interface Collected {
  /** In the plan's order. */
  readonly rows: readonly CellRow[];
  /** Per row, one score per test episode; [] where there are none. */
  readonly scores: readonly (readonly (number | null)[])[];
  readonly timings: readonly TimingRow[];
  /** How trainings went, on validation episodes. */
  readonly curves: readonly ValidationRow[];
  /** How far adaptation moved each layer's representation; in the order of the rows, layer by layer. */
  readonly representations: readonly RepresentationRow[];
  /** Per bin of confidence, of classification cells with probabilities; in the order of the rows. */
  readonly calibration: readonly CalibrationRow[];
  /** Scores of groups of classes or tasks; in the order of the rows. */
  readonly groups: readonly GroupRow[];
  /** How long adapting to an episode took here; in the order of the rows. */
  readonly adaptationTimes: readonly AdaptationTimeRow[];
  /** How differently tasks move the weights; in the order of the rows. */
  readonly diversity: readonly DiversityRow[];
  /** How far the predictions of two methods are apart. */
  readonly distances: readonly DistanceRow[];
  /** What it took to reach scores. */
  readonly costToTarget: readonly CostToTargetRow[];
  /** Both sides of the answer at equal operations and as they ended. */
  readonly equalOperations: readonly EqualOperationsRow[];
  /** What episode 0 looked like, by evaluation, of the first seed: what pictures are made of. */
  readonly illustrations: ReadonlyMap<string, readonly Illustration[]>;
  /** Finished trainings by address. */
  readonly trainings: ReadonlyMap<string, TrainingResult>;
}

/** What rows depend on besides the plan and the store. */
export interface CollectOptions {
  readonly sweep: Sweep;
  readonly catalog: Catalog;
  /** The data sets that are not skipped, opened. */
  readonly opened: ReadonlyMap<string, DataSet>;
  /** Reasons by address, from the pool. */
  readonly failures: ReadonlyMap<string, string>;
  /** How test classes or episodes are grouped, by data set. */
  readonly groupings?: Groupings;
}

/** Collects all rows. */
export function collect(plan: Plan, store: Store, options: CollectOptions): Collected {
  const trainings = new Map<string, TrainingResult>();
  const evaluations = new Map<string, Scored>();
  const illustrations = new Map<string, readonly Illustration[]>();
  for (const { id, spec: { dataset, seed }, evaluations: jobs } of plan.units) {
    const training = store.training(id);
    if (training !== undefined) trainings.set(id, training);
    for (const job of jobs) {
      const evaluation = store.evaluation(job.id);
      if (evaluation === undefined) continue;
      const { illustrations: pictured, measures, ...scored } = evaluation;
      const groupings = groupingsOn(dataset, job.spec, options.groupings);
      evaluations.set(job.id, { ...scored, measures: condensed(measures, groupings) });
      if (seed === options.sweep.seeds[0]) illustrations.set(job.id, pictured);
    }
  }
  const sweeps = new Map(options.sweep.datasets.map((entry) => [entry.name, entry]));
  const limits = new Map(
    [...options.opened].map(([name, dataSet]) => [name, divergenceLimits(dataSet, sweeps.get(name))]),
  );
  const { catalog } = options;
  const units = new Map(plan.units.map((unit) => [unit.id, unit]));
  const collapsed = collapsedTrainings(plan.units, trainings, catalog);
  const scores: (readonly (number | null)[])[] = [];
  const rows = plan.cells.map((cell): CellRow => {
    const found = evaluations.get(cell.evaluation)?.curve.find(({ innerSteps }) => innerSteps === cell.innerSteps);
    scores.push(found?.scores ?? []);
    const { metric } = catalog.dataSets[cell.dataset];
    const summary = summarise(found?.scores ?? [], metric === "mse", limits.get(cell.dataset));
    const { status, reason } = statusOf(
      cell,
      trainings.get(cell.unit),
      found?.scores,
      options.failures,
      summary,
    );
    const { finite: _, ...numbers } = summary;
    return {
      ...cellKeyOf(cell),
      adaptStrength: found?.strength ?? null,
      metric,
      ...numbers,
      ...calibrationOf(cell, measuresOf(cell, evaluations)),
      ...trainingCost(units.get(cell.unit), trainings.get(cell.unit), catalog),
      adaptMflop: found === undefined ? null : found.adaptFlops / 1e6,
      status,
      reason,
      flags: flagsOf(
        units.get(cell.unit)?.spec,
        trainings.get(cell.unit),
        sweeps.get(cell.dataset),
        collapsed.has(cell.unit),
      ),
      trainingUnit: trainingOf(cell),
      ...domainOf(cell.dataset, sweeps.get(cell.dataset), options.opened.get(cell.dataset)),
    };
  });
  const watched = watchedTrainings(options.sweep, plan, trainings, catalog);
  return {
    rows,
    scores,
    timings: timingRows(plan, store, trainings),
    curves: curveRows(plan, trainings, catalog),
    representations: representationRows(plan, evaluations),
    calibration: calibrationRows({ plan, evaluations }),
    groups: groupRows({ plan, evaluations }, options.groupings ?? new Map()),
    adaptationTimes: adaptationTimeRows({ plan, evaluations }, store),
    diversity: diversityRows(plan, evaluations),
    distances: distanceRows(options, plan, rows, evaluations),
    costToTarget: costToTarget(options.sweep, watched, catalog),
    equalOperations: equalOperations(options.sweep, watched, catalog),
    illustrations,
    trainings,
  };
}

/** What rows need of an evaluation. Its pictures are larger than its scores, and are not kept of thousands of seeds; nor is what there is of every class. */
interface Scored extends Omit<MeasuredEvaluation, "illustrations" | "measures"> {
  readonly measures?: readonly PointMeasures[];
}

function statusOf(
  cell: PlannedCell,
  training: TrainingResult | undefined,
  scores: readonly (number | null)[] | undefined,
  failures: ReadonlyMap<string, string>,
  { finite, diverged, episodes }: Summary,
): Pick<CellRow, "status" | "reason"> {
  if (cell.skipped !== "") return { status: "skipped", reason: cell.skipped };
  if (training?.status === "diverged") return { status: "diverged", reason: training.reason };
  if (training === undefined || scores === undefined) {
    const reason = failures.get(cell.unit) ?? failures.get(cell.evaluation) ?? "not computed";
    return { status: "failed", reason };
  }
  if (finite === 0) return { status: "diverged", reason: "no test episode has a finite score" };
  if (diverged === episodes) {
    return { status: "diverged", reason: "every test episode is beyond the sweep's divergedFactor times predicting 0" };
  }
  return { status: "ok", reason: "" };
}
