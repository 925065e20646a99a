import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_STATUSES } from "../../common/vocabulary.ts";
import {
  CELL_KEY_COLUMNS,
  column,
  count,
  DOMAIN_COLUMNS,
  METRIC,
  number,
  text,
  TRAINING_NAME,
  TRAINING_UNIT,
} from "./column.ts";

/** The columns of cells.csv, in order: the cell, its scores, what it cost, how it ended, what to beware of, what it came from. */
export const cellRow = z.object({
  ...CELL_KEY_COLUMNS,
  adaptStrength: column(
    number.nullable(),
    "What validation episodes chose of what the adapter leaves open, in its own unit (deno task list says which): a step size, a strength of " +
      "regularisation; empty without a result, and where there is nothing to choose.",
  ),
  metric: METRIC,
  mean: column(number.nullable(), "Mean score over the test episodes with a finite score; empty where there is none."),
  sd: column(number.nullable(), "Standard deviation of the score over the same episodes."),
  median: column(number.nullable(), "Median score over the same episodes."),
  meanLog: column(
    number.nullable(),
    "Mean natural logarithm of the episodes' MSE (regression only): what regression cells are compared by, because a few exploded episodes rule a mean MSE.",
  ),
  nll: column(
    number.nullable(),
    "Mean negative log-likelihood of the true class over all queries of the episodes with a finite score, natural logarithm (classification only); empty " +
      "where the adapter gives no probabilities: ridge scores and cosines.",
    "nats",
  ),
  ece: column(
    number.nullable(),
    "Expected calibration error in [0, 1] over the same queries, in 15 bins of equal width (Guo et al. 2017); calibration.csv has the bins.",
  ),
  episodes: column(count, "Test episodes."),
  diverged: column(
    count,
    "Episodes whose score is not finite or whose MSE exceeds the sweep's divergedFactor times that of predicting 0.",
  ),
  trainGflop: column(
    number.nullable(),
    "Floating-point operations of the training, counted from the operations executed; empty without a training.",
    "10⁹ operations",
  ),
  trainGradients: column(
    count.nullable(),
    "Gradients of one task's loss that the training evaluated: per outer iteration and task one outer gradient and, with an inner loop, one per inner " +
      "step (inner ones only where training follows the displacement by its inner loop). Second derivatives are not in this count but in train_gflop.",
  ),
  adaptMflop: column(
    number.nullable(),
    "Floating-point operations of adapting to one test task with these inner steps and predicting its query set, as executed: 25 tasks at a time. For " +
      "adapters without inner steps the features and the solve at the chosen strength, mean over episodes. Choosing step size or strength on validation episodes is not included.",
    "10⁶ operations",
  ),
  status: column(
    z.enum(CELL_STATUSES),
    "ok; failed; diverged (the training, or every episode); skipped (its data is absent).",
  ),
  reason: column(text, "Why, unless ok."),
  flags: column(
    text,
    "What to beware of, separated by semicolons: undertrained when the last fifth of its training was still better than the fifth before by more than the " +
      "sweep's validation.tolerance (in mean log MSE or accuracy, on validation episodes, beyond doubt at 95 % one-sided); restarted when training stopped " +
      "being finite and went on from its last finite state; loss-spike when the loss of an iteration passed 100 times the median of the training's curve so " +
      "far; collapsed when its last validation score is far worse than those of the other seeds (by more than 3.5 robust standard deviations and ln 2, of " +
      "ln MSE or of the logit of the accuracy).",
  ),
  trainingUnit: column(text, `${TRAINING_NAME}; empty when skipped.`),
  ...DOMAIN_COLUMNS,
});

/** Columns that older versions did not write. */
export const ADDED_TO_CELLS: readonly (keyof CellRow)[] = ["nll", "ece"];

/** One row of the answer: one line of cells.csv. */
export type CellRow = Immutable<z.infer<typeof cellRow>>;

/** What names a cell; cells.csv, episodes.csv and representations.csv share and are sorted by these columns, empty fields first. */
export const CELL_KEY = Object.keys(CELL_KEY_COLUMNS) as (keyof typeof CELL_KEY_COLUMNS)[];

/** The columns of episodes.csv before the scores, in order. */
export const episodeRow = z.object({ ...CELL_KEY_COLUMNS, metric: METRIC, trainingUnit: TRAINING_UNIT });

/** Scores of one cell's test episodes: one line of episodes.csv. */
export interface EpisodeRow extends Immutable<z.infer<typeof episodeRow>> {
  /** One per test episode, in episode order; null where not finite. */
  readonly scores: readonly (number | null)[];
}
