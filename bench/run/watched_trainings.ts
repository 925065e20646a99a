/** Trainings that were watched on the same validation episodes, in groups of an algorithm with its seeds: what costs are compared by. */
import type { Catalog } from "../plan/catalog.ts";
import { pairingsOf } from "../plan/pairings.ts";
import type { Plan } from "../plan/plan.ts";
import type { TrainingResult, TrainingUnit, TrainSpec, ValidationPoint } from "../store/types.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { placeKey } from "../../reports/rows/place.ts";
import type { Setting } from "../../reports/rows/setting.ts";
import type { Placed } from "../../reports/statistics/cells.ts";

/**
 * The trainings of a plan whose validation scores can be compared: watched at the shots that the sweep declares for validation, trials apart, and of trainings
 * for several numbers of inner steps the one for the most.
 */
export function comparableUnits({ units, cells }: Plan, { datasets }: Pick<Sweep, "datasets">): TrainingUnit[] {
  const served = new Set(cells.map(({ unit }) => unit));
  const shots = new Map(datasets.map(({ name, validation }) => [name, validation?.shots]));
  const watched = units.filter(({ id, spec }) =>
    served.has(id) && spec.validation != null && spec.validation.shots === shots.get(spec.dataset)
  );
  const most = new Map<string, number>();
  const family = ({ spec }: TrainingUnit) => JSON.stringify([spec.dataset, groupKey(spec)]);
  for (const unit of watched) {
    most.set(family(unit), Math.max(most.get(family(unit)) ?? 0, unit.spec.innerSteps ?? 0));
  }
  return watched.filter((unit) => (unit.spec.innerSteps ?? 0) === most.get(family(unit)));
}

/** Names the trainings of one algorithm at one depth in one setting. */
function groupKey({ norm, algorithm, sharingDepth, hyper }: TrainSpec): string {
  return JSON.stringify([norm, algorithm, sharingDepth, hyper.pool]);
}

/** One training with its curve. */
export interface Watched {
  readonly unit: TrainingUnit;
  /** At least one point. */
  readonly curve: readonly ValidationPoint[];
  readonly training: TrainingResult;
}

/** The trainings of one algorithm at one depth in one setting, by seed. */
export interface Group extends Setting {
  readonly key: string;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  readonly shots: number | null;
  readonly innerSteps: number | null;
  readonly bySeed: ReadonlyMap<number, Watched>;
}

/** What was watched on one data set. */
export interface WatchedDataSet {
  readonly dataset: string;
  readonly groups: readonly Group[];
  /** Both sides of the comparisons that give the answer, each pair of groups once. */
  readonly answering: readonly (readonly [Group, Group])[];
}

/** What was watched, data set by data set, in the sweep's order. */
export function watchedTrainings(
  sweep: Sweep,
  plan: Plan,
  trainings: ReadonlyMap<string, TrainingResult>,
  catalog: Catalog,
): WatchedDataSet[] {
  const units = comparableUnits(plan, sweep);
  const answering = new Set(sweep.families.filter(({ purpose }) => purpose === "answer").map(({ name }) => name));
  const comparisons = sweep.comparisons.filter(({ family }) => answering.has(family));
  const pairs = pairingsOf(sweep, plan, catalog, comparisons).flatMap(({ pairs }) => pairs);
  const specs = new Map(plan.units.map(({ id, spec }) => [id, spec]));
  const servedBy = new Map(plan.cells.map((cell) => [`${placeKey(cell)} ${cell.dataset}`, cell.unit]));
  return sweep.datasets.map(({ name }) => {
    const groups = groupsOf(units.filter(({ spec }) => spec.dataset === name), trainings);
    const groupOf = ({ place }: Placed) => {
      const spec = specs.get(servedBy.get(`${placeKey(place)} ${name}`) ?? "");
      if (spec === undefined || spec.algorithm !== place.algorithm) return undefined;
      return groups.find(({ key }) => key === groupKey(spec));
    };
    const distinct = new Map<string, readonly [Group, Group]>();
    for (const pair of pairs.filter(({ a }) => a.dataset === name)) {
      const [a, b] = [groupOf(pair.a), groupOf(pair.b)];
      if (a !== undefined && b !== undefined && a !== b) distinct.set(`${a.key} ${b.key}`, [a, b]);
    }
    return { dataset: name, groups, answering: [...distinct.values()] };
  });
}

function groupsOf(units: readonly TrainingUnit[], trainings: ReadonlyMap<string, TrainingResult>): Group[] {
  const groups = new Map<string, Group & { readonly bySeed: Map<number, Watched> }>();
  for (const unit of units) {
    const { norm, algorithm, sharingDepth, shots, innerSteps, seed, hyper: { pool } } = unit.spec;
    const key = groupKey(unit.spec);
    const setting = { norm, trainingTasks: pool === 0 ? null : pool };
    const group = groups.get(key) ?? { key, ...setting, algorithm, sharingDepth, shots, innerSteps, bySeed: new Map() };
    const training = trainings.get(unit.id);
    if (training !== undefined && training.validation.length > 0) {
      group.bySeed.set(seed, { unit, training, curve: training.validation });
    }
    groups.set(key, group);
  }
  return [...groups.values()];
}
