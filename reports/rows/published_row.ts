import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_KEY_COLUMNS, column, count, METRIC, number, text } from "./column.ts";

/** What became of a published number here. */
export const REPRODUCTIONS = ["reached", "open", "not reached", "not run"] as const;

const { dataset, norm, algorithm, adapter, shots, innerSteps, sharingDepth } = CELL_KEY_COLUMNS;

/** The columns of published.csv, in order: what was published, and what came out here. */
export const publishedRow = z.object({
  dataset,
  algorithm,
  method: column(text, "What its authors call the method."),
  source: column(text, "Where the number was published."),
  shots,
  innerSteps,
  norm: column(norm.nullable(), "As in cells.csv; empty where no cell has it."),
  adapter,
  sharingDepth,
  metric: column(METRIC.nullable(), "As in cells.csv; empty where no cell has it."),
  published: column(number, "The published number: accuracy in [0, 1], or mean MSE."),
  publishedError: column(number.nullable(), "Half of the published interval; empty where none is given."),
  publishedIterations: column(count.nullable(), "Outer iterations of the published training; empty where not known."),
  mean: column(number.nullable(), "Ours: mean over seeds of the mean over test episodes; empty without a score."),
  lo95: column(number.nullable(), "Lower end of its 95 % t interval over seeds; empty below two seeds."),
  hi95: column(number.nullable(), "Upper end of the same."),
  seeds: column(count, "Training seeds with a score."),
  episodes: column(count, "Test episodes per seed."),
  iterations: column(count.nullable(), "Outer iterations of ours; the fewest of the seeds where they ended at others."),
  trainS: column(
    number.nullable(),
    "Mean time of a training on this machine, from timings.csv: the one column that a rerun changes.",
    "s",
  ),
  outcome: column(
    z.enum(REPRODUCTIONS),
    "reached: ours is no worse than the published number or, where one is given, its interval; open: it is worse, and its own interval reaches as " +
      "far; not reached; not run.",
  ),
  differs: column(
    text,
    "What differs from the published setting, as the sweep declares it; of no score, why there is none.",
  ),
});

/** A published number beside ours: one line of published.csv. */
export type PublishedRow = Immutable<z.infer<typeof publishedRow>>;
