import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_KEY_COLUMNS, column, count, number, TRAINING_UNIT } from "./column.ts";

/** The columns of diversity.csv, in order. */
export const diversityRow = z.object({
  ...CELL_KEY_COLUMNS,
  episodes: column(
    count,
    "Test episodes looked at, from the first on: 64, or as many as there are, or as large networks allow.",
  ),
  weights: column(count, "Numbers that adaptation changes, per task."),
  effectiveRank: column(
    number.nullable(),
    "Exponential of the entropy of the shares of the squared singular values (Roy & Vetterli 2007, of squares): 1 where all tasks move the weights along one " +
      "line, k where along k directions alike, at most the number of episodes. Empty where nothing moves or something is not finite.",
  ),
  largestShare: column(number.nullable(), "Share of the squared length that the first direction has, in (0, 1]."),
  rms: column(number.nullable(), "Root mean square over episodes of the length of the movement."),
  trainingUnit: TRAINING_UNIT,
});

/** How differently tasks move the weights of one cell: one line of diversity.csv. */
export type DiversityRow = Immutable<z.infer<typeof diversityRow>>;
