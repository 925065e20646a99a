/** verdicts.csv: one row per comparison. */
import { stringify } from "@std/csv/stringify";
import { PLACE_FIELDS } from "../rows/place.ts";
import { snakeCase } from "../rows/csv_table.ts";
import type { JudgedPair } from "./judge_comparisons.ts";

type Field = string | number | null;
type Column = (pair: JudgedPair) => Field;

/** What a side is, a column per field of a cell's key: `a_algorithm`, `a_adapter`, ... */
function sideColumns(side: "a" | "b"): Record<string, Column> {
  return Object.fromEntries(
    PLACE_FIELDS.map((field): [string, Column] => [`${side}_${snakeCase(field)}`, ({ key }) => key[side][field]]),
  );
}

/**
 * The columns, in order. Everything before n_seeds is the key; a field that does not apply to a side is empty.
 *
 * diff, its intervals and margin share one unit: percentage points of accuracy, or the natural logarithm of the ratio of MSEs.
 */
const COLUMNS: Readonly<Record<string, Column>> = {
  dataset: ({ key }) => key.dataset,
  metric: ({ key }) => key.metric,
  /** id of the comparison in the sweep */
  comparison: ({ key }) => key.comparison,
  /** its family: the comparisons that its claims are corrected with */
  family: ({ key }) => key.family,
  ...sideColumns("a"),
  ...sideColumns("b"),
  /** seeds with scores of both sides */
  n_seeds: ({ verdict }) => verdict.nSeeds,
  n_episodes: ({ verdict }) => verdict.nEpisodes,
  /** a - b; with accuracy positive, with mse negative when a is better */
  diff: ({ verdict }) => verdict.diff,
  lo95: ({ verdict }) => verdict.lo95,
  hi95: ({ verdict }) => verdict.hi95,
  lo90: ({ verdict }) => verdict.lo90,
  hi90: ({ verdict }) => verdict.hi90,
  margin: ({ verdict }) => verdict.margin,
  /** of the equivalence test, before adjustment */
  p_tost: ({ verdict }) => verdict.pTost,
  /** p of the claim that the verdict makes, corrected for its family; of the nearer one when inconclusive */
  p_holm: ({ verdict }) => verdict.pHolm,
  /** d_z over seeds; empty where the differences of all seeds are equal */
  effect_size: ({ verdict }) => verdict.effectSize,
  verdict: ({ verdict }) => verdict.verdict,
  /** in words: what would settle an inconclusive cell, or why there is no verdict */
  needs: ({ verdict }) => verdict.needs?.words ?? verdict.reason,
  /** separated by "; " */
  flags: ({ verdict }) => verdict.flags.join("; "),
  /** exp(diff), the geometric mean of the ratio of MSEs; empty for accuracy */
  ratio: ({ verdict }) => verdict.ratio,
  /** of the two-sided test of no difference, before adjustment */
  p_difference: ({ verdict }) => verdict.pDifference,
  /** the smallest margin, in the unit of diff, that an inconclusive cell would pass */
  needs_margin: ({ verdict }) => verdict.needs?.margin ?? null,
  /** seeds that would settle it; empty when no number would */
  needs_seeds: ({ verdict }) => verdict.needs?.seeds ?? null,
};

/** verdicts.csv, one row per comparison in the given order. What is unknown is an empty field. */
export function verdictsCsv(pairs: readonly JudgedPair[]): string {
  const values = Object.values(COLUMNS);
  const rows = pairs.map((pair) => values.map((value) => field(value(pair))));
  return stringify([Object.keys(COLUMNS), ...rows], { headers: false });
}

/** Numbers in their shortest form that reads back as the same number. */
function field(value: Field): string {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new RangeError(`internal: ${value} in a column of finite numbers`);
  }
  return value === null ? "" : String(value);
}
