import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_KEY_COLUMNS, column, count, METRIC, number, text } from "./column.ts";

/** What is swept: how many training tasks there are, or how many training classes. */
export const SCALING_AXES = ["training-tasks", "training-classes"] as const;

const { seed: _, trainingTasks: __, dataset: ___, ...PLACE } = CELL_KEY_COLUMNS;

/** The columns of scaling.csv, in order. */
export const scalingRow = z.object({
  trainedOn: column(text, "Data set that was trained on."),
  testedOn: column(text, "Data set whose test episodes are scored."),
  axis: column(z.enum(SCALING_AXES), "What N counts."),
  ...PLACE,
  trainingTasks: column(
    count.nullable(),
    "Training tasks there were, where N counts classes; empty for ever new ones, and where N counts tasks.",
  ),
  trainingClasses: column(
    count.nullable(),
    "Training classes there were, where N counts tasks; empty for regression, and where N counts classes.",
  ),
  metric: METRIC,
  sizes: column(count, "Different N that were fitted."),
  smallest: column(count, "The smallest N."),
  largest: column(count, "The largest N; ever new tasks are none."),
  seeds: column(count, "Training seeds that have a score at every N."),
  exponent: column(
    number.nullable(),
    "c of error = b N^-c, by least squares of ln error over ln N; error is the geometric mean of the MSE over test episodes and seeds, or the share of wrong " +
      "answers. Empty where an error is 0.",
  ),
  exponentLo: column(number.nullable(), "Lower end of its 95 % bootstrap interval over seeds; empty below two."),
  exponentHi: column(number.nullable(), "Upper end of the same."),
  coefficient: column(number.nullable(), "b: what the line says of N = 1."),
  r2: column(
    number.nullable(),
    "Share of the variance of ln error that the line explains; empty where nothing varies.",
  ),
});

/** How an error falls with the number of training tasks or classes: one line of scaling.csv. */
export type ScalingRow = Immutable<z.infer<typeof scalingRow>>;
