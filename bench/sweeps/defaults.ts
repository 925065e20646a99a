/** Settings of every data set where a sweep has none for it: those that it declares, else those of its kind. */
import type { DataSetEntry } from "../../data/contract/dataset.ts";
import { LANGUAGES, OMNIGLOT, SINUSOID, TIDES } from "./parts.ts";
import type { DataSetSweep } from "./schema.ts";

/** What a data set must say of itself for that. */
export type Described = Pick<DataSetEntry, "name" | "kind" | "inputShape" | "examplesPerClass" | "classes">;

/** Settings that belong to data sets, by their names; a data set whose name goes on behind a hyphen is a kind of that one. */
const DECLARED: Readonly<Record<string, DataSetSweep>> = Object.fromEntries(
  [SINUSOID, TIDES, LANGUAGES, OMNIGLOT].map((entry) => [entry.name, entry]),
);

/** The settings of a data set. */
export function defaultsOf(described: Described): DataSetSweep {
  const { name, kind } = described;
  const declared = DECLARED[name] ?? DECLARED[name.replace(/-.*$/, "")];
  const settings = declared ?? (kind === "regression" ? SINUSOID : onImages(described));
  return fitted({ ...settings, name, optional: false }, described);
}

/** Images are compared on four convolutions in the literature, rows of numbers on a perceptron. */
function onImages({ inputShape }: Described): DataSetSweep {
  if (inputShape.length < 3) return OMNIGLOT;
  return { ...OMNIGLOT, model: "conv4", hidden: [], depthsOf: { mtl: [4] } };
}

/** The settings as far as the data reach. */
function fitted(settings: DataSetSweep, { kind, examplesPerClass = Infinity, classes = Infinity }: Described) {
  if (kind === "regression") return settings;
  const ways = Math.min(settings.ways, classes);
  const shots = settings.shots.filter((own) => own === 1 || 2 * own <= examplesPerClass);
  const left = examplesPerClass - Math.max(...shots);
  const { validation, hyper, testQueries } = settings;
  return {
    ...settings,
    ways,
    shots,
    testQueries: Math.min(testQueries, left),
    validation: validation &&
      { ...validation, shots: Math.max(...shots), queries: Math.min(validation.queries, left) },
    hyper: { ...hyper, queries: Math.min(hyper.queries, left) },
  };
}

/**
 * A data set's settings at the size of a sweep that has none for it: no more iterations, training tasks of its own and test episodes than that sweep has on
 * any data set.
 */
export function sizedFor(settings: DataSetSweep, others: readonly DataSetSweep[]): DataSetSweep {
  const most = (of: (entry: DataSetSweep) => number) => Math.max(...others.map(of));
  const iterations = most(({ hyper }) => hyper.iterations);
  const { hyper, overrides, episodes } = settings;
  return {
    ...settings,
    episodes: Math.min(episodes, most((entry) => entry.episodes)),
    hyper: {
      ...hyper,
      iterations: Math.min(hyper.iterations, iterations),
      pool: Math.min(hyper.pool, most((entry) => Math.max(entry.hyper.pool, ...finite(entry.trainingTasks)))),
    },
    overrides: Object.fromEntries(
      Object.entries(overrides).map(([algorithm, own]) => [
        algorithm,
        own.iterations === undefined ? own : { ...own, iterations: Math.min(own.iterations, iterations) },
      ]),
    ),
  };
}

function finite(tasks: DataSetSweep["trainingTasks"]): number[] {
  return tasks.filter((size): size is number => size !== "fresh");
}
