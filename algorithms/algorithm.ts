/** The contract of an algorithm: pure functions over an explicit graph; no clocks, files, globals or console. */
import type { Objective, TrainingStep } from "./blocks/training_step.ts";

/** A sweep axis that an algorithm may read. */
export type Axis = "shots" | "innerSteps" | "sharingDepth" | "taskStart";

/** Kinds of learners, in the order in which they are listed. */
export const ALGORITHM_FAMILIES = ["multi-task", "gradient-based meta-learning", "metric", "control"] as const;
export type AlgorithmFamily = (typeof ALGORITHM_FAMILIES)[number];

export interface Algorithm {
  readonly name: string;
  readonly title: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  /** Paper, equation or algorithm number, arXiv id. */
  readonly source: string;
  /** Numbered deviations from the source. */
  readonly deviations: readonly string[];
  /** Axes that its cells depend on; a cell of another axis value would be the same cell. */
  readonly reads: readonly Axis[];
  /** Axes that change what it learns; a subset of `reads`. */
  readonly shapesTraining: readonly Axis[];
  /** Highest derivative of the model that training takes: 0 (no training), 1 or 2. */
  readonly gradientOrder: 0 | 1 | 2;
  /**
   * What the outer gradient is: the `exact` gradient of the objective's loss; its `first-order` part, with the inner gradients held constant; the mean
   * `displacement` of the parameters by the inner loop, per step and step size; or `none`.
   */
  readonly outerGradient: "exact" | "first-order" | "displacement" | "none";
  /** What a training batch is made of: fresh episodes (support and query), tasks of a fixed pool, or nothing. */
  readonly data: "episodes" | "pool" | "none";
  /**
   * The sharing depth of a cell: the asked-for d where the algorithm is on the axis, its one fixed value, null when off the axis,
   * or undefined when it has no such variant (no cell is made).
   */
  sharingDepth(asked: number, layers: number): number | null | undefined;
  /** The sharing depth that its authors use, where it is on the axis; absent: what it makes of 0. */
  nativeSharingDepth?(layers: number): number;
  /** Per layer, whether adaptation changes it natively: `layers` booleans. */
  adaptationMask(sharingDepth: number | null, layers: number): readonly boolean[];
  /** What kind of learner it is, for people: `deno task list` groups by it, and nothing else reads it. */
  readonly family: AlgorithmFamily;
  /** Native adaptation of a new task. */
  readonly nativeAdapter: "gradient" | "solved-head";
  /** Builds one outer iteration; absent when nothing is trained. */
  objective?(step: TrainingStep): Objective;
}
