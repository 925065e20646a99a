import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { READINGS, VERDICTS } from "../../common/vocabulary.ts";
import { CELL_KEY_COLUMNS, column, count, DIFFERENCE, METRIC, number, text, TRAINING_KEY } from "./column.ts";
import { type Place, PLACE_FIELDS, type PlaceField } from "./place.ts";

const RATIO = "natural logarithm of a ratio of MSEs";
/** What must be said of numbers that no verdict rests on. */
const ALONE = "of the comparison on its own: no verdict is read from it.";

/** The two sides of a comparison. */
type SideName = "a" | "b";
/** A side's name before that of a field of a cell's key: `aAlgorithm`. */
type Prefixed<S extends SideName, F extends PlaceField> = `${S}${Capitalize<F>}`;
type SideColumns<S extends SideName> = { [F in PlaceField as Prefixed<S, F>]: (typeof CELL_KEY_COLUMNS)[F] };
type OfSide<S extends SideName> = { readonly [F in PlaceField as Prefixed<S, F>]: Place[F] };

function prefixed(side: SideName, field: PlaceField): string {
  return `${side}${field.charAt(0).toUpperCase()}${field.slice(1)}`;
}

/** What a side is: a column per field of a cell's key. */
function sideColumns<S extends SideName>(side: S): SideColumns<S> {
  const columns = PLACE_FIELDS.map((field) => {
    const values: z.ZodType = CELL_KEY_COLUMNS[field];
    const { description = "" } = z.globalRegistry.get(values) ?? {};
    return [prefixed(side, field), column(values, `Of side ${side}: ${description}`)];
  });
  return Object.fromEntries(columns) as SideColumns<S>;
}

/** A side's part of a row. */
export function ofSide<S extends SideName>(side: S, place: Place): OfSide<S> {
  return Object.fromEntries(PLACE_FIELDS.map((field) => [prefixed(side, field), place[field]])) as OfSide<S>;
}

/** The columns of verdicts.csv, in order. Everything before n_seeds is the key; a field that does not apply to a side is empty. */
export const verdictRow = z.object({
  dataset: TRAINING_KEY.dataset,
  metric: METRIC,
  comparison: column(text, "Id of the comparison in the sweep."),
  family: column(text, "Its family: the comparisons that it is corrected with."),
  ...sideColumns("a"),
  ...sideColumns("b"),
  nSeeds: column(count, "Seeds with scores of both sides."),
  nEpisodes: column(count, "Test episodes per seed."),
  diff: column(
    number.nullable(),
    "a - b, mean over seeds and episodes: of accuracies, positive when a is better, or of the logarithms of MSEs, negative when a is better.",
    DIFFERENCE,
  ),
  lo: column(
    number.nullable(),
    "Lower end of the interval of diff from which the verdict is read; it holds at its level, and together with those of its family (docs/statistics.md).",
    DIFFERENCE,
  ),
  hi: column(number.nullable(), "Upper end of the same interval.", DIFFERENCE),
  margin: column(number, "Declared equivalence margin.", DIFFERENCE),
  verdict: column(
    z.enum(VERDICTS),
    "What was found: equivalent (lo and hi lie within the margin), a-better or b-better (they lie on one side of 0; regression: lo_mean and hi_mean on " +
      "the same one too), large-not-established (not so, but on its own it would be), undecided; none below three seeds.",
  ),
  needs: column(text, "In words: what would settle an open comparison, or why there is no verdict."),
  flags: column(text, "What to beware of, separated by semicolons."),
  ratio: column(number.nullable(), "exp(diff), regression only: the geometric mean over episodes of a's MSE over b's."),
  level: column(
    number.nullable(),
    "Confidence level of each of these intervals on its own, e.g. 0.99 in a family of 5.",
  ),
  diffMean: column(
    number.nullable(),
    "Regression only: logarithm of the ratio of mean MSEs, a's over b's, negative when a is better; diverged episodes count as their limit.",
    RATIO,
  ),
  loMean: column(number.nullable(), "Lower end of its interval, at the same level.", RATIO),
  hiMean: column(number.nullable(), "Upper end of its interval.", RATIO),
  typical: column(z.enum(READINGS).nullable(), "What lo and hi say on their own: about the typical episode."),
  tail: column(
    z.enum(READINGS).nullable(),
    "What lo_mean and hi_mean say on their own: about the mean, which the worst episodes rule; empty for accuracy.",
  ),
  metrics: column(text, "In words, where typical and tail are not the same."),
  aMean: column(
    number.nullable(),
    "Mean score of side a over seeds and episodes, diverged episodes at their limit: MSE, or percentage points of accuracy.",
  ),
  bMean: column(number.nullable(), "The same of side b."),
  aRelativeError: column(
    number.nullable(),
    "Regression only: mean over episodes of side a's MSE over the variance of the episode's own targets; 1 is what predicting their mean has.",
  ),
  bRelativeError: column(number.nullable(), "The same of side b."),
  aDiverged: column(
    count.nullable(),
    "Episodes of side a that diverged, of all seeds together; they count, at their limit.",
  ),
  bDiverged: column(count.nullable(), "The same of side b."),
  alpha: column(number, "Error rate of the family, with what was passed on to it."),
  pAdjusted: column(
    number.nullable(),
    "Smallest error rate of the family at which the comparison would be decided, all else as it is, at its look where seeds come in rounds; to be held against alpha. Empty where " +
      "it is open because its two metrics disagree.",
  ),
  look: column(
    count.nullable(),
    "After how many rounds of seeds it was decided, where they come in rounds; empty where it is open.",
  ),
  needsMargin: column(number.nullable(), "The smallest margin within which lo and hi would lie.", DIFFERENCE),
  needsSeeds: column(count.nullable(), "Seeds that would settle it, as needs says; empty when no number would."),
  effectSize: column(
    number.nullable(),
    "d_z over seeds: mean / standard deviation of their differences; empty where these are all equal.",
  ),
  lo95Unadjusted: column(number.nullable(), `Lower end of the 95 % interval of diff, ${ALONE}`, DIFFERENCE),
  hi95Unadjusted: column(number.nullable(), "Upper end of the same.", DIFFERENCE),
  lo90Unadjusted: column(number.nullable(), `Lower end of the 90 % interval of diff, ${ALONE}`, DIFFERENCE),
  hi90Unadjusted: column(number.nullable(), "Upper end of the same.", DIFFERENCE),
  pTostUnadjusted: column(number.nullable(), `p of two one-sided tests at the margin, ${ALONE}`),
  pDifferenceUnadjusted: column(number.nullable(), `Two-sided p of no difference, ${ALONE}`),
});

/** One comparison of two cells: one line of verdicts.csv. */
export type VerdictRow = Immutable<z.infer<typeof verdictRow>>;
