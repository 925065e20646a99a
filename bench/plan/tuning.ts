/**
 * Equal tuning: every algorithm gets the same number of trials at every sharing depth of a data set, and what does best on validation episodes is what
 * all its units train with. Trials are trainings like any other; test episodes are never touched.
 */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { canonicalJson } from "../../common/digest.ts";
import { type Key, rng } from "../../common/random.ts";
import type { Norm, TaskKind } from "../../common/vocabulary.ts";
import type { Catalog, PlannedAlgorithm } from "./catalog.ts";
import { type Addresses, type Plan, trainSpec, type Tuned } from "./plan.ts";
import { familiesOf } from "./points.ts";
import { trainingName } from "../../reports/rows/column.ts";
import type { TuningRow } from "../../reports/rows/rows.ts";
import { trainedOn } from "../sweeps/derived.ts";
import type { DataSetSweep, Hyper, Sweep, TuningSweep } from "../sweeps/schema.ts";
import type { TrainingResult, TrainingUnit } from "../store/types.ts";
import { hyperOf } from "./validate.ts";

/** The settings that are tuned. */
export interface TunedValues {
  readonly outerLr: number;
  readonly innerLr: number;
  /** Settings of the algorithm's own, where those are tried. */
  readonly own?: Hyper["own"];
}

/** One training that settings are tried in. */
export interface Trial {
  readonly dataset: string;
  readonly norm: Norm;
  readonly algorithm: string;
  readonly sharingDepth: number | null;
  /** From 1, in the order of the grid. */
  readonly trial: number;
  readonly unit: TrainingUnit;
}

/**
 * What an algorithm tries. Where it adapts by gradient, in training or to be used, that is the grid of outer and inner step sizes. Where it does not, the
 * inner step size changes nothing, and as many outer step sizes are tried instead, evenly spaced in the logarithm over the same range.
 *
 * @param own its inner step size when that is not tried
 */
export function trialValues(
  { outerLrs, innerLrs }: TuningSweep,
  adaptsByGradient: boolean,
  own: number,
): TunedValues[] {
  const [outer, inner] = [[...new Set(outerLrs)], [...new Set(innerLrs)]];
  if (adaptsByGradient) return outer.flatMap((outerLr) => inner.map((innerLr) => ({ outerLr, innerLr })));
  if (inner.length === 1) return outer.map((outerLr) => ({ outerLr, innerLr: own }));
  const [low, high] = [Math.log(Math.min(...outer)), Math.log(Math.max(...outer))];
  const count = outer.length * inner.length;
  return Array.from({ length: count }, (_, index) => ({
    outerLr: Number(Math.exp(low + (high - low) * index / (count - 1)).toPrecision(4)),
    innerLr: own,
  }));
}

function adaptsByGradient(
  algorithm: PlannedAlgorithm,
  kind: TaskKind,
  depth: number | null,
  layers: number,
  catalog: Catalog,
) {
  const native = algorithm.nativeAdapters.map((name) => catalog.adapters[name]).find(({ supports }) =>
    supports.includes(kind)
  );
  return native?.readsInnerSteps === true && algorithm.adaptationMask(depth, layers).includes(true);
}

/**
 * The step sizes crossed with candidates of an algorithm's own settings. Where that makes more trials than others have, as many are drawn from them, so that
 * the budget stays the same for all.
 *
 * @param key names the draw
 */
export function withOwnSettings(
  values: readonly TunedValues[],
  candidates: Readonly<Record<string, readonly Hyper["own"][string][]>>,
  key: Key,
): TunedValues[] {
  const grid = Object.entries(candidates).reduce<readonly TunedValues[]>(
    (tried, [name, options]) =>
      tried.flatMap((one) => [...new Set(options)].map((option) => ({ ...one, own: { ...one.own, [name]: option } }))),
    values,
  );
  if (grid.length <= values.length) return [...grid];
  return rng(["tuning", ...key]).choose(values.length, grid.length).sort((a, b) => a - b).map((index) => grid[index]);
}

/**
 * The trials of a sweep. Each (data set, algorithm, sharing depth) is tuned once, on the first number of training tasks, at the most shots and the most inner steps of the sweep's axes, and what
 * is chosen there serves all of its shots, steps and seeds.
 *
 * @param skipped reasons, by data set, for leaving it out
 */
export function planTuning(
  sweep: Sweep,
  catalog: Catalog,
  addresses: Addresses,
  skipped: ReadonlyMap<string, string> = new Map(),
): Trial[] {
  // What a derived data set shares with another one is tried once.
  const entries = new Map(
    sweep.datasets.filter(({ name }) => !skipped.has(name)).toReversed().map((entry) => [trainedOn(entry), entry]),
  );
  return sweep.datasets.filter((entry) => entries.get(trainedOn(entry)) === entry).flatMap((entry) =>
    entry.tuning === null
      ? []
      : algorithmsOn(entry, sweep).flatMap((name) => trialsOf(entry, entry.tuning, name, catalog, addresses))
  );
}

function trialsOf(
  entry: DataSetSweep,
  tuning: TuningSweep | null,
  name: string,
  catalog: Catalog,
  addresses: Addresses,
): Trial[] {
  const algorithm = catalog.algorithms[name];
  if (tuning === null || algorithm.data === "none") return [];
  const layers = catalog.layerCount(entry.model, entry.hidden);
  const hyper = hyperOf(entry, name);
  const place = { shots: Math.max(...entry.shots), innerSteps: Math.max(...entry.innerSteps) };
  const { kind } = catalog.dataSets[entry.name];
  const families = familiesOf({ ...entry, trainingTasks: entry.trainingTasks.slice(0, 1) }, algorithm, layers, catalog);
  return families.flatMap(({ norm, depth, trainingTasks }) => {
    const rates = trialValues(tuning, adaptsByGradient(algorithm, kind, depth, layers, catalog), hyper.innerLr);
    const dataset = trainedOn(entry);
    const key = [dataset, norm, name, String(depth)];
    return withOwnSettings(rates, tuning.own?.[name] ?? {}, key).map((values, index): Trial => {
      const tried = {
        ...hyper,
        ...values,
        own: { ...hyper.own, ...values.own },
        ...(tuning.iterations === null ? {} : { iterations: tuning.iterations, gflop: null }),
      };
      const spec = trainSpec(
        { entry, algorithm, hyper: tried, layers, norm, depth, trainingTasks, seed: tuning.seed },
        place,
        catalog,
      );
      const unit = { id: addresses.unit(spec), spec, evaluations: [] };
      return { dataset, norm, algorithm: name, sharingDepth: depth, trial: index + 1, unit };
    });
  });
}

/** The trainings behind trials, each once. */
export function trialUnits(trials: readonly Trial[]): TrainingUnit[] {
  return [...new Map(trials.map(({ unit }) => [unit.id, unit])).values()];
}

/** The plan with the trials among its units, so that what they cost is counted too. */
export function withTrials(plan: Plan, trials: readonly Trial[]): Plan {
  const planned = new Set(plan.units.map(({ id }) => id));
  return { ...plan, units: [...plan.units, ...trialUnits(trials).filter(({ id }) => !planned.has(id))] };
}

/**
 * Chooses, per data set, algorithm and sharing depth, the trial whose last validation score is best; the first of equals. Trials that diverged or failed
 * are never chosen.
 *
 * @param resultOf finished trainings by address
 * @param failures reasons by address
 */
export function chooseTuned(
  trials: readonly Trial[],
  catalog: Catalog,
  resultOf: (id: string) => TrainingResult | undefined,
  failures: ReadonlyMap<string, string> = new Map(),
): TuningRow[] {
  const rows = trials.map(({ dataset, norm, algorithm, sharingDepth, trial, unit }): TuningRow => {
    const { outerLr, innerLr, own, iterations } = unit.spec.hyper;
    const result = resultOf(unit.id);
    const status = result?.status ?? "failed";
    return {
      ...{ dataset, norm, algorithm, sharingDepth, trial, outerLr, innerLr },
      own: Object.keys(own).length === 0 ? "" : canonicalJson(own),
      iterations,
      seed: unit.spec.seed,
      metric: catalog.dataSets[dataset].metric,
      score: status === "ok" ? result?.validation.at(-1)?.score ?? null : null,
      chosen: "no",
      status,
      reason: result?.reason ?? failures.get(unit.id) ?? "not computed",
      trainingUnit: trainingName(unit.id),
    };
  });
  const best = new Map<string, TuningRow>();
  for (const row of rows) {
    const rival = best.get(familyOf(row));
    if (row.score !== null && (rival === undefined || isBetter(row, rival))) best.set(familyOf(row), row);
  }
  return rows.map((row) => best.get(familyOf(row)) === row ? { ...row, chosen: "yes" } : row);
}

function isBetter({ metric, score }: TuningRow, rival: TuningRow): boolean {
  if (score === null || rival.score === null) return rival.score === null;
  return metric === "mse" ? score < rival.score : score > rival.score;
}

/** Names what is tuned together: an algorithm at a sharing depth, under a normalisation, on a data set. */
export function familyOf(
  { dataset, norm, algorithm, sharingDepth }: Pick<TuningRow, "dataset" | "norm" | "algorithm" | "sharingDepth">,
): string {
  return `${dataset} ${norm} ${algorithm} ${sharingDepth}`;
}

/** Looks up what was chosen; undefined where nothing was tuned or no trial succeeded, and the sweep's own settings hold. */
export function tunedValues(rows: readonly TuningRow[]): Tuned {
  const chosen = new Map(
    rows.filter((row) => row.chosen === "yes").map((row) => {
      const own = row.own === "" ? {} : { own: JSON.parse(row.own) as Hyper["own"] };
      return [familyOf(row), { outerLr: row.outerLr, innerLr: row.innerLr, ...own }];
    }),
  );
  return (dataset, norm, algorithm, sharingDepth) => chosen.get(familyOf({ dataset, norm, algorithm, sharingDepth }));
}
