import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { METRICS, OUTCOMES, PREDICTION_KINDS } from "../../common/vocabulary.ts";
import { column, count, number, text, TRAINING_KEY } from "./column.ts";

/** The unit of differences: accuracy in percentage points, MSE as a logarithm of a ratio. */
const DIFFERENCE = "percentage points, or natural logarithm of a ratio of MSEs";

/** The columns of predictions.csv, in order: what was expected, and what was found. Numbers are those of the comparison that the outcome hangs on most. */
export const predictionRow = z.object({
  id: column(text, "Names the prediction in its sweep."),
  dataset: TRAINING_KEY.dataset,
  kind: column(z.enum(PREDICTION_KINDS), "What it is about."),
  statement: column(text, "What was expected, in words."),
  source: column(text, "Where the expectation comes from."),
  outcome: column(z.enum(OUTCOMES), "Whether it held. Both held and failed need evidence at 5 %."),
  reason: column(text, "Why, unless it held."),
  found: column(text, "Every comparison in words, the most telling first."),
  metric: column(z.enum(METRICS).nullable(), "The primary score of the data set; empty where nothing was tested."),
  comparisons: column(
    count,
    "How many comparisons it was tested on. The numbers that follow are those of the one that the outcome hangs on.",
  ),
  nSeeds: column(count.nullable(), "Seeds with scores of both sides."),
  nEpisodes: column(count.nullable(), "Test episodes per seed."),
  diff: column(
    number.nullable(),
    "a - b; or the excess over the floor relative to it (at-floor); or by how much the first effect is larger in size than the second.",
    DIFFERENCE,
  ),
  lo95: column(number.nullable(), "Lower end of the 95 % interval of diff.", DIFFERENCE),
  hi95: column(number.nullable(), "Upper end of the 95 % interval of diff.", DIFFERENCE),
  margin: column(number.nullable(), "Declared margin; empty where none is involved.", DIFFERENCE),
  pHeld: column(number.nullable(), "p of the test that would show it."),
  pFailed: column(
    number.nullable(),
    "p of the test that would refute it, multiplied by the number of comparisons.",
  ),
  flags: column(text, "What to beware of, separated by semicolons."),
});

/** What was expected, and what was found: one line of predictions.csv. */
export type PredictionRow = Immutable<z.infer<typeof predictionRow>>;
