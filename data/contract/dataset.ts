/**
 * The contract every data set fulfils: few-shot tasks drawn by name, never by draw order.
 *
 * Shape letters: T tasks, N ways, K shots, Q queries per class (classification) or per task
 * (regression), D features.
 */
import type { Key } from "../../common/random.ts";
import type { Metric, Split, TaskKind } from "../../common/vocabulary.ts";

export type { Metric, Split, TaskKind };

/** Splits that episodes are scored on. */
export type EvaluationSplit = Exclude<Split, "train">;

/**
 * T tasks with their support and query examples, row-major, tasks first.
 *
 * Classification examples are ordered class by class (class 0's K examples, then class 1's, ...), and targets are
 * one-hot rows of length N. Regression targets have length 1.
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
}

/** A fixed pool of P training tasks, as multi-task learning needs: task p is the same task whenever it is drawn. */
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
}

/** An opened data set: everything here is synchronous and deterministic. */
export interface DataSet {
  readonly name: string;
  readonly kind: TaskKind;
  readonly metric: Metric;
  /** Shape of one input: [1] for sinusoids, [28, 28, 1] for Omniglot (height, width, channels). */
  readonly inputShape: readonly number[];
  /** Length of a target row: 1 (regression) or N (classification). */
  readonly outputs: number;
  /** sha256 that identifies the content (files and split); for generated data, of its defining constants. */
  readonly digest: string;
  /** Fresh training episodes: T tasks of the training split. */
  trainBatch(tasks: number, shots: number, queries: number, key: Key): EpisodeBatch;
  /** A pool of `size` training tasks fixed by `seed`. */
  pool(size: number, seed: number): TaskPool;
  /**
   * Episodes `first` .. `first + count - 1` of the split. Episode e depends on (split, e) alone: not on the shots, the algorithm, the
   * seed or the episodes before it. Its support set of K shots is a prefix (per class) of its support set of K + 1 shots; its query set does not depend on K.
   * `queries` is ignored where the data set prescribes its own query points (the sinusoid's fixed 100-point grid).
   */
  episodes(split: EvaluationSplit, first: number, count: number, shots: number, queries: number): EpisodeBatch;
  /** E[y | x] over all tasks, where it is known: no predictor that does without adaptation has a smaller expected MSE (regression on one number). */
  readonly meanTarget?: (x: number) => number;
}

/** Options given when a data set is opened. */
export interface OpenOptions {
  /** Folder that holds `omniglot/` etc.; the data sets that are generated ignore it. */
  readonly dataDir: string;
  /** N, for classification. */
  readonly ways: number;
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
  /** Examples there are per class, which bounds shots + queries; undefined when they are unlimited. */
  readonly examplesPerClass?: number;
  /** The classes that an N-way task can be drawn from (training split); undefined for regression. */
  readonly classes?: number;
  /** Files of this project whose code shapes the data, relative to the project root (they enter every result's address). */
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
