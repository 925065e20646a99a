/**
 * The plain data that flows through the harness: a sweep becomes training units and evaluations, those become results, and results become rows. Everything
 * here survives JSON, and each schema is the source of its type: what is stored is checked against it when it is read again, for a store may come from
 * anywhere. Numbers that are not finite are stored as null.
 */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { augmentationSchema } from "../../data/augmentation/augment.ts";
import { NORMS, TASK_STARTS, TRAINING_STATUSES } from "../../common/vocabulary.ts";
import { hyperFields, validationSchema } from "../sweeps/schema.ts";

const count = z.int().min(0);
const number = z.number();
/** A number that may not have been finite. */
const measured = number.nullable();
/** One per episode, null where not finite. Checked by hand: a large run has millions of them. */
const scores = z.custom<readonly (number | null)[]>(
  (value) => Array.isArray(value) && value.every((score) => score === null || typeof score === "number"),
  "expected numbers",
);
/** 64 hex digits: addresses name files of the store. */
const address = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hex digits");

const validationSpec = z.object(validationSchema.omit({ tolerance: true }).shape);
/** The episodes that one training is watched on. */
export type ValidationSpec = Immutable<z.infer<typeof validationSpec>>;

/** Everything that determines a learned state. Its canonical JSON is hashed into its address. */
const trainSpec = z.object({
  dataset: z.string(),
  ways: count,
  model: z.string(),
  hidden: z.array(count),
  /** The model's own options that are not at their defaults; absent where all are. */
  modelOptions: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).optional(),
  /** Absent where training images are used as they are. */
  augment: augmentationSchema.optional(),
  norm: z.enum(NORMS),
  algorithm: z.string(),
  /** Null for algorithms that are off the axis. */
  sharingDepth: count.nullable(),
  /** Null where training does not depend on it. */
  shots: count.nullable(),
  /** Null where training does not depend on it. */
  innerSteps: count.nullable(),
  seed: count,
  hyper: z.object(hyperFields).omit({
    trainShots: true,
    trainInnerSteps: true,
    adaptLrs: true,
    pool: true,
    gflop: true,
  }).extend({
    /** P: training tasks; 0 where every episode has fresh ones. */
    pool: count,
    untilFlat: hyperFields.untilFlat.default(null),
  }),
  /** Null where nothing is watched. */
  validation: validationSpec.nullable(),
});
export type TrainSpec = Immutable<z.infer<typeof trainSpec>>;

/** One adaptation curve of one trained state over the test episodes. */
const evaluationSpec = z.object({
  adapter: z.string(),
  shots: count,
  /** Inner-step counts to score at, ascending; [] for adapters that take none. */
  innerSteps: z.array(count),
  /** Layers 1..adaptDepth stay frozen; "native" = the algorithm's own mask. */
  adaptDepth: z.union([z.literal("native"), count]),
  /** Null for algorithms without task-specific training layers. */
  taskStart: z.enum(TASK_STARTS).nullable(),
  /** Candidate step sizes, at least one for the gradient adapter unless the algorithm has learned its own; else []. */
  innerLrs: z.array(number),
  episodes: count,
  testQueries: count,
});
export type EvaluationSpec = Immutable<z.infer<typeof evaluationSpec>>;

const evaluationJob = z.object({
  /** Address: 64 hex digits over the unit's id and the spec. */
  id: address,
  spec: evaluationSpec,
});
export type EvaluationJob = Immutable<z.infer<typeof evaluationJob>>;

/** A unit of work: train once, evaluate many. */
const trainingUnit = z.object({
  /** Address: 64 hex digits over the spec, the backend, the data's digest and the code's digest. */
  id: address,
  spec: trainSpec,
  evaluations: z.array(evaluationJob),
});
export type TrainingUnit = Immutable<z.infer<typeof trainingUnit>>;

const addressOrNone = z.union([z.literal(""), address]);

/** One row to be: which numbers answer it. */
const plannedCell = z.object({
  dataset: z.string(),
  norm: z.enum(NORMS),
  algorithm: z.string(),
  adapter: z.string(),
  shots: count,
  /** Null for adapters that take none. */
  innerSteps: count.nullable(),
  sharingDepth: count.nullable(),
  /** Leading layers frozen at test time; null where they are no prefix, or the head is solved. */
  adaptDepth: count.nullable(),
  taskStart: z.enum(TASK_STARTS).nullable(),
  /** Training tasks there are; null for ever new ones. */
  trainingTasks: count.nullable(),
  seed: count,
  /** Address of its training unit; "" when skipped. */
  unit: addressOrNone,
  /** Address of its evaluation; "" when skipped. */
  evaluation: addressOrNone,
  /** Why it is skipped; "" when it is not. */
  skipped: z.string(),
});
export type PlannedCell = Immutable<z.infer<typeof plannedCell>>;

/** What a sweep comes down to. */
export const planSchema = z.object({
  units: z.array(trainingUnit),
  /** In the order of the rows. */
  cells: z.array(plannedCell),
});
export type Plan = Immutable<z.infer<typeof planSchema>>;

/** Scores of one evaluation at one inner-step count. */
const stepScores = z.object({
  /** Null for adapters that take none. */
  innerSteps: count.nullable(),
  /** What validation episodes chose: the step size, or the strength of a head's regularisation; null where there was nothing to choose. */
  strength: number.nullable(),
  /** One per test episode, in episode order; null where not finite. */
  scores,
  /**
   * Floating-point operations of adapting to one test task and predicting its query set: counted from the operations executed; for a solved head,
   * features and the mean over episodes of the solve.
   */
  adaptFlops: number,
});
export type StepScores = Immutable<z.infer<typeof stepScores>>;

/** How alike what one layer puts out for the query sets is before adaptation and after it. */
const layerSimilarity = z.object({
  /** The layer's name in its model: "dense1", "head". */
  name: z.string(),
  /** Whether adaptation changes the layer's own parameters. */
  adapted: z.boolean(),
  /** Debiased linear CKA: mean over the episodes where it is defined; null where it is in none. */
  cka: measured,
  /** Standard deviation over the same episodes, with n - 1 in its denominator; null below two. */
  sd: measured,
  /** Episodes looked at: the first ones of the test episodes. */
  episodes: count,
  /** Those of them where it is undefined: activations that are constant or not finite. */
  undefinedEpisodes: count,
});
export type LayerSimilarity = Immutable<z.infer<typeof layerSimilarity>>;

/** How far adaptation moved each layer's representation, at one number of inner steps. */
const stepRepresentations = z.object({
  innerSteps: count,
  /** From the first layer to the head. */
  layers: z.array(layerSimilarity),
});
export type StepRepresentations = Immutable<z.infer<typeof stepRepresentations>>;

/** What one evaluation found. */
const evaluationResult = z.object({
  curve: z.array(stepScores),
  /** What episode 0 looked like, for the pictures of the report; see `Illustration`. */
  illustrations: z.array(z.object({ innerSteps: count.nullable(), predictions: z.array(scores) })),
  /** In the order of the curve; [] for solved heads, which leave every representation as it is. Older versions stored none. */
  representations: z.array(stepRepresentations).optional(),
});
export type EvaluationResult = Immutable<z.infer<typeof evaluationResult>>;

const curvePoint = z.object({
  iteration: count,
  /** Mean training objective since the previous point. */
  loss: measured,
  /** The largest one of an iteration since the previous point. */
  maxLoss: measured,
});
export type CurvePoint = Immutable<z.infer<typeof curvePoint>>;

/** How good the state was on validation episodes, adapted the algorithm's native way. */
const validationPoint = z.object({
  iteration: count,
  /** Mean accuracy, or the geometric mean of the MSE; finite, as episodes without a finite score count as a large one. */
  score: number,
  /** Floating-point operations of the training so far; watching it is not counted. */
  flops: number,
});
export type ValidationPoint = Immutable<z.infer<typeof validationPoint>>;

/** Whether the state was still getting better at the end, in mean log MSE (its decrease) or accuracy. */
const trend = z.object({
  /** Of the last fifth of training over the fifth before it. */
  improvement: number,
  /** Over validation episodes. */
  standardError: number,
});
export type Trend = Immutable<z.infer<typeof trend>>;

/** What training left behind, apart from the learned state itself (which is stored as binary). */
const trainingResult = z.object({
  status: z.enum(TRAINING_STATUSES),
  reason: z.string(),
  iterations: count,
  curve: z.array(curvePoint),
  /** Returns to the last finite state. */
  restarts: count,
  /** Floating-point operations of the whole training, counted from the operations executed. */
  flops: number,
  /** [] where nothing is watched. */
  validation: z.array(validationPoint),
  /** Null where there are too few points to tell. */
  trend: trend.nullable(),
});
export type TrainingResult = Immutable<z.infer<typeof trainingResult>>;

/** What a training took on the machine that did it. */
const trainingTiming = z.object({
  spec: trainSpec,
  trainS: number,
  iterationsPerS: measured,
  /** Spent on watching it, which `trainS` leaves out. */
  validateS: number,
  peakRssMib: number,
  backend: z.string(),
});
export type TrainingTiming = Immutable<z.infer<typeof trainingTiming>>;

/** What an evaluation took on the machine that did it. */
const evaluationTiming = z.object({ evaluateS: number, peakRssMib: number });
export type EvaluationTiming = Immutable<z.infer<typeof evaluationTiming>>;

/** Scores of the validation episodes after an iteration. */
export interface WatchedScores {
  readonly iteration: number;
  readonly scores: readonly (number | null)[];
}

/** The entries of a store. */
export const ENTRIES = {
  training: trainingResult,
  evaluation: evaluationResult,
  trainingTiming,
  evaluationTiming,
  failure: z.object({ reason: z.string() }),
} as const;
