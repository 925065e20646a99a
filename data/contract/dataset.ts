/**
 * The contract every data set fulfils: few-shot tasks drawn by name, never by draw order.
 *
 * A data set is the face that the harness sees. Behind it is a {@linkcode Collection} (labelled examples by class) or a
 * {@linkcode TaskFamily} (functions drawn from a distribution), made into a data set by `data/sampling/`.
 *
 * Shape letters: T tasks, N ways, K shots, Q queries per class (classification) or per task
 * (regression), D features, C training classes.
 */
import type { Key } from "../../common/random.ts";
import type { Metric, Split, TaskKind } from "../../common/vocabulary.ts";
import type { CollectionClass } from "./collection.ts";

export type { Metric, Split, TaskKind };

/** Splits that episodes are scored on. */
export type EvaluationSplit = Exclude<Split, "train">;

/**
 * T tasks with their support and query examples, row-major, tasks first.
 *
 * Classification examples are ordered class by class (class 0's K examples, then class 1's, ...), and targets are
 * one-hot rows of length N, the number of ways of this batch. Where imbalanced tasks were asked for, a class may have more or
 * fewer than K of the N·K support examples, at least one; the targets say which. Regression targets have length 1.
 */
export interface EpisodeBatch {
  /** T */
  readonly tasks: number;
  /** Support examples per task: N·K (classification) or K (regression). */
  readonly nSupport: number;
  /** Query examples per task: N·Q (classification) or Q (regression). */
  readonly nQuery: number;
  /** [T, nSupport, ...inputShape] */
  readonly supportX: Float32Array;
  /** [T, nSupport, outputs] */
  readonly supportY: Float32Array;
  /** [T, nQuery, ...inputShape] */
  readonly queryX: Float32Array;
  /** [T, nQuery, outputs] */
  readonly queryY: Float32Array;
  /**
   * [T, N]: which class of its split each label stands for. Label n of task t is class `classes[t * N + n]` of the training classes (0 .. C - 1)
   * in a training batch, of the split's own classes in an evaluation episode. Undefined for regression.
   */
  readonly classes?: Int32Array;
}

/** Labelled examples of T tasks without a support/query split: what joint training sees. */
export interface ExampleBatch {
  readonly tasks: number;
  /** Examples per task: N·M (classification, M per class) or M (regression). */
  readonly nExamples: number;
  /** [T, nExamples, ...inputShape] */
  readonly x: Float32Array;
  /** [T, nExamples, outputs] */
  readonly y: Float32Array;
  /** [T, N]: the training class (0 .. C - 1) that each label stands for; undefined for regression. */
  readonly classes?: Int32Array;
}

/** Examples of all training classes together, as one C-way problem: what plain supervised training sees. */
export interface ClassBatch {
  /** B */
  readonly nExamples: number;
  /** [1, B, ...inputShape] */
  readonly x: Float32Array;
  /** [1, B]: the training class (0 .. C - 1) of each example. */
  readonly classes: Int32Array;
}

/**
 * A finite set of P training tasks: task p is the same task (the same classes in the same order, the same function) whenever it is drawn.
 *
 * Joint training draws examples of it, and episodic training draws episodes of the same tasks.
 */
export interface TaskPool {
  /** P */
  readonly size: number;
  /**
   * Draws fresh examples of the given pool tasks.
   *
   * @param taskIds T pool indices in [0, P)
   * @param examplesPerClass M, per class (classification) or per task (regression)
   * @param key names this draw, e.g. [seed, "batch", iteration]
   */
  batch(taskIds: readonly number[], examplesPerClass: number, key: Key): ExampleBatch;
  /**
   * Draws fresh episodes of the given pool tasks; no example is in both the support and the query set of an episode.
   *
   * @param taskIds T pool indices in [0, P)
   * @param shots K
   * @param queries Q, per class (classification) or per task (regression)
   * @param key names this draw; the same key names other examples here than in `batch`
   */
  episodes(taskIds: readonly number[], shots: number, queries: number, key: Key): EpisodeBatch;
  /** [P, N]: the training class (0 .. C - 1) of each label of each task; undefined for regression. */
  readonly classes?: Int32Array;
}

/** An opened data set: everything here is synchronous and deterministic. */
export interface DataSet {
  readonly name: string;
  readonly kind: TaskKind;
  readonly metric: Metric;
  /** Shape of one input: [1] for sinusoids, [28, 28, 1] for Omniglot (height, width, channels). */
  readonly inputShape: readonly number[];
  /** Length of a target row: 1 (regression) or N, the ways of the data set's episodes (classification). */
  readonly outputs: number;
  /** C, the number of training classes; undefined for regression. */
  readonly trainClasses?: number;
  /** sha256 that identifies the content (files and split); for generated data, of its defining constants. */
  readonly digest: string;
  /**
   * Fresh training episodes: T tasks of the training split.
   *
   * @param shots K; may differ from batch to batch
   * @param ways N in training (classification), where it is not that of the episodes scored
   */
  trainBatch(tasks: number, shots: number, queries: number, key: Key, ways?: number): EpisodeBatch;
  /**
   * A finite set of `size` training tasks fixed by `seed`; the first tasks of a larger set are those of a smaller one.
   *
   * @param ways N in training (classification), where it is not that of the episodes scored
   */
  pool(size: number, seed: number, ways?: number): TaskPool;
  /** Draws B different training examples, each as likely as any other, with their classes; undefined for regression. */
  readonly classBatch?: (examples: number, key: Key) => ClassBatch;
  /** The classes that a split's batches number 0, 1, ...; undefined for regression. */
  readonly classesOf?: (split: Split) => readonly CollectionClass[];
  /**
   * Episodes `first` .. `first + count - 1` of the split. Episode e depends on (split, e) alone: not on the shots, the algorithm, the
   * seed or the episodes before it. Its support set of K shots is a prefix (per class) of its support set of K + 1 shots; its query set does not depend on K.
   * `queries` is ignored where the data set prescribes its own query points (the sinusoid's fixed 100-point grid).
   */
  episodes(split: EvaluationSplit, first: number, count: number, shots: number, queries: number): EpisodeBatch;
  /** E[y | x] over all tasks, where it is known: no predictor that does without adaptation has a smaller expected MSE (regression on one number). */
  readonly meanTarget?: (x: number) => number;
}

/** How the tasks of a collection are drawn; by default any N classes of the split, K support examples of each. */
export interface EpisodeStyle {
  /** Whether all classes of a task belong to one group (an alphabet, a script): such classes look alike, so tasks are harder. */
  readonly hierarchical?: boolean;
  /**
   * b >= 0: each class of a task has one support example, and the other N·(K - 1) fall to its classes with weights exp(u), u ~ U[-b, b]
   * drawn per class and task. Undefined: exactly K each. Queries are balanced either way.
   */
  readonly imbalance?: number;
}

/** Options given when a data set is opened. */
export interface OpenOptions {
  /** Folder that holds `omniglot/` etc.; the data sets that are generated ignore it. */
  readonly dataDir: string;
  /** N, for classification. */
  readonly ways: number;
  /** How tasks are drawn, for classification; part of the data set's digest. */
  readonly style?: EpisodeStyle;
}

/** One line of the table of data sets. */
export interface DataSetEntry {
  readonly name: string;
  readonly title: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  /** Paper or site it comes from. */
  readonly source: string;
  readonly kind: TaskKind;
  readonly metric: Metric;
  readonly inputShape: readonly number[];
  /** Examples of the class that has fewest, which bounds shots + queries; undefined when they are unlimited. */
  readonly examplesPerClass?: number;
  /** The classes that an N-way task can be drawn from (training split); undefined for regression. */
  readonly classes?: number;
  /** Whether all its classes are in the test split: nothing can be trained on it. */
  readonly testOnly?: boolean;
  /**
   * Files of this project that shape the data, relative to the project root. With all that they import they enter every result's address, so the
   * data set's own file is enough unless it reads other files when it is opened.
   */
  readonly sourceFiles: readonly string[];
  /** Undefined when ready to open; otherwise one sentence that says what is missing and the command that fetches it. */
  missing(dataDir: string): Promise<string | undefined>;
  /**
   * Opens the data set, verifying what it reads.
   * @throws DataError when files are absent, damaged or not what they claim to be
   */
  open(options: OpenOptions): Promise<DataSet>;
}

/** Data that is absent, damaged or cannot give what is asked; its message is meant for the user. */
export class DataError extends Error {
  override name = "DataError";
}
