/** The face of the data sets for other people's code. */
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";
import { ownDataDir } from "../../common/user_paths.ts";
import type { DataSet, DataSetEntry } from "../../data/contract/dataset.ts";
import { DataError, dataSets } from "../../data/mod.ts";
import { defaultsOf } from "../sweeps/defaults.ts";

/** An opened data set. */
export interface Data {
  /** Its name in the table of data sets: `deno task list`. */
  readonly name: string;
  /** "regression" or "classification". */
  readonly kind: string;
  /** What episodes are scored by: "mse" or "accuracy". */
  readonly metric: string;
  /** The shape of one input. */
  readonly inputShape: readonly number[];
  /** Numbers per target: 1, or the ways of a task. */
  readonly outputs: number;
  /** sha256 of its content. */
  readonly digest: string;
}

/** How a data set is opened. */
export interface DataOptions {
  /** N, the classes of a task; what the data set declares by default. */
  readonly ways?: number;
  /** The folder of downloaded data sets; `BENCH_DATA_DIR`, else `data/downloads`, by default. */
  readonly dataDir?: string;
}

/** One few-shot task, row by row. */
export interface Episode {
  /** [n, ...inputShape]: inputs of the support set, which a state is adapted on. */
  readonly supportX: ArrayLike<number>;
  /** [n, outputs]: their targets; one-hot for classification. */
  readonly supportY: ArrayLike<number>;
  /** [m, ...inputShape]: inputs of the query set, which are predicted. */
  readonly queryX: ArrayLike<number>;
  /** [m, outputs]: their targets, where predictions are to be scored. */
  readonly queryY?: ArrayLike<number>;
}

/** Which episode is drawn. */
export interface EpisodeOptions {
  /** K, support examples per class or task; 5 by default. */
  readonly shots?: number;
  /** Q, query examples per class; what the data set declares by default. Some data sets prescribe their own. */
  readonly queries?: number;
  /** "test", the default, or "validation". */
  readonly split?: "test" | "validation";
}

const opened = new WeakMap<Data, DataSet>();

/**
 * Opens a data set of the table.
 *
 * @param name as `deno task list` shows it
 * @throws UsageError when there is none of that name, or its files are not there
 */
export async function openData(name: string, options: DataOptions = {}): Promise<Data> {
  const entry = entryOf(name);
  const dataDir = options.dataDir ?? ownDataDir();
  const missing = await entry.missing(dataDir);
  if (missing !== undefined) throw new UsageError(`Cannot open "${name}": ${missing}`);
  try {
    const dataSet = await entry.open({ dataDir, ways: options.ways ?? defaultsOf(entry).ways });
    opened.set(dataSet, dataSet);
    return dataSet;
  } catch (error) {
    if (error instanceof DataError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}

/** A line of the table of data sets. @throws UsageError when there is none of that name */
export function entryOf(name: string): DataSetEntry {
  if (Object.hasOwn(dataSets, name)) return dataSets[name as keyof typeof dataSets];
  throw new UsageError(unknownName("data set", name, Object.keys(dataSets)));
}

/** What a face stands for. @throws UsageError where it was not opened by this library */
export function dataSetOf(data: Data): DataSet {
  const found = opened.get(data);
  if (found === undefined) throw new UsageError(`"${data.name}" was not opened by openData: open it first`);
  return found;
}

/**
 * Draws an episode by its number: the same one for everybody.
 *
 * @param index 0, 1, ...: runs score the first ones of the split "test"
 */
export function drawEpisode(data: Data, index: number, options: EpisodeOptions = {}): Required<Episode> {
  const { shots = 5, queries = defaultsOf(entryOf(data.name)).testQueries, split = "test" } = options;
  const { supportX, supportY, queryX, queryY } = dataSetOf(data).episodes(split, index, 1, shots, queries);
  return { supportX, supportY, queryX, queryY };
}
