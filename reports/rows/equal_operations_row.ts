import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { BUDGETS } from "../../common/vocabulary.ts";
import { column, count, DIFFERENCE, METRIC, number, TRAINING_KEY } from "./column.ts";

const GFLOP = "10⁹ operations";

/** The columns of equal_operations.csv, in order. */
export const equalOperationsRow = z.object({
  dataset: TRAINING_KEY.dataset,
  metric: METRIC,
  aNorm: TRAINING_KEY.norm,
  aAlgorithm: TRAINING_KEY.algorithm,
  aSharingDepth: TRAINING_KEY.sharingDepth,
  aTrainingTasks: TRAINING_KEY.trainingTasks,
  bNorm: TRAINING_KEY.norm,
  bAlgorithm: TRAINING_KEY.algorithm,
  bSharingDepth: TRAINING_KEY.sharingDepth,
  bTrainingTasks: TRAINING_KEY.trainingTasks,
  budget: column(
    z.enum(BUDGETS),
    "equal-operations: both sides at what the cheaper training takes in all, the dearer one part of the way; end: both as they ended.",
  ),
  nSeeds: column(count, "Seeds whose trainings of both sides have a score there."),
  aGflop: column(number, "Operations of training of side a up to there, mean over seeds.", GFLOP),
  bGflop: column(number, "The same of side b.", GFLOP),
  aScore: column(
    number,
    "Score of side a on validation episodes, MSE (geometric mean over seeds) or accuracy; between two points of a curve on the straight line in " +
      "operations and in the logarithm of the MSE, or the accuracy.",
  ),
  bScore: column(number, "The same of side b."),
  diff: column(number, "a - b, mean over seeds, in the same sense as in verdicts.csv.", DIFFERENCE),
  lo95: column(
    number.nullable(),
    "Lower end of Student's 95 % interval of diff over seeds, of this row on its own: no verdict is read from it. Empty for one seed.",
    DIFFERENCE,
  ),
  hi95: column(number.nullable(), "Upper end of the same.", DIFFERENCE),
  aUndertrained: column(
    count.nullable(),
    "Seeds of side a that were still improving when they ended; empty before the end.",
  ),
  bUndertrained: column(count.nullable(), "The same of side b."),
});

/** Two sides of a comparison at one amount of training: one line of equal_operations.csv. */
export type EqualOperationsRow = Immutable<z.infer<typeof equalOperationsRow>>;
