/** Settings for data of one's own that is named on the command line: those of the built-in sweeps, as far as the data reaches. */
import { UsageError } from "../../common/errors.ts";
import type { OwnEntry } from "../../data/own/mod.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";
import type { DataSetSweep } from "./schema.ts";
import type { DataOptions, NamedSource, SourcedDataSet } from "./sourced.ts";

/** Ways of classification, where there are so many classes. */
const WAYS = 5;
/** More tasks than that are not needed to share what tasks have in common. */
const MAX_POOL = 500;
const MAX_FRESH_POOL = 1600;

/** Why nothing can be trained on a set whose classes are all for the test. */
export function notTrained(what: string): string {
  return `Cannot train on ${what}: all its classes are for tests; train on another data set and test on this one`;
}

/** The settings, and what they leave undone because the data is small. */
export interface OwnSweep {
  readonly entry: SourcedDataSet;
  readonly notes: readonly string[];
}

/**
 * Settings for data of one's own.
 *
 * @param data what is known of it
 * @throws UsageError when it is too small for any
 */
export function ownSweep({ name, source }: NamedSource, data: OwnEntry, options: DataOptions): OwnSweep {
  const { scarcest, examplesPerClass: fewest } = data;
  const unit = data.kind === "regression" ? "task" : "class";
  const rows = source.reader === "table" ? "rows" : "images";
  if (fewest < 2) {
    throw new UsageError(
      `Cannot use ${source.path}: its ${unit} "${scarcest}" has ${fewest} of the ${rows} that a shot and a query need; ` +
        `leave out what has few with --data-options minExamples=N`,
    );
  }
  const made = data.kind === "regression" ? regression(data) : classification(source, data, options);
  const { ways, shots } = made;
  const { train, validation, test } = data.sizes;
  const units = data.kind === "regression" ? "tasks" : "classes";
  const notes = [
    `${name}: ${train} ${units} for training, ${validation} for validation, ${test} for the test; the fewest ${rows} are ${fewest} ("${scarcest}")`,
    ...data.kind === "classification" && options.ways === undefined && ways < WAYS
      ? [`${name}: ${ways}-way instead of ${WAYS}-way tasks, for want of classes`]
      : [],
    ...shots.length < 2
      ? [`${name}: ${shots[0]} shot${shots[0] === 1 ? "" : "s"} only, for want of ${rows} of "${scarcest}"`]
      : [],
  ];
  return { entry: { ...made, name, optional: false, source }, notes };
}

function regression({ examplesPerClass: fewest, trainTasks = 0 }: OwnEntry): DataSetSweep {
  const wanted = SINUSOID.shots.filter((shots) => 2 * shots <= fewest);
  const shots = wanted.length > 0 ? wanted : [Math.floor(fewest / 2)];
  const most = Math.max(...shots);
  const left = (queries: number) => Math.min(queries, fewest - most);
  const pool = Math.min(trainTasks, MAX_POOL);
  return {
    ...SINUSOID,
    shots,
    sharingDepths: [0, 2],
    trainingTasks: [pool],
    episodes: 600,
    testQueries: left(100),
    validation: { ...SINUSOID.validation!, shots: most, queries: left(100) },
    hyper: { ...SINUSOID_HYPER, trainShots: most, queries: left(10), pool },
    overrides: { mtl: { queries: Math.min(20, fewest) } },
  };
}

function classification(source: SourcedDataSet["source"], data: OwnEntry, options: DataOptions): DataSetSweep {
  const { examplesPerClass: fewest, classes = 0, sizes, trainExamples = Infinity } = data;
  if (data.testOnly) throw new UsageError(notTrained(source.path));
  if (classes < 2) {
    const [split] = Object.entries(sizes).find(([, size]) => size < 2) ?? [];
    throw new UsageError(
      `Cannot use ${source.path}: its ${split} split has no two classes to tell apart; it takes 6 classes for a draw to give each split 2`,
    );
  }
  const ways = options.ways === undefined ? Math.min(WAYS, classes) : Number(options.ways);
  const shots = OMNIGLOT.shots.filter((own) => own === 1 || 2 * own <= fewest);
  const most = Math.max(...shots);
  const left = (queries: number) => Math.min(queries, fewest - most);
  const queries = left(OMNIGLOT_HYPER.queries);
  const isTable = source.reader === "table";
  // The standard sets are compared on four convolutions in the literature.
  const model = options.model ?? (isTable || source.reader === "images" ? "mlp" : "conv4");
  return {
    ...OMNIGLOT,
    model,
    ...(options.modelOptions === undefined
      ? {}
      : { modelOptions: options.modelOptions as DataSetSweep["modelOptions"] }),
    ...(options.augment === undefined ? {} : { augment: options.augment as DataSetSweep["augment"] }),
    hidden: model !== "mlp" ? [] : isTable ? [64, 64] : OMNIGLOT.hidden,
    depthsOf: { mtl: [model === "mlp" && isTable ? 2 : 4] },
    ways,
    shots,
    testQueries: left(OMNIGLOT.testQueries),
    validation: { ...OMNIGLOT.validation!, shots: most, queries },
    hyper: {
      ...OMNIGLOT_HYPER,
      queries,
      // Batches over all classes are as large as those of tasks, and have each example once.
      metaBatch: Math.max(1, Math.min(OMNIGLOT_HYPER.metaBatch, Math.floor(trainExamples / (ways * queries)))),
      pool: MAX_FRESH_POOL,
    },
    overrides: { ...OMNIGLOT.overrides, mtl: { queries: Math.min(10, fewest) } },
  };
}
