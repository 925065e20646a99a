/**
 * A collection whose support and query examples are different kinds of example (of different articles of a text, say, or by different hands), so that no query
 * example can be recognised by what it has in common with a support example beside its class.
 */
import { requireCount } from "../contract/checks.ts";
import type { Collection } from "../contract/collection.ts";
import type { DataSet, EpisodeBatch, EpisodeStyle } from "../contract/dataset.ts";
import { collectionDataSet } from "./collection_data_set.ts";

/** The same classes in the same splits under the same name, with different examples. */
export interface PartedCollection {
  /** All examples: what joint training, which has no support sets, sees. */
  readonly all: Collection;
  /** Those that support examples are drawn from. */
  readonly support: Collection;
  /** Those that query examples are drawn from. */
  readonly query: Collection;
}

/**
 * Makes the data set of N-way tasks of a parted collection; parameters as of `collectionDataSet`.
 *
 * @throws DataError as `collectionDataSet`
 */
export function partedDataSet({ all, support, query }: PartedCollection, ways: number, style?: EpisodeStyle): DataSet {
  const [whole, supports, queries] = [all, support, query].map((part) => collectionDataSet(part, ways, style));
  return {
    ...whole,
    trainBatch(tasks, shots, perClass, key, trainWays) {
      requireCount("tasks", tasks);
      // One key per task: how far a stream has gone after the first task depends on how many examples there are.
      return concatenated(Array.from({ length: tasks }, (_, t) =>
        joined(
          supports.trainBatch(1, shots, 1, [...key, t], trainWays),
          queries.trainBatch(1, 1, perClass, [...key, t], trainWays),
        )));
    },
    episodes: (split, first, count, shots, perClass) =>
      joined(supports.episodes(split, first, count, shots, 1), queries.episodes(split, first, count, 1, perClass)),
    pool(size, seed, trainWays) {
      const [own, ownSupports, ownQueries] = [whole, supports, queries].map((part) => part.pool(size, seed, trainWays));
      return {
        ...own,
        episodes: (taskIds, shots, perClass, key) =>
          joined(ownSupports.episodes(taskIds, shots, 1, key), ownQueries.episodes(taskIds, 1, perClass, key)),
      };
    },
  };
}

/** The support sets of some tasks with the query sets of others, which are of the same classes. */
function joined(supports: EpisodeBatch, { nQuery, queryX, queryY, classes }: EpisodeBatch): EpisodeBatch {
  if (classes?.some((classId, i) => classId !== supports.classes?.[i])) {
    throw new Error("internal: support and query sets of different classes");
  }
  return { ...supports, nQuery, queryX, queryY };
}

/** Tasks of the same sizes one after the other. */
function concatenated(batches: readonly EpisodeBatch[]): EpisodeBatch {
  const floats = (key: "supportX" | "supportY" | "queryX" | "queryY") => {
    const { length } = batches[0][key];
    const all = new Float32Array(batches.length * length);
    batches.forEach((batch, t) => all.set(batch[key], t * length));
    return all;
  };
  return {
    ...batches[0],
    tasks: batches.length,
    ...{
      supportX: floats("supportX"),
      supportY: floats("supportY"),
      queryX: floats("queryX"),
      queryY: floats("queryY"),
    },
    classes: Int32Array.from(batches.flatMap(({ classes }) => [...classes ?? []])),
  };
}
