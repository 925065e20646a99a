/**
 * The planner: a sweep becomes training units and cells.
 *
 * An algorithm declares which axes its cells read and which of them change what it learns. Training happens once per state that is really
 * different; a cell that another axis value would not change is made once; an adaptation curve is computed once and scored at
 * every inner-step count that is asked for.
 */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { canonicalJson } from "../../common/digest.ts";
import type { Catalog, PlannedAdapter, PlannedAlgorithm } from "./catalog.ts";
import type { Norm } from "../../common/vocabulary.ts";
import { derivationOf, trainedOn } from "../sweeps/derived.ts";
import { keptPredictionsOf } from "../sweeps/sourced.ts";
import type { DataSetSweep, Hyper, Sweep } from "../sweeps/schema.ts";
import type {
  EvaluationJob,
  EvaluationSpec,
  Plan,
  PlannedCell,
  TrainingUnit,
  TrainSpec,
  ValidationSpec,
} from "../store/types.ts";
import { withBudget } from "./budget.ts";
import { imageSettings } from "./images.ts";
import { matchedTo } from "./matched.ts";
import { familiesOf, type Family, type Point, points } from "./points.ts";
import { hyperOf, ownSettings } from "./validate.ts";

export type { Plan, PlannedCell };

/** How the planner names what it plans; see `address.ts`. */
export interface Addresses {
  unit(spec: TrainSpec): string;
  evaluation(unitId: string, spec: EvaluationSpec): string;
}

/** What tuning chose; undefined where the sweep's own settings hold. */
export type Tuned = (
  dataset: string,
  norm: Norm,
  algorithm: string,
  sharingDepth: number | null,
) => Partial<Hyper> | undefined;

/** A cell whose evaluation has not got its inner steps and address yet. */
interface Draft {
  readonly cell: Omit<PlannedCell, "unit" | "evaluation">;
  readonly unit: DraftUnit;
  readonly evaluation: DraftEvaluation;
}

interface DraftUnit {
  readonly id: string;
  readonly spec: TrainSpec;
  readonly evaluations: Map<string, DraftEvaluation>;
}

interface DraftEvaluation {
  readonly spec: Omit<EvaluationSpec, "innerSteps">;
  readonly innerSteps: Set<number>;
  id: string;
}

/**
 * Plans a sweep that `validateSweep` has passed.
 *
 * @param skipped reasons, by data set, for leaving its cells out
 * @param tuned settings that take the place of the sweep's own
 */
export function planSweep(
  sweep: Sweep,
  catalog: Catalog,
  addresses: Addresses,
  skipped: ReadonlyMap<string, string> = new Map(),
  tuned: Tuned = () => undefined,
): Plan {
  const units = new Map<string, DraftUnit>();
  const drafts: Draft[] = [];
  for (const entry of sweep.datasets) {
    for (const name of algorithmsOn(entry, sweep)) {
      for (const seed of sweep.seeds) {
        const options = { catalog, addresses, tuned, skipped: skipped.get(entry.name) ?? "" };
        drafts.push(...draftCells(entry, name, seed, units, options));
      }
    }
  }
  const planned = [...units.values()].map(({ id, spec, evaluations }): TrainingUnit => ({
    id,
    spec,
    evaluations: [...evaluations.values()].map((evaluation): EvaluationJob => {
      const innerSteps = [...evaluation.innerSteps].sort((a, b) => a - b);
      const full: EvaluationSpec = { ...evaluation.spec, innerSteps };
      evaluation.id = addresses.evaluation(id, full);
      return { id: evaluation.id, spec: full };
    }),
  }));
  const cells = drafts.map(({ cell, unit, evaluation }): PlannedCell => ({
    ...cell,
    unit: cell.skipped === "" ? unit.id : "",
    evaluation: cell.skipped === "" ? evaluation.id : "",
  }));
  return { units: planned, cells };
}

/** All cells of one algorithm on one data set with one seed. */
function draftCells(
  entry: DataSetSweep,
  name: string,
  seed: number,
  units: Map<string, DraftUnit>,
  { catalog, addresses, tuned, skipped }: {
    readonly catalog: Catalog;
    readonly addresses: Addresses;
    readonly tuned: Tuned;
    readonly skipped: string;
  },
): Draft[] {
  const algorithm = catalog.algorithms[name];
  const layers = catalog.layerCount(entry.model, entry.hidden);
  const drafts: Draft[] = [];
  for (const { norm, depth, trainingTasks } of familiesOf(entry, algorithm, layers, catalog)) {
    const hyper = { ...hyperOf(entry, name), ...tuned(trainedOn(entry), norm, name, depth) };
    const base = { entry, algorithm, hyper, layers, norm, depth, trainingTasks, seed };
    for (const point of points(base, catalog)) {
      const spec = trainSpec(base, point, catalog);
      const key = canonicalJson(spec);
      let unit = units.get(key);
      if (unit === undefined) {
        unit = { id: skipped === "" ? addresses.unit(spec) : "", spec, evaluations: new Map() };
        if (skipped === "") units.set(key, unit);
      }
      const evaluation = evaluationIn(unit, base, point, catalog.adapters[point.adapter]);
      const { adapter, shots, innerSteps, frozen, taskStart } = point;
      if (innerSteps !== null) evaluation.innerSteps.add(innerSteps);
      drafts.push({
        cell: {
          dataset: entry.name,
          norm,
          algorithm: name,
          adapter,
          shots,
          innerSteps,
          sharingDepth: depth,
          adaptDepth: frozen,
          taskStart,
          trainingTasks,
          seed,
          skipped,
        },
        unit,
        evaluation,
      });
    }
  }
  return drafts;
}

/** The training that serves a cell with these shots and inner steps. */
export function trainSpec(
  { entry, algorithm, hyper, layers, norm, depth, trainingTasks, seed }: Family,
  point: Pick<Point, "shots" | "innerSteps">,
  catalog: Catalog,
): TrainSpec {
  const same = algorithm.sameTrainingAs?.(depth, layers) ?? { algorithm: algorithm.name, sharingDepth: depth };
  const shapes = new Set(algorithm.shapesTraining);
  const { trainShots, trainInnerSteps, gflop, adaptLrs: _, ...rest } = hyper;
  const shots = shapes.has("shots") ? matchedTo(trainShots, point.shots) : null;
  const innerSteps = shapes.has("innerSteps") ? matchedTo(trainInnerSteps, stepsOf(entry, point.innerSteps)) : null;
  const spec: TrainSpec = {
    dataset: trainedOn(entry),
    ways: entry.ways,
    model: entry.model,
    hidden: entry.hidden,
    ...imageSettings(entry, catalog),
    norm,
    ...same,
    shots,
    innerSteps,
    seed,
    hyper: {
      ...rest,
      pool: poolOf(algorithm, rest, trainingTasks),
      own: ownSettings(algorithm, rest, `the settings of ${algorithm.name} on "${entry.name}"`),
    },
    validation: algorithm.data === "none" ? null : validationSpec(entry, shots, innerSteps),
  };
  return withBudget(spec, gflop, catalog);
}

/** The finite set of tasks that a training has; 0 for ever new ones, or where it has no tasks. */
function poolOf({ data }: PlannedAlgorithm, { pool }: Pick<Hyper, "pool">, trainingTasks: number | null): number {
  if (data === "labelled" || data === "none") return 0;
  return trainingTasks ?? (data === "pool" ? pool : 0);
}

/** Trainings are watched as they train; those without shots or steps of their own, as the sweep says. */
function validationSpec(
  { validation }: DataSetSweep,
  shots: number | null,
  innerSteps: number | null,
): ValidationSpec | null {
  if (validation === null) return null;
  const { tolerance: _, ...rest } = validation;
  return { ...rest, shots: shots ?? rest.shots, innerSteps: innerSteps ?? rest.innerSteps };
}

/**
 * Inner steps of the training that serves a cell when the two are matched. Training without a step is no meta-learning, so the score before
 * adaptation is that of the fewest steps on the axis; an adapter that takes no steps is put on the most.
 */
function stepsOf(entry: DataSetSweep, innerSteps: number | null): number {
  const positive = entry.innerSteps.filter((steps) => steps > 0);
  if (innerSteps === null) return Math.max(1, ...positive);
  return innerSteps > 0 ? innerSteps : positive.length > 0 ? Math.min(...positive) : 1;
}

function evaluationIn(
  unit: DraftUnit,
  { entry, algorithm, hyper }: Family,
  point: Point,
  { readsInnerSteps }: PlannedAdapter,
): DraftEvaluation {
  const { adapter, shots, adaptDepth, taskStart } = point;
  const testOn = derivationOf(entry)?.testedOn === undefined ? undefined : entry.name;
  const key = JSON.stringify([adapter, shots, adaptDepth, taskStart, testOn ?? null]);
  const known = unit.evaluations.get(key);
  if (known !== undefined) return known;
  const { episodes, testQueries } = entry;
  const keptPredictions = readsInnerSteps ? keptPredictionsOf(entry) : 0;
  // What training may try, adaptation may use, whichever algorithm it is.
  const candidates = hyper.adaptLrs.length > 0
    ? [...new Set([...hyper.adaptLrs, ...entry.tuning?.innerLrs ?? []])]
    : [hyper.innerLr];
  const hasRates = algorithm.innerRates?.({ meta: {}, own: unit.spec.hyper.own }) !== undefined;
  const innerLrs = !readsInnerSteps ? [] : hasRates ? [hyper.innerLr] : candidates;
  const spec = {
    ...{ adapter, shots, adaptDepth, taskStart, innerLrs, episodes, testQueries },
    ...(testOn === undefined ? {} : { testOn }),
    ...(keptPredictions === 0 ? {} : { keptPredictions }),
  };
  const made: DraftEvaluation = { spec, innerSteps: new Set(), id: "" };
  unit.evaluations.set(key, made);
  return made;
}
