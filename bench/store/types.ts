/**
 * The plain data that flows through the harness: a sweep becomes training units and evaluations, those become results,
 * and results become rows. Everything here survives JSON.
 */
import type { Norm, TaskStart, TrainingStatus } from "../../common/vocabulary.ts";
import type { Illustration } from "../../reports/view/input.ts";
import type { Hyper, ValidationSweep } from "../sweeps/schema.ts";

/** The episodes that one training is watched on. */
export type ValidationSpec = Omit<ValidationSweep, "tolerance">;

/** Everything that determines a learned state. Its canonical JSON is hashed into its address. */
export interface TrainSpec {
  readonly dataset: string;
  readonly ways: number;
  readonly model: string;
  readonly hidden: readonly number[];
  readonly norm: Norm;
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
  readonly adapter: string;
  readonly shots: number;
  /** Inner-step counts to score at, ascending; [] for adapters that take none. */
  readonly innerSteps: readonly number[];
  /** Layers 1..adaptDepth stay frozen; "native" = the algorithm's own mask. */
  readonly adaptDepth: "native" | number;
  /** Null for algorithms without task-specific training layers. */
  readonly taskStart: TaskStart | null;
  /** Candidate step sizes, at least one for the gradient adapter unless the algorithm has learned its own; else []. */
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
  /** Null for adapters that take none. */
  readonly innerSteps: number | null;
  /** What validation episodes chose: the step size, or the strength of a head's regularisation; null where there was nothing to choose. */
  readonly strength: number | null;
  /** One per test episode, in episode order; null where not finite. */
  readonly scores: readonly (number | null)[];
  /**
   * Floating-point operations of adapting to one test task and predicting its query set: counted from the operations executed; for a solved head,
   * features and the mean over episodes of the solve.
   */
  readonly adaptFlops: number;
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
  readonly status: TrainingStatus;
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

/** Scores of the validation episodes after an iteration. */
export interface WatchedScores {
  readonly iteration: number;
  readonly scores: readonly (number | null)[];
}
