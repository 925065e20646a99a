/** Labelled examples by class: what N-way K-shot tasks are drawn from. */
import type { Split } from "./dataset.ts";

/** One class of a collection. */
export interface CollectionClass {
  /** A name that messages and reports can say, such as "Gurmukhi/character42". */
  readonly name: string;
  /** What it belongs to (an alphabet, a script, a family), from which a hierarchical task takes all its classes. */
  readonly group?: string;
  /** How many examples there are of it; classes may differ. */
  readonly examples: number;
}

/**
 * Labelled examples by class, with a split of the classes.
 *
 * It knows nothing of tasks, shots or keys: `data/sampling/` draws those, in the same way for every collection. A batch numbers classes by
 * their position in `splits[split]`.
 */
export interface Collection {
  readonly name: string;
  /** Shape of one input, e.g. [28, 28, 1] (height, width, channels). */
  readonly inputShape: readonly number[];
  /** sha256 that identifies the content: the examples, their classes and the split. */
  readonly digest: string;
  readonly classes: readonly CollectionClass[];
  /** The classes of each split, as positions in `classes`; no class is in two splits. Another order gives other draws. */
  readonly splits: Readonly<Record<Split, readonly number[]>>;
  /**
   * Writes one example as model input.
   *
   * @param classId position in `classes`
   * @param example 0 .. `classes[classId].examples` - 1
   * @param out as many numbers as `inputShape` says are written here, row-major, from `at` on
   */
  write(classId: number, example: number, out: Float32Array, at: number): void;
}
