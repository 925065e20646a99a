import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { REFERENCE_ROLES } from "../../common/reference_roles.ts";
import { column, count, METRIC, number, text, TRAINING_KEY } from "./column.ts";

/** The columns of references.csv, in order. */
export const referenceRow = z.object({
  dataset: TRAINING_KEY.dataset,
  reference: column(
    text,
    "Name of the predictor, e.g. zero, mean, bayes, nearest-mean: docs/data.md says which a data set has.",
  ),
  title: column(text, "What it predicts, in words."),
  role: column(
    z.enum(REFERENCE_ROLES),
    "floor: what a trained method should do better than; ceiling: what none is expected to do better than.",
  ),
  shots: column(count, "K of the test episodes."),
  metric: METRIC,
  mean: column(number.nullable(), "Mean score over test episodes; empty where none is finite."),
  sd: column(number.nullable(), "Standard deviation over test episodes."),
  median: column(number.nullable(), "Median over test episodes."),
  meanLog: column(
    number.nullable(),
    "Mean of the natural logarithm of the MSE over test episodes; empty for accuracy.",
  ),
  episodes: column(count, "Test episodes: the same as those of every cell of the data set."),
});

/** What a predictor that is not trained scores on the test episodes: one line of references.csv. */
export type ReferenceRow = Immutable<z.infer<typeof referenceRow>>;
