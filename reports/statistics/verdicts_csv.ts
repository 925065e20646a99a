/** verdicts.csv: one row per comparison. */
import { stringify } from "@std/csv/stringify";
import type { PairKey, Place } from "./pairs.ts";
import type { Verdict } from "./judge.ts";

/** A verdict with what it is about. */
export interface JudgedPair {
  readonly key: PairKey;
  readonly verdict: Verdict;
}

type Field = string | number | null;

const place = (side: "mtl" | "meta", value: (place: Place) => Field) => ({ key }: JudgedPair) => value(key[side]);

/**
 * The columns, in order. `mtl` and `meta` name the two sides; everything before n_seeds is the key.
 *
 * diff, its intervals and margin share one unit: percentage points of accuracy, or the natural logarithm of the ratio of MSEs.
 */
const COLUMNS = {
  dataset: ({ key }) => key.dataset,
  metric: ({ key }) => key.metric,
  /** matched: equal adaptation, steps and depth; native: each as its authors use it */
  comparison: ({ key }) => key.comparison,
  mtl: place("mtl", ({ algorithm }) => algorithm),
  meta: place("meta", ({ algorithm }) => algorithm),
  shots: ({ key }) => key.shots,
  mtl_adaptation: place("mtl", ({ adapter }) => adapter),
  meta_adaptation: place("meta", ({ adapter }) => adapter),
  /** empty for solved-head */
  mtl_inner_steps: place("mtl", ({ innerSteps }) => innerSteps),
  meta_inner_steps: place("meta", ({ innerSteps }) => innerSteps),
  /** empty off the axis */
  mtl_sharing_depth: place("mtl", ({ sharingDepth }) => sharingDepth),
  meta_sharing_depth: place("meta", ({ sharingDepth }) => sharingDepth),
  mtl_adapt_depth: place("mtl", ({ adaptDepth }) => adaptDepth),
  meta_adapt_depth: place("meta", ({ adaptDepth }) => adaptDepth),
  task_start: place("mtl", ({ taskStart }) => taskStart),
  /** seeds with scores of both sides */
  n_seeds: ({ verdict }) => verdict.nSeeds,
  n_episodes: ({ verdict }) => verdict.nEpisodes,
  /** mtl - meta; with accuracy positive, with mse negative when MTL is better */
  diff: ({ verdict }) => verdict.diff,
  lo95: ({ verdict }) => verdict.lo95,
  hi95: ({ verdict }) => verdict.hi95,
  lo90: ({ verdict }) => verdict.lo90,
  hi90: ({ verdict }) => verdict.hi90,
  margin: ({ verdict }) => verdict.margin,
  /** of the equivalence test, before adjustment */
  p_tost: ({ verdict }) => verdict.pTost,
  /** Holm-adjusted p of the claim that the verdict makes; of the nearer one when inconclusive */
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
} as const satisfies Record<string, (pair: JudgedPair) => Field>;

/** verdicts.csv, one row per comparison in the given order. What is unknown is an empty field. */
export function verdictsCsv(pairs: readonly JudgedPair[]): string {
  const values: ((pair: JudgedPair) => Field)[] = Object.values(COLUMNS);
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
