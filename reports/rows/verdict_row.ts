import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { VERDICTS } from "../../common/vocabulary.ts";
import { CELL_KEY_COLUMNS, column, count, METRIC, number, text, TRAINING_KEY } from "./column.ts";
import { type Place, PLACE_FIELDS, type PlaceField } from "./place.ts";

/** The unit of differences: accuracy in percentage points, MSE as a logarithm of a ratio. */
const DIFFERENCE = "percentage points, or natural logarithm of a ratio of MSEs";

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
  family: column(text, "Its family: the comparisons that its claims are corrected with."),
  ...sideColumns("a"),
  ...sideColumns("b"),
  nSeeds: column(count, "Seeds with scores of both sides."),
  nEpisodes: column(count, "Test episodes per seed."),
  diff: column(
    number.nullable(),
    "a - b, mean over seeds and episodes: of accuracies, positive when a is better, or of the logarithms of MSEs, negative when a is better.",
    DIFFERENCE,
  ),
  lo95: column(number.nullable(), "Lower end of the 95 % interval of diff.", DIFFERENCE),
  hi95: column(number.nullable(), "Upper end of the 95 % interval of diff.", DIFFERENCE),
  lo90: column(
    number.nullable(),
    "Lower end of the 90 % interval of diff, which the equivalence test asks for.",
    DIFFERENCE,
  ),
  hi90: column(number.nullable(), "Upper end of the 90 % interval of diff.", DIFFERENCE),
  margin: column(number, "Declared equivalence margin.", DIFFERENCE),
  pTost: column(number.nullable(), "p of the equivalence test, before adjustment."),
  pHolm: column(
    number.nullable(),
    "p of the claim that the verdict makes, corrected for its family; of the nearer one when inconclusive.",
  ),
  effectSize: column(
    number.nullable(),
    "d_z over seeds: mean / standard deviation of their differences; empty where these are all equal.",
  ),
  verdict: column(z.enum(VERDICTS), "What was found; none below three seeds."),
  needs: column(text, "In words: what would settle an inconclusive cell, or why there is no verdict."),
  flags: column(text, "What to beware of, separated by semicolons."),
  ratio: column(number.nullable(), "exp(diff), the geometric mean of the ratio of MSEs; empty for accuracy."),
  pDifference: column(number.nullable(), "p of the two-sided test of no difference, before adjustment."),
  needsMargin: column(number.nullable(), "The smallest margin that an inconclusive cell would pass.", DIFFERENCE),
  needsSeeds: column(count.nullable(), "Seeds that would settle it; empty when no number would."),
});

/** One comparison of two cells: one line of verdicts.csv. */
export type VerdictRow = Immutable<z.infer<typeof verdictRow>>;
