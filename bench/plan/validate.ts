/** Whether a well-formed sweep can be run: the names it uses exist and what it asks of them is possible. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { type ScheduleName, schedules } from "../../algorithms/optimisers/schedules.ts";
import { LEAST_POINTS } from "../sweeps/bounds.ts";
import { explain } from "../sweeps/explain.ts";
import type { Catalog, PlannedAlgorithm, PlannedDataSet } from "./catalog.ts";
import { UsageError } from "../../common/errors.ts";
import { checkTarget, checkTrainingClasses } from "./derived.ts";
import { checkImages } from "./images.ts";
import { matchedTo } from "./matched.ts";
import { notTrained } from "../sweeps/own_data.ts";
import { namesIn } from "../../reports/claims/selection.ts";
import { namesOf } from "../../reports/claims/prediction.ts";
import { unknownName } from "../../common/suggest.ts";
import type { DataSetSweep, Hyper, Sweep } from "../sweeps/schema.ts";
import { publishedOf } from "../sweeps/sourced.ts";
import { dataSetTitle, requireTitlesDiffer } from "./titles.ts";

/** The settings of an algorithm on a data set. */
export function hyperOf(entry: DataSetSweep, algorithm: string): Hyper {
  return { ...entry.hyper, ...(Object.hasOwn(entry.overrides, algorithm) ? entry.overrides[algorithm] : {}) };
}

/** @throws UsageError where rounds of seeds do not grow from the sweep's own */
function checkRounds({ rounds, seeds }: Sweep): void {
  if (rounds === null) return;
  if (rounds[0] !== seeds.length) {
    throw new UsageError(
      `rounds: the first round is that of the sweep's own ${seeds.length} seeds, got ${
        rounds[0]
      }; list other seeds or begin the rounds with ${seeds.length}`,
    );
  }
  if (rounds.some((count, index) => index > 0 && count <= rounds[index - 1])) {
    throw new UsageError(`rounds: expected ascending numbers of seeds, got ${rounds.join(", ")}`);
  }
}

/** @throws UsageError with one line about the first thing that cannot be done */
export function validateSweep(sweep: Sweep, catalog: Catalog): void {
  const check = (
    kind: string,
    name: string,
    table: Readonly<Record<string, unknown>> | readonly string[],
    place?: string,
  ) => {
    const known = Array.isArray(table) ? table as string[] : Object.keys(table);
    if (known.includes(name)) return;
    const message = unknownName(kind, name, known);
    throw new UsageError(
      place === undefined ? message : `${place}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
    );
  };
  for (const name of sweep.algorithms) check("algorithm", name, catalog.algorithms);
  requireTitlesDiffer("Algorithms", sweep.algorithms, catalog.algorithms);
  checkRounds(sweep);
  for (const entry of sweep.datasets) {
    check("data set", entry.name, catalog.dataSets);
    check("model", entry.model, catalog.models);
    for (const name of entry.adapters) check("adapter", name, catalog.adapters);
    for (const name of [...Object.keys(entry.overrides), ...Object.keys(entry.depthsOf)]) {
      check("algorithm", name, catalog.algorithms);
    }
    checkTarget(entry, sweep, catalog);
    checkTrainingClasses(entry, sweep.algorithms, (name) => hyperOf(entry, name), catalog);
    checkDepths(entry, catalog);
    checkImages(entry, catalog);
    checkTuning(entry);
    const own = algorithmsOn(entry, sweep);
    checkAlgorithms(entry, sweep);
    for (const name of own) checkHyper(entry, name, catalog);
    checkExamples(entry, catalog.dataSets[entry.name], own, catalog);
  }
  const titles = sweep.datasets.map((entry) =>
    [entry.name, { title: dataSetTitle(entry, catalog.dataSets[entry.name]) }] as const
  );
  requireTitlesDiffer("Data sets", titles.map(([name]) => name), Object.fromEntries(titles));
  for (const { id, a, b, family } of sweep.comparisons) {
    const place = `Comparison "${id}"`;
    check("family of comparisons", family, sweep.families.map(({ name }) => name), place);
    const { algorithms, datasets, adapters } = namesIn([a, b]);
    for (const name of adapters) check("adapter", name, catalog.adapters, place);
    for (const name of algorithms) check("algorithm", name, catalog.algorithms, place);
    for (const name of datasets) check("data set", name, catalog.dataSets, place);
  }
  for (const prediction of sweep.predictions) {
    const place = `Prediction "${prediction.id}"`;
    check("data set", prediction.dataset, catalog.dataSets, place);
    const { algorithms, adapters } = namesOf(prediction);
    for (const name of algorithms) check("algorithm", name, catalog.algorithms, place);
    for (const name of adapters) check("adapter", name, catalog.adapters, place);
  }
  for (const { method, dataset, algorithm, adapter } of publishedOf(sweep)) {
    const place = `Published number of "${method}"`;
    check("data set", dataset, catalog.dataSets, place);
    check("algorithm", algorithm, catalog.algorithms, place);
    if (adapter !== undefined) check("adapter", adapter, catalog.adapters, place);
  }
  sweep.families.forEach(({ name, gate }, index) => {
    const earlier = sweep.families.slice(0, index).filter(({ correction }) => correction === "holm");
    if (gate === undefined || earlier.some((family) => family.name === gate)) return;
    const known = earlier.length === 0 ? "there is none" : earlier.map((family) => family.name).join(", ");
    throw new UsageError(
      `The family "${name}" cannot have the gate "${gate}": a gate is an earlier family with the correction "holm" (${known}); leave it out or reorder families`,
    );
  });
  unique("families", sweep.families.map(({ name }) => name));
  unique("comparisons", sweep.comparisons.map(({ id }) => id));
  unique("predictions", sweep.predictions.map(({ id }) => id));
  unique("algorithms", sweep.algorithms);
  unique("data sets", sweep.datasets.map(({ name }) => name));
}

/** A data set's own choice is one of the sweep's algorithms, each once. */
function checkAlgorithms({ name, algorithms }: DataSetSweep, sweep: Sweep): void {
  if (algorithms === null) return;
  unique(`algorithms of "${name}"`, algorithms);
  const stray = algorithms.find((own) => !sweep.algorithms.includes(own));
  if (stray === undefined) return;
  throw new UsageError(
    `The data set "${name}" has the algorithm "${stray}", and the sweep has not: it has ${
      sweep.algorithms.join(", ")
    }; name it there too`,
  );
}

/** Settings that fit an algorithm: its own ones, its training ways, and a schedule that has what it goes by. */
function checkHyper(entry: DataSetSweep, name: string, catalog: Catalog): void {
  const algorithm = catalog.algorithms[name];
  const hyper = hyperOf(entry, name);
  ownSettings(algorithm, hyper, `the settings of ${name} on "${entry.name}"`);
  for (const [setting, values] of Object.entries(entry.tuning?.own?.[name] ?? {})) {
    for (const value of values) {
      ownSettings(algorithm, { own: { ...hyper.own, [setting]: value } }, `tuning.own of ${name} on "${entry.name}"`);
    }
  }
  const trainsElsewhere = hyper.trainWays !== null && hyper.trainWays !== entry.ways;
  const has = Object.hasOwn(entry.overrides, name) && entry.overrides[name].trainWays !== undefined;
  if (trainsElsewhere && has && algorithm.anyWays !== true) {
    throw new UsageError(
      `Cannot train ${name} with ${hyper.trainWays} ways on "${entry.name}": its head has the ${entry.ways} ways of the test episodes; leave trainWays out`,
    );
  }
  if (hyper.schedule.name === "plateau" && entry.validation === null) {
    throw new UsageError(
      `Cannot use the schedule "plateau" on "${entry.name}": it goes by validation episodes, so its validation cannot be null`,
    );
  }
  if (hyper.untilFlat === null) return;
  const refused = `Cannot train ${name} until it is flat on "${entry.name}"`;
  if ((entry.validation?.points ?? 0) < LEAST_POINTS) {
    throw new UsageError(
      `${refused}: that is seen on validation episodes; give it a validation of ${LEAST_POINTS} points or more`,
    );
  }
  if (schedules[hyper.schedule.name as ScheduleName].needsEnd) {
    throw new UsageError(
      `${refused}: the schedule "${hyper.schedule.name}" goes by the number of iterations, which is then not known; use "constant" or "plateau"`,
    );
  }
}

/**
 * An algorithm's own settings with the defaults of those that are left out.
 *
 * @param place where they were given, for messages
 * @throws UsageError when it has no such setting, or not of that value
 */
export function ownSettings(
  { name, hyper: schema }: Pick<PlannedAlgorithm, "name" | "hyper">,
  { own }: Pick<Hyper, "own">,
  place: string,
): Hyper["own"] {
  if (schema === undefined) {
    const [stray] = Object.keys(own);
    if (stray === undefined) return {};
    throw new UsageError(`${place}: unknown key own.${stray}; ${name} has no settings of its own`);
  }
  const parsed = schema.safeParse(own);
  if (parsed.success) return parsed.data as Hyper["own"];
  throw new UsageError(`${place}: ${explain(schema, parsed.error, "own")}`);
}

function unique(kind: string, names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new UsageError(`The sweep's ${kind} name "${repeated}" twice; name it once`);
}

function checkTuning({ name, tuning, validation }: DataSetSweep): void {
  if (tuning === null) return;
  if (validation === null) {
    throw new UsageError(
      `Cannot tune on "${name}": trials are scored on validation episodes, so its validation cannot be null`,
    );
  }
  if (new Set(tuning.outerLrs).size < 2 && new Set(tuning.innerLrs).size > 1) {
    throw new UsageError(
      `Cannot tune on "${name}" with one outer step size: algorithms without an inner loop would have a single trial; give tuning.outerLrs two or more`,
    );
  }
}

function checkDepths(entry: DataSetSweep, catalog: Catalog): void {
  const layers = catalog.layerCount(entry.model, entry.hidden);
  const asked = [...entry.sharingDepths, ...Object.values(entry.depthsOf).flat()];
  const axes = { "sharing depth": asked, "adapt depth": entry.adaptDepths };
  for (const [axis, values] of Object.entries(axes)) {
    const beyond = values.find((value) => value !== "native" && value > layers);
    if (beyond !== undefined) {
      throw new UsageError(
        `Cannot use ${axis} ${beyond} on "${entry.name}": its model ${entry.model} has ${layers} layers, so 0 to ${layers}`,
      );
    }
  }
}

function checkExamples(
  entry: DataSetSweep,
  data: PlannedDataSet,
  algorithms: readonly string[],
  catalog: Catalog,
): void {
  if (data.kind === "regression") {
    if (entry.ways !== 1) {
      throw new UsageError(`Cannot draw ${entry.ways} ways of "${entry.name}": it is regression, so ways is 1`);
    }
    checkPools(entry, data, algorithms, catalog);
    if (data.examplesPerClass === undefined) return;
  } else checkWays(entry, data, algorithms, catalog);
  const limit = data.examplesPerClass ?? Infinity;
  const unit = data.kind === "regression" ? "task" : "class";
  const require = (shots: number, queries: number, where: string) => {
    if (shots + queries <= limit) return;
    throw new UsageError(
      `Cannot draw ${shots} shots + ${queries} queries per ${unit} of "${entry.name}"${where}: each ${unit} has ${limit} examples, ` +
        `so at most ${Math.max(0, limit - queries)} shots`,
    );
  };
  for (const shots of entry.shots) require(shots, entry.testQueries, "");
  for (const name of algorithms) {
    const algorithm = catalog.algorithms[name];
    const hyper = hyperOf(entry, name);
    if (algorithm.data === "none") continue;
    const trained = algorithm.data === "pool" || !algorithm.shapesTraining.includes("shots")
      ? [0]
      : entry.shots.map((own) => matchedTo(hyper.trainShots, own));
    for (const shots of trained) {
      require(shots, hyper.queries, ` when training ${name}`);
      const { validation } = entry;
      if (validation !== null) {
        require(shots === 0 ? validation.shots : shots, validation.queries, ` when validating ${name}`);
      }
    }
  }
}

/** Ways of the episodes that are scored, and of training tasks where these have their own. */
function checkWays(entry: DataSetSweep, data: PlannedDataSet, algorithms: readonly string[], catalog: Catalog): void {
  if (data.testOnly) throw new UsageError(notTrained(`"${entry.name}"`));
  const { classes = Infinity, mostWays = { training: classes, everywhere: classes } } = data;
  const { training, everywhere } = mostWays;
  const possible = everywhere < 2
    ? "one of its splits has no two classes to tell apart"
    : training === everywhere
    ? `2 to ${everywhere} are possible`
    : `2 to ${everywhere} are possible in every split, and up to ${training} (trainWays) in training`;
  const refuse = (ways: number, where: string) => {
    throw new UsageError(`Cannot draw ${ways} ways of "${entry.name}"${where}: ${possible}`);
  };
  if (entry.ways < 2 || entry.ways > everywhere) refuse(entry.ways, "");
  for (const name of algorithms) {
    const { trainWays } = hyperOf(entry, name);
    const asked = trainWays !== null && catalog.algorithms[name].anyWays === true;
    if (asked && trainWays > training) refuse(trainWays, ` when training ${name}`);
  }
}

/** @throws UsageError where there are to be more training tasks than the data has */
function checkPools(
  entry: DataSetSweep,
  { trainTasks }: PlannedDataSet,
  algorithms: readonly string[],
  catalog: Catalog,
): void {
  if (trainTasks === undefined) return;
  const refuse = (count: number, setting: string) => {
    if (count <= trainTasks) return;
    throw new UsageError(
      `Cannot have ${count} training tasks of "${entry.name}": there are ${trainTasks}; lower ${setting}`,
    );
  };
  for (const count of entry.trainingTasks) {
    if (count !== "fresh") refuse(count, "trainingTasks");
    else if (algorithms.some((name) => catalog.algorithms[name].data === "pool")) {
      for (const name of algorithms) refuse(hyperOf(entry, name).pool, "hyper.pool");
    }
  }
}
