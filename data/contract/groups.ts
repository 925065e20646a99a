/** What the test classes or tasks of a data set have in common, so that scores can be told apart by it. */
import type { DataSet, EvaluationSplit } from "./dataset.ts";

/** One way to divide the classes of a classification, or the episodes of a regression. */
export interface Grouping {
  /** What a group is, in the singular: "alphabet". */
  readonly level: string;
  /** What is grouped: classes (classification) or episodes (regression). */
  readonly of: "classes" | "episodes";
  /** The group of a class of the split (by its position there), or of an episode (by its number). */
  groupOf(index: number): string;
}

/** What a data set declares of its groups; one whose classes name their own (`CollectionClass.group`) need not. */
export type GroupingsOf = (
  dataSet: DataSet,
  split: EvaluationSplit,
) => readonly Grouping[] | Promise<readonly Grouping[]>;
