/** Collections of which fewer training classes can be taken. */
import { type Key, rng } from "../../common/random.ts";
import type { Collection } from "./collection.ts";
import { DataError, type DataSet, type DataSetEntry, type OpenOptions } from "./dataset.ts";

/** One line of the table of data sets that can be opened with fewer training classes. */
export interface LimitableEntry extends DataSetEntry {
  /**
   * Opens it with `classes` of its training classes; validation and test are those of the whole.
   *
   * @throws DataError as `open`, and where it has fewer training classes
   */
  openLimited(options: OpenOptions, classes: number): Promise<DataSet>;
}

/**
 * A collection with a keyed draw of its training classes: those of fewer are among those of more, and they are the same for every seed and algorithm.
 *
 * @param classes how many
 * @throws DataError where it has fewer
 */
export function withTrainingClasses(collection: Collection, classes: number): Collection {
  const { name, splits } = collection;
  const { train } = splits;
  if (classes > train.length) {
    throw new DataError(
      `Cannot train on ${classes} classes of ${name}: it has ${train.length} training classes; lower trainingClasses`,
    );
  }
  const key: Key = [name, "training-classes"];
  const kept = rng(key).permutation(train.length).slice(0, classes).sort((a, b) => a - b);
  return { ...collection, splits: { ...splits, train: kept.map((position) => train[position]) } };
}
