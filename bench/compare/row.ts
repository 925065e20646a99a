/** The columns of differences.csv: a row per cell that both runs have. */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { VERDICTS, YES_NO } from "../../common/vocabulary.ts";
import { CELL_KEY_COLUMNS, column, count, DIFFERENCE, METRIC, number, text } from "../../reports/rows/column.ts";
import { whole, writePieces } from "../../reports/rows/csv_table.ts";
import { columnsOf } from "../../reports/rows/schema_columns.ts";

const { seed: _, ...PLACE } = CELL_KEY_COLUMNS;

/** What is said of one cell of both runs. */
export const differenceRow = z.object({
  ...PLACE,
  metric: METRIC,
  identical: column(
    z.enum(YES_NO),
    "Whether both runs have the same scores to the last bit; such cells are not tested.",
  ),
  nSeeds: column(count, "Seeds that both runs have scores of."),
  nEpisodes: column(count, "Test episodes that both runs have, per seed."),
  aMean: column(number.nullable(), "Mean score of run A over these: MSE, or percentage points of accuracy."),
  bMean: column(number.nullable(), "The same of run B."),
  diff: column(
    number.nullable(),
    "A - B on the same seeds and episodes: of accuracies, positive when A is better, or of the logarithms of MSEs, negative when A is better.",
    DIFFERENCE,
  ),
  lo: column(number.nullable(), "Lower end of the interval of diff from which the verdict is read.", DIFFERENCE),
  hi: column(number.nullable(), "Upper end of the same.", DIFFERENCE),
  level: column(number.nullable(), "Confidence level of the interval on its own."),
  ratio: column(number.nullable(), "exp(diff), regression only: the geometric mean of A's MSE over B's."),
  margin: column(number, "Equivalence margin, as the sweep of run A declares it.", DIFFERENCE),
  verdict: column(z.enum(VERDICTS), "As in verdicts.csv, of run A (a) against run B (b); none below three seeds."),
  pAdjusted: column(number.nullable(), "Smallest share of false claims at which the difference would be one."),
  needs: column(text, "In words: what would settle it, or why there is no verdict."),
  flags: column(text, "What to beware of, separated by semicolons."),
});

/** One line of differences.csv. */
export type DifferenceRow = Immutable<z.infer<typeof differenceRow>>;

/** differences.csv */
export function differencesCsv(rows: readonly DifferenceRow[]): string {
  return whole(writePieces<DifferenceRow>(columnsOf(differenceRow), rows));
}
