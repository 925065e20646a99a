/** From stored results to rows. The same results give the same rows, however they came about. */
import { trainingName } from "../../reports/rows/column.ts";
import { cellKeyOf } from "../../reports/rows/place.ts";
import { canonicalJson } from "../../common/digest.ts";
import { collapsedSeeds } from "../../reports/statistics/collapse.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { gradientsPerIteration } from "../plan/cost.ts";
import { diversityRows, representationRows } from "./adaptation_rows.ts";
import { domainOf, flagsOf } from "./cell_facts.ts";
import { costToTarget } from "./cost_to_target.ts";
import { equalOperations } from "./equal_operations.ts";
import type { Plan, PlannedCell } from "../plan/plan.ts";
import type { Store } from "../store/store.ts";
import type { TIMING_KEY } from "../../reports/rows/training_row.ts";
import type {
  CellRow,
  CostToTargetRow,
  DiversityRow,
  EqualOperationsRow,
  RepresentationRow,
  TimingRow,
  ValidationRow,
} from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { EvaluationResult, TrainingResult, TrainingUnit, TrainSpec } from "../store/types.ts";
import type { Illustration } from "../../reports/view/input.ts";
import { divergenceLimits, summarise, type Summary } from "./summaries.ts";
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
  /** How differently tasks move the weights; in the order of the rows. */
  readonly diversity: readonly DiversityRow[];
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
}

/** Collects all rows. */
export function collect(plan: Plan, store: Store, options: CollectOptions): Collected {
  const trainings = new Map<string, TrainingResult>();
  const evaluations = new Map<string, Scored>();
  const illustrations = new Map<string, readonly Illustration[]>();
  for (const { id, spec: { seed }, evaluations: jobs } of plan.units) {
    const training = store.training(id);
    if (training !== undefined) trainings.set(id, training);
    for (const job of jobs) {
      const evaluation = store.evaluation(job.id);
      if (evaluation === undefined) continue;
      const { illustrations: pictured, ...scored } = evaluation;
      evaluations.set(job.id, scored);
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
      ...trainingCost(units.get(cell.unit), trainings.get(cell.unit), catalog),
      adaptMflop: found === undefined ? null : found.adaptFlops / 1e6,
      status,
      reason,
      flags: flagsOf(trainings.get(cell.unit), sweeps.get(cell.dataset), collapsed.has(cell.unit)),
      trainingUnit: cell.unit === "" ? "" : trainingName(cell.unit),
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
    diversity: diversityRows(plan, evaluations),
    costToTarget: costToTarget(options.sweep, watched, catalog),
    equalOperations: equalOperations(options.sweep, watched, catalog),
    illustrations,
    trainings,
  };
}

/** What rows need of an evaluation. Its pictures are larger than its scores, and are not kept of thousands of seeds. */
type Scored = Omit<EvaluationResult, "illustrations">;

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function trainingCost(
  unit: TrainingUnit | undefined,
  training: TrainingResult | undefined,
  { algorithms, layerCount }: Catalog,
): Pick<CellRow, "trainGflop" | "trainGradients"> {
  if (unit === undefined || training === undefined) return { trainGflop: null, trainGradients: null };
  const { spec } = unit;
  const gradients = gradientsPerIteration(algorithms[spec.algorithm], spec, layerCount(spec.model, spec.hidden));
  return { trainGflop: training.flops / 1e9, trainGradients: training.iterations * gradients };
}

/** Addresses of finished trainings whose last validation score is far worse than those of the same training with other seeds. */
function collapsedTrainings(
  units: readonly TrainingUnit[],
  trainings: ReadonlyMap<string, TrainingResult>,
  { dataSets }: Catalog,
): ReadonlySet<string> {
  const watched = units.filter(({ id }) => {
    const training = trainings.get(id);
    return training?.status === "ok" && training.validation.length > 0;
  });
  const groups = Map.groupBy(watched, ({ spec }) => canonicalJson({ ...spec, seed: null }));
  return new Set([...groups.values()].flatMap((group) => {
    const scores = group.map(({ id }) => trainings.get(id)?.validation.at(-1)?.score ?? null);
    const collapsed = collapsedSeeds(scores, dataSets[group[0].spec.dataset].metric);
    return group.filter((_, i) => collapsed[i]).map(({ id }) => id);
  }));
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

/** What names a training in the tables. */
function trainingKey(
  id: string,
  { dataset, norm, algorithm, sharingDepth, shots, innerSteps, seed, hyper }: TrainSpec,
): Pick<TimingRow, typeof TIMING_KEY[number]> {
  const trainingTasks = hyper.pool === 0 ? null : hyper.pool;
  const trainingUnit = trainingName(id);
  return { trainingUnit, dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks, seed };
}

function curveRows({ units }: Plan, trainings: ReadonlyMap<string, TrainingResult>, { dataSets }: Catalog) {
  return units.flatMap(({ id, spec }) =>
    (trainings.get(id)?.validation ?? []).map(({ iteration, score, flops }): ValidationRow => ({
      ...trainingKey(id, spec),
      outerLr: spec.hyper.outerLr,
      innerLr: spec.hyper.innerLr,
      iteration,
      metric: dataSets[spec.dataset].metric,
      score,
      trainGflop: flops / 1e9,
    }))
  );
}

function timingRows(plan: Plan, store: Store, trainings: ReadonlyMap<string, TrainingResult>): TimingRow[] {
  return plan.units.filter(({ id }) => trainings.has(id)).map(({ id, spec, evaluations }): TimingRow => {
    const training = trainings.get(id);
    const timing = store.trainingTiming(id);
    const adapted = evaluations.map((job) => store.evaluationTiming(job.id)).filter((entry) => entry !== undefined);
    const peaks = [timing, ...adapted].flatMap((entry) => entry === undefined ? [] : [entry.peakRssMib]);
    return {
      ...trainingKey(id, spec),
      iterations: training?.iterations ?? 0,
      trainS: timing?.trainS ?? null,
      iterationsPerS: timing?.iterationsPerS ?? null,
      validateS: timing?.validateS ?? null,
      evaluateS: adapted.length === 0 ? null : sum(adapted.map((entry) => entry.evaluateS)),
      trainGflop: training === undefined ? null : training.flops / 1e9,
      peakRssMib: peaks.length === 0 ? null : Math.max(...peaks),
      backend: timing?.backend ?? "",
    };
  });
}
