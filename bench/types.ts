/**
 * The plain data that flows through the harness: a sweep becomes training units and evaluations, those become results,
 * and results become rows. Everything here survives JSON.
 */
import type { Prediction } from "./predictions/prediction.ts";

/** How a trained state is adapted to a new task. */
export type Adaptation = "gradient" | "solved-head";

/** Where the task-specific layers of a joint training start on a new task (DESIGN: three knobs). */
export type TaskStart = "mean" | "common" | "random";

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
  readonly adaptations: readonly Adaptation[];
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
  /** Expectations, declared before the run like the margins. */
  readonly predictions: readonly Prediction[];
}

/** The episodes that one training is watched on. */
export type ValidationSpec = Omit<ValidationSweep, "tolerance">;

/** Everything that determines a learned state. Its canonical JSON is hashed into its address. */
export interface TrainSpec {
  readonly dataset: string;
  readonly ways: number;
  readonly model: string;
  readonly hidden: readonly number[];
  readonly norm: "none" | "batch" | "layer";
  readonly algorithm: string;
  /** Null for algorithms that are off the axis. */
  readonly sharingDepth: number | null;
  /** Null where training does not depend on it. */
  readonly shots: number | null;
  readonly innerSteps: number | null;
  readonly seed: number;
  readonly hyper: Omit<Hyper, "trainShots" | "trainInnerSteps" | "adaptLrs">;
  /** Null where nothing is watched. */
  readonly validation: ValidationSpec | null;
}

/** One adaptation curve of one trained state over the test episodes. */
export interface EvaluationSpec {
  readonly adaptation: Adaptation;
  readonly shots: number;
  /** Inner-step counts to score at, ascending; [] for solved-head. */
  readonly innerSteps: readonly number[];
  /** Layers 1..adaptDepth stay frozen; "native" = the algorithm's own mask. */
  readonly adaptDepth: "native" | number;
  /** Null for algorithms without task-specific training layers. */
  readonly taskStart: TaskStart | null;
  /** Candidate step sizes, at least one; [] for solved-head. */
  readonly innerLrs: readonly number[];
  readonly episodes: number;
  readonly testQueries: number;
}

/** A unit of work: train once, evaluate many. */
export interface TrainingUnit {
  /** Address: 64 hex digits over the spec, the backend, the data's digest and the code's digest. */
  readonly id: string;
  readonly spec: TrainSpec;
  readonly evaluations: readonly EvaluationJob[];
}

export interface EvaluationJob {
  /** Address: 64 hex digits over the unit's id and the spec. */
  readonly id: string;
  readonly spec: EvaluationSpec;
}

/** Scores of one evaluation at one inner-step count. */
export interface StepScores {
  /** Null for solved-head. */
  readonly innerSteps: number | null;
  /** What validation episodes chose: the step size (gradient) or the regularisation strength (solved head). */
  readonly strength: number;
  /** One per test episode, in episode order; null where not finite. */
  readonly scores: readonly (number | null)[];
  /**
   * Floating-point operations of adapting to one test task and predicting its query set: counted from the operations executed; for a solved head,
   * features and the mean over episodes of the solve.
   */
  readonly adaptFlops: number;
}

/** What episode 0 looked like, for the pictures of the report. */
export interface Illustration {
  readonly innerSteps: number | null;
  /** [nQuery, outputs] predictions (regression) or logits (classification) on episode 0's query set. */
  readonly predictions: readonly (readonly number[])[];
}

/** How alike what one layer puts out for the query sets is before adaptation and after it. */
export interface LayerSimilarity {
  /** The layer's name in its model: "dense1", "head". */
  readonly name: string;
  /** Whether adaptation changes the layer's own parameters. */
  readonly adapted: boolean;
  /** Debiased linear CKA: mean over the episodes where it is defined; null where it is in none. */
  readonly cka: number | null;
  /** Standard deviation over the same episodes, with n - 1 in its denominator; null below two. */
  readonly sd: number | null;
  /** Episodes looked at: the first ones of the test episodes. */
  readonly episodes: number;
  /** Those of them where it is undefined: activations that are constant or not finite. */
  readonly undefinedEpisodes: number;
}

/** How far adaptation moved each layer's representation, at one number of inner steps. */
export interface StepRepresentations {
  readonly innerSteps: number;
  /** From the first layer to the head. */
  readonly layers: readonly LayerSimilarity[];
}

export interface EvaluationResult {
  readonly curve: readonly StepScores[];
  readonly illustrations: readonly Illustration[];
  /** In the order of the curve; [] for solved heads, which leave every representation as it is. Older versions stored none. */
  readonly representations?: readonly StepRepresentations[];
}

export interface CurvePoint {
  readonly iteration: number;
  /** Mean training objective since the previous point. */
  readonly loss: number;
}

/** How good the state was on validation episodes, adapted the algorithm's native way. */
export interface ValidationPoint {
  readonly iteration: number;
  /** Mean accuracy, or the geometric mean of the MSE. */
  readonly score: number;
  /** Floating-point operations of the training so far; watching it is not counted. */
  readonly flops: number;
}

/** Whether the state was still getting better at the end, in mean log MSE (its decrease) or accuracy. */
export interface Trend {
  /** Of the last fifth of training over the fifth before it. */
  readonly improvement: number;
  /** Over validation episodes. */
  readonly standardError: number;
}

/** What training left behind, apart from the learned state itself (which is stored as binary). */
export interface TrainingResult {
  readonly status: "ok" | "diverged";
  readonly reason: string;
  readonly iterations: number;
  readonly curve: readonly CurvePoint[];
  /** Returns to the last finite state. */
  readonly restarts: number;
  /** Floating-point operations of the whole training, counted from the operations executed. */
  readonly flops: number;
  /** [] where nothing is watched. */
  readonly validation: readonly ValidationPoint[];
  /** Null where there are too few points to tell. */
  readonly trend: Trend | null;
}

/** Everything that is not reproducible, kept apart. */
export interface Timing {
  readonly trainS: number;
  readonly iterationsPerS: number;
  readonly evaluateS: number;
  readonly peakRssMib: number;
  readonly backend: string;
}
