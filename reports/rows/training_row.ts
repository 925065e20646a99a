import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { TRIAL_STATUSES, YES_NO } from "../../common/vocabulary.ts";
import { column, count, METRIC, number, text, TRAINING_KEY, TRAINING_UNIT } from "./column.ts";

const OUTER_LR = column(number, "β: step size of outer training.");
const INNER_LR = column(number, "α: step size of the inner loop in training.");
const ITERATIONS = column(count, "Outer iterations of the training.");

/** The columns of timings.csv, in order. */
export const timingRow = z.object({
  trainingUnit: TRAINING_UNIT,
  ...TRAINING_KEY,
  iterations: ITERATIONS,
  trainS: column(number.nullable(), "Time of training, without watching it on validation episodes.", "s"),
  iterationsPerS: column(number.nullable(), "Outer iterations per second of that time.", "1/s"),
  validateS: column(number.nullable(), "Time of watching the training on validation episodes.", "s"),
  evaluateS: column(number.nullable(), "Time of all its evaluations on test episodes.", "s"),
  trainGflop: column(
    number.nullable(),
    "Floating-point operations of the training, counted from the operations executed.",
    "10⁹ operations",
  ),
  peakRssMib: column(number.nullable(), "Peak resident memory of the worker process.", "MiB"),
  backend: column(text, "What computed."),
});

/** A training unit's cost on this machine: one line of timings.csv. */
export type TimingRow = Immutable<z.infer<typeof timingRow>>;

/** What names a training unit for readers; timings.csv is sorted by these columns, validation.csv by them and the iteration. */
export const TIMING_KEY = [
  "dataset",
  "norm",
  "algorithm",
  "sharingDepth",
  "shots",
  "innerSteps",
  "trainingTasks",
  "seed",
  "trainingUnit",
] as const satisfies readonly (keyof TimingRow)[];

/** The columns of validation.csv, in order. */
export const validationRow = z.object({
  trainingUnit: TRAINING_UNIT,
  ...TRAINING_KEY,
  outerLr: OUTER_LR,
  innerLr: INNER_LR,
  iteration: column(count, "Outer iterations done so far."),
  metric: METRIC,
  score: column(
    number,
    "Score on the validation episodes after that iteration, adapted the algorithm's native way: mean accuracy, or the geometric mean of the MSE.",
  ),
  trainGflop: column(
    number,
    "Floating-point operations of the training so far; watching it is not counted.",
    "10⁹ operations",
  ),
});

/** A training at one point of its way: one line of validation.csv. */
export type ValidationRow = Immutable<z.infer<typeof validationRow>>;

/** The columns of tuning.csv, in order. */
export const tuningRow = z.object({
  dataset: TRAINING_KEY.dataset,
  norm: TRAINING_KEY.norm,
  algorithm: TRAINING_KEY.algorithm,
  sharingDepth: TRAINING_KEY.sharingDepth,
  trial: column(count, "Number of the trial, from 1, in the order of the grid."),
  outerLr: OUTER_LR,
  innerLr: INNER_LR,
  own: column(text, "Settings of the algorithm's own that were tried, as JSON; empty where there are none."),
  iterations: ITERATIONS,
  seed: TRAINING_KEY.seed,
  metric: METRIC,
  score: column(
    number.nullable(),
    "Score on the validation episodes at the end of training: mean accuracy, or the geometric mean of the MSE; empty when it diverged or failed.",
  ),
  chosen: column(z.enum(YES_NO), "Whether all units of the algorithm and depth train with this trial's settings."),
  status: column(z.enum(TRIAL_STATUSES), "ok, failed or diverged."),
  reason: column(text, "Why, unless ok."),
  trainingUnit: TRAINING_UNIT,
});

/** A trial, how it did on validation episodes, and whether it was chosen: one line of tuning.csv. */
export type TuningRow = Immutable<z.infer<typeof tuningRow>>;
