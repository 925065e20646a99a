/** The tables of a run: which files there are, what a row of each is, and its columns. */
import type { z } from "zod";
import { CELL_KEY, cellRow, episodeRow } from "./cell_row.ts";
import { costToTargetRow } from "./cost_to_target_row.ts";
import type { Columns } from "./csv_table.ts";
import { DISTANCE_KEY, distanceRow } from "./distance_row.ts";
import { diversityRow } from "./diversity_row.ts";
import { equalOperationsRow } from "./equal_operations_row.ts";
import { adaptationTimeRow, calibrationRow, groupRow } from "./measure_rows.ts";
import { predictionRow } from "./prediction_row.ts";
import { publishedRow } from "./published_row.ts";
import { referenceRow } from "./reference_row.ts";
import { representationRow } from "./representation_row.ts";
import { scalingRow } from "./scaling_row.ts";
import { columnsOf, type Field, fieldsOf } from "./schema_columns.ts";
import { verdictRow } from "./verdict_row.ts";
import { TIMING_KEY, timingRow, tuningRow, validationRow } from "./training_row.ts";

/** What documents say of a table. */
export interface Described {
  /** Name of its file. */
  readonly file: string;
  /** What a row is, and what there is to know of all of them. */
  readonly about: string;
  readonly fields: readonly Field[];
}

/** One table. */
export interface Table<Row> extends Described {
  readonly columns: Columns<Row>;
  /** Rows are sorted by these, empty fields first; [] where they come in an order of their own. */
  readonly sortedBy: readonly (keyof Row & string)[];
}

function table<Row>(
  file: string,
  schema: z.ZodObject & z.ZodType<Row>,
  sortedBy: readonly (keyof Row & string)[],
  about: string,
): Table<Row> {
  return { file, about, columns: columnsOf(schema), fields: fieldsOf(schema), sortedBy };
}

/** cells.csv */
export const CELLS = table(
  "cells.csv",
  cellRow,
  CELL_KEY,
  "One row per cell, the answer itself. Byte-identical on a rerun with the same backend, whatever the number of workers or interruptions.",
);

/** episodes.csv, before the scores. */
export const EPISODES = table(
  "episodes.csv",
  episodeRow,
  CELL_KEY,
  "The score of every test episode, for paired statistics: one row per cell that has scores, and one column per episode. The same column is the same " +
    "episode in every row of a data set.",
);

/** verdicts.csv */
export const VERDICT_TABLE = table(
  "verdicts.csv",
  verdictRow,
  [],
  "One row per pair of cells that the sweep's comparisons come to, in their order: the two sides, their difference with the interval that the verdict is read " +
    "from, the verdict, what would settle it where it is open, and what it rests on. docs/statistics.md says how.",
);

/** predictions.csv */
export const PREDICTIONS = table(
  "predictions.csv",
  predictionRow,
  [],
  "One row per prediction that the sweep states, in its order: what was expected, what was found, and whether it held.",
);

/** published.csv */
export const PUBLISHED = table(
  "published.csv",
  publishedRow,
  [],
  "Published numbers beside ours: one row per number that the sweep would reach again, in its order. Header only where a sweep names none. train_s is time on " +
    "this machine; all else is the same on a rerun.",
);

/** references.csv */
export const REFERENCES = table(
  "references.csv",
  referenceRow,
  [],
  "What predictors score that need no training, on the same test episodes as every cell: floors of every data set and, where theory has one, ceilings. One row " +
    "per data set, reference and number of shots.",
);

/** tuning.csv */
export const TUNING = table(
  "tuning.csv",
  tuningRow,
  ["dataset", "norm", "algorithm", "sharingDepth", "trial"],
  "One row per trial of the tuning: what was tried, its score on validation episodes, and whether it was chosen. Header only where the sweep tunes nothing.",
);

/** validation.csv */
export const VALIDATION = table(
  "validation.csv",
  validationRow,
  [...TIMING_KEY, "iteration"],
  "The validation curve of every training, trials included: one row per point, on the same validation episodes.",
);

/** representations.csv */
export const REPRESENTATIONS = table(
  "representations.csv",
  representationRow,
  [...CELL_KEY, "layer"],
  "How far adaptation by gradient moved each layer (Raghu et al. 2020): one row per layer of every cell that is adapted by gradient and has a result. CKA " +
    "compares the layer's output for the query set, after its norm and non-linearity (positions of an image count as features; of the head, the predictions " +
    "or logits), before adaptation and after inner_steps steps at the chosen step size, on the first 50 test episodes: 1 where only rotation and scale " +
    "changed, 0 where nothing common is left. It is the debiased estimator (Song et al. 2012; Nguyen et al. 2021), as the plain one is near 1 for any two " +
    "layers that are wider than a query set is long. Leading layers that adaptation leaves alone have exactly 1.",
);

/** calibration.csv */
export const CALIBRATION = table(
  "calibration.csv",
  calibrationRow,
  [...CELL_KEY, "bin"],
  "Whether networks are right as often as they are sure: per classification cell whose adapter gives probabilities, one row per bin of confidence, over all " +
    "queries of its test episodes. ece in cells.csv is Σ queries · |accuracy − confidence| / Σ queries.",
);

/** groups.csv */
export const GROUPS = table(
  "groups.csv",
  groupRow,
  [...CELL_KEY, "level", "group"],
  "Which classes or tasks decide: the score of every cell on each group of test classes (alphabets, scripts, families; classes themselves where each is in ten " +
    "episodes on average) or of test tasks (countries). One row per cell, level and group.",
);

/** adaptation_times.csv */
export const ADAPTATION_TIMES = table(
  "adaptation_times.csv",
  adaptationTimeRow,
  CELL_KEY,
  "Not reproducible either: how long adapting to a test episode took on this machine, beside the operations it takes. One row per cell with the most inner steps " +
    "of its evaluation, as a curve is computed once; cells that older versions computed have none.",
);

/** diversity.csv */
export const DIVERSITY = table(
  "diversity.csv",
  diversityRow,
  CELL_KEY,
  "How differently tasks move the weights: one row per cell that is adapted by gradient in a step or more and has a result. It is about the singular values " +
    "of the matrix of (adapted − initial) weights, a row per test episode. docs/domains.md says how to read it.",
);

/** distances.csv */
export const DISTANCES = table(
  "distances.csv",
  distanceRow,
  DISTANCE_KEY,
  "How far the predictions of two methods are apart on the same episodes, whatever their scores: one row per pair of cells that the sweep's comparisons come to, " +
    "both adapted by gradient, and seed. Header only where a sweep keeps no predictions (keptPredictions). docs/sweeps.md says what for.",
);

/** cost_to_target.csv */
export const COST_TO_TARGET = table(
  "cost_to_target.csv",
  costToTargetRow,
  [],
  "What it took to reach a score on validation episodes: one row per goal and algorithm. It compares trainings that are watched on the same validation " +
    "episodes (those at validation.shots; of several numbers of inner steps in training, the most).",
);

/** equal_operations.csv */
export const EQUAL_OPERATIONS = table(
  "equal_operations.csv",
  equalOperationsRow,
  [],
  "The trainings of each comparison that gives the answer, twice: at equal operations, and as they ended. Scores are those of the validation curve " +
    "(adapted the native way, at validation.shots), which verdicts are not read from.",
);

/** scaling.csv */
export const SCALING = table(
  "scaling.csv",
  scalingRow,
  [],
  "How errors fall with the number of training tasks or classes: one row per place (all that names a cell but N and the seed) that has scores at three " +
    "different N or more, with the fitted power law. docs/domains.md says how. Header only where a sweep does not sweep either.",
);

/** timings.csv */
export const TIMINGS = table(
  "timings.csv",
  timingRow,
  TIMING_KEY,
  "What is not reproducible: one row per training unit with its time and memory on this machine.",
);

/** Every table of a run, as documents describe it, in the order in which a reader wants them. */
export const TABLES: readonly Described[] = [
  CELLS,
  EPISODES,
  VERDICT_TABLE,
  PREDICTIONS,
  PUBLISHED,
  REFERENCES,
  TUNING,
  VALIDATION,
  REPRESENTATIONS,
  DIVERSITY,
  DISTANCES,
  COST_TO_TARGET,
  EQUAL_OPERATIONS,
  CALIBRATION,
  GROUPS,
  SCALING,
  TIMINGS,
  ADAPTATION_TIMES,
];

/** What stands in episodes.csv after its key: how many scores there are, and as many columns of scores as the widest row needs. */
export function scoreFields(widest: number): Field[] {
  const plain = { words: undefined, optional: false, unit: undefined };
  return [
    { name: "episodes", type: "integer", ...plain, meaning: "Test episodes: how many scores follow." },
    ...Array.from({ length: widest }, (_, e): Field => ({
      ...plain,
      name: `e${e}`,
      type: "number",
      optional: true,
      meaning: `Score of test episode ${e}; empty where it is not finite, and where the row has fewer episodes.`,
    })),
  ];
}
