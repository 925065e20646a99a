import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { COST_GOALS, NORMS } from "../../common/vocabulary.ts";
import { column, count, METRIC, number, text, TRAINING_KEY } from "./column.ts";

const GFLOP = "10⁹ operations";

/** The columns of cost_to_target.csv, in order. */
export const costToTargetRow = z.object({
  dataset: TRAINING_KEY.dataset,
  norm: TRAINING_KEY.norm,
  metric: METRIC,
  goal: column(
    z.enum(COST_GOALS),
    "final: the score that another algorithm's training with the same seed ends with; ladder: one round score for all.",
  ),
  goalOf: column(text, "Whose final score; empty on a ladder."),
  goalNorm: column(z.enum(NORMS).nullable(), "How hidden layers of that training are normalised; empty on a ladder."),
  goalTrainingTasks: column(
    count.nullable(),
    "Training tasks of that training; empty for ever new ones, and on a ladder.",
  ),
  goalDepth: column(count.nullable(), "Sharing depth of that training."),
  score: column(
    number,
    "The score to reach on validation episodes, MSE or accuracy; of final scores the mean over seeds (geometric for MSE).",
  ),
  algorithm: column(text, "Who is to reach it."),
  sharingDepth: TRAINING_KEY.sharingDepth,
  shots: TRAINING_KEY.shots,
  innerSteps: TRAINING_KEY.innerSteps,
  trainingTasks: TRAINING_KEY.trainingTasks,
  nSeeds: column(count, "Seeds that were trained."),
  nReached: column(count, "Seeds that reached the score."),
  gflopMedian: column(
    number.nullable(),
    "Operations of the training up to the first point of its curve at or beyond the score, median over seeds. A seed that never gets there is the dearest: " +
      "a number that falls on one is empty.",
    GFLOP,
  ),
  gflopLeast: column(number.nullable(), "The least of the same over seeds.", GFLOP),
  gflopMost: column(number.nullable(), "The most of the same over seeds.", GFLOP),
  gradientsMedian: column(
    number.nullable(),
    "Gradients of one task's loss up to there, median over seeds in the same way.",
  ),
  ratioMedian: column(
    number.nullable(),
    "Operations relative to what the owner of a final score took to get there itself, seed by seed, median; empty on ladders and for the owner.",
  ),
  ratioLeast: column(number.nullable(), "The least of the same over seeds."),
  ratioMost: column(number.nullable(), "The most of the same over seeds."),
});

/** What it took an algorithm's trainings to reach a score on validation episodes: one line of cost_to_target.csv. */
export type CostToTargetRow = Immutable<z.infer<typeof costToTargetRow>>;
