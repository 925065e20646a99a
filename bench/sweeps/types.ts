/** A sweep: a whole experiment as plain data. */
import type { Comparison, Family } from "../../reports/claims/comparison.ts";
import type { Prediction } from "../../reports/claims/prediction.ts";
import type { AdapterName, TaskStart } from "../../common/vocabulary.ts";

/** What an axis of training follows: the cell's own value, that value up to a largest one, or one fixed value for all cells. */
export type Matched = "matched" | { readonly matchedUpTo: number } | number;

/** Settings of training and adaptation of one algorithm on one data set. */
export interface Hyper {
  /** Outer iterations. */
  readonly iterations: number;
  /** T: tasks per outer iteration. */
  readonly metaBatch: number;
  /** Q: query examples per class (or per task) in a training episode. */
  readonly queries: number;
  /** α, step size of the inner loop in training. */
  readonly innerLr: number;
  /** Candidate step sizes of adaptation at test time, of which validation episodes choose one per cell; [] for `innerLr` alone. */
  readonly adaptLrs: readonly number[];
  /** β, step size of Adam in outer training. */
  readonly outerLr: number;
  /** Outer gradients are clipped elementwise to ±clip; null = off. */
  readonly clip: number | null;
  /** P: size of the pool of training tasks (joint training only). */
  readonly pool: number;
  /** Shots of training episodes: the cell's, or one number. */
  readonly trainShots: Matched;
  /** Inner steps of training: the cell's, or one number. */
  readonly trainInnerSteps: Matched;
}

/** How trainings are watched on validation episodes. */
export interface ValidationSweep {
  /** Validation episodes, the same at every point. */
  readonly episodes: number;
  /** Points of the validation curve, evenly spaced over the training. */
  readonly points: number;
  /** Shots of the episodes where training has no shots of its own. */
  readonly shots: number;
  /** Inner steps where training has none of its own. */
  readonly innerSteps: number;
  /** Q of the episodes (classification). */
  readonly queries: number;
  /**
   * A training whose last fifth is better than the fifth before it by more than this, at 95 % one-sided, counts as undertrained: the decrease of the mean
   * log MSE (0.05 is about 5 %), or accuracy (0.01 is a percentage point).
   */
  readonly tolerance: number;
}

/** What every algorithm may try, at every sharing depth. */
export interface TuningSweep {
  /** Candidates of β. */
  readonly outerLrs: readonly number[];
  /** Candidates of α. */
  readonly innerLrs: readonly number[];
  /** Outer iterations of a trial; null for those of the algorithm. */
  readonly iterations: number | null;
  /** Seed of all trials. */
  readonly seed: number;
}

/** One data set's part of a sweep. */
export interface DataSetSweep {
  readonly name: string;
  /** Name in the table of models: "mlp", "conv4". */
  readonly model: string;
  /** Widths of the hidden layers; [] for the model's default. */
  readonly hidden: readonly number[];
  readonly norm: "none" | "batch" | "layer";
  /** N (classification; 1 for regression). */
  readonly ways: number;
  /** Axes: */
  readonly shots: readonly number[];
  readonly innerSteps: readonly number[];
  readonly sharingDepths: readonly number[];
  /** Sharing depths of single algorithms, where they are others. */
  readonly depthsOf: Readonly<Record<string, readonly number[]>>;
  readonly adapters: readonly AdapterName[];
  /** Layers frozen at test time: "native" (as the algorithm trains) or a number of leading layers. */
  readonly adaptDepths: readonly ("native" | number)[];
  readonly taskStarts: readonly TaskStart[];
  /** Test episodes per cell. */
  readonly episodes: number;
  /** Q of test episodes (classification). */
  readonly testQueries: number;
  /** An episode has diverged when its score is not finite or (regression) its MSE exceeds this many times the zero predictor's. */
  readonly divergedFactor: number;
  /** Declared equivalence margin: accuracy in percentage points, MSE as a ratio. */
  readonly margin: number;
  /** Skipped with its reason when the files are absent, instead of an error. */
  readonly optional: boolean;
  /** Null: trainings are not watched. */
  readonly validation: ValidationSweep | null;
  /** Null: every algorithm trains with `hyper` and `overrides` as they are. */
  readonly tuning: TuningSweep | null;
  readonly hyper: Hyper;
  /** Per algorithm, what differs from `hyper`. */
  readonly overrides: Readonly<Record<string, Partial<Hyper>>>;
}

/** A whole experiment as plain data. */
export interface Sweep {
  readonly format: 1;
  readonly name: string;
  readonly title: string;
  readonly algorithms: readonly string[];
  readonly seeds: readonly number[];
  readonly datasets: readonly DataSetSweep[];
  /** Families of comparisons, the primary question first. */
  readonly families: readonly Family[];
  /** What is compared, in the order in which it is told. */
  readonly comparisons: readonly Comparison[];
  /** Expectations, declared before the run like the margins. */
  readonly predictions: readonly Prediction[];
}

/** Axis values given on the command line; undefined = the sweep's own. */
export interface Overrides {
  readonly datasets?: readonly string[];
  readonly algorithms?: readonly string[];
  readonly shots?: readonly number[];
  readonly innerSteps?: readonly number[];
  readonly sharingDepths?: readonly number[];
  readonly seeds?: readonly number[];
  readonly adapters?: readonly AdapterName[];
  readonly adaptDepths?: readonly ("native" | number)[];
  readonly taskStarts?: readonly TaskStart[];
}
