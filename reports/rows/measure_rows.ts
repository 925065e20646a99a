import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_KEY_COLUMNS, column, count, METRIC, number, text, TRAINING_UNIT } from "./column.ts";

/** The columns of calibration.csv, in order. */
export const calibrationRow = z.object({
  ...CELL_KEY_COLUMNS,
  bin: column(
    count,
    "m = 1 .. 15: queries whose confidence is in ((m - 1) / 15, m / 15]; bins without any have no row.",
  ),
  queries: column(count, "Queries in the bin, of all test episodes with finite predictions."),
  confidence: column(number, "Mean of their largest probabilities."),
  accuracy: column(number, "Share of them that is right."),
  trainingUnit: TRAINING_UNIT,
});

/** One bin of one cell's reliability: one line of calibration.csv. */
export type CalibrationRow = Immutable<z.infer<typeof calibrationRow>>;

/** The columns of groups.csv, in order. */
export const groupRow = z.object({
  ...CELL_KEY_COLUMNS,
  level: column(
    text,
    "What a group is: class, alphabet, script, family, folder, country, continent; of any-way any-shot episodes also ways and support per class.",
  ),
  group: column(text, "Which one."),
  metric: METRIC,
  count: column(
    count,
    "Queries of the group's classes (classification), or episodes of its tasks (regression; ways, support per class), with finite predictions.",
  ),
  mean: column(
    number.nullable(),
    "Mean score over them; weighted by count, those of a level add up to the cell's mean where episodes are of one size.",
  ),
  meanLog: column(number.nullable(), "Mean natural logarithm of the episodes' MSE (regression only)."),
  trainingUnit: TRAINING_UNIT,
});

/** One cell's score on one group of classes or tasks: one line of groups.csv. */
export type GroupRow = Immutable<z.infer<typeof groupRow>>;

/** The columns of adaptation_times.csv, in order. */
export const adaptationTimeRow = z.object({
  ...CELL_KEY_COLUMNS,
  adaptMs: column(
    number,
    "Measured on this machine: wall time per test episode of adapting and predicting its query set, 25 episodes at a time; drawing episodes, compiling " +
      "programs and choosing step sizes or strengths apart. Of a curve over inner steps, of all of it: with a prediction at each of its numbers of inner steps.",
    "ms",
  ),
  adaptMflop: column(number, "adapt_mflop of the cell, which is counted and the same everywhere.", "10⁶ operations"),
  backend: column(text, "What it was measured on; empty where that is not known."),
  trainingUnit: TRAINING_UNIT,
});

/** How long adapting to an episode took: one line of adaptation_times.csv. */
export type AdaptationTimeRow = Immutable<z.infer<typeof adaptationTimeRow>>;
