/** From cells and declared comparisons to verdicts. */
import type { Key } from "../../common/random.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import { type Comparison, type Family, FAMILY_ALPHA } from "../claims/comparison.ts";
import type { Place } from "../rows/place.ts";
import type { Cell, NativeUses } from "./cells.ts";
import { judgeFamily, type ScorePair, type Verdict } from "./judge.ts";
import { type ComparedDataSet, type FlagsOf, pairScores } from "./pair_scores.ts";
import { pairAll } from "./pairing.ts";
import { isWinner } from "./readings.ts";

/** What a verdict is about. */
export interface VerdictKey {
  readonly dataset: string;
  readonly metric: Metric;
  /** Id of the comparison. */
  readonly comparison: string;
  /** Name of its family. */
  readonly family: string;
  readonly a: Place;
  readonly b: Place;
}

/** A verdict with what it is about. */
export interface JudgedPair {
  readonly key: VerdictKey;
  readonly verdict: Verdict;
}

/** What judging needs besides the cells. */
export interface ComparedRun {
  readonly comparisons: readonly Comparison[];
  readonly families: readonly Family[];
  /** By name; data sets that are missing are not compared. */
  readonly dataSets: Readonly<Record<string, ComparedDataSet>>;
  readonly nativeOf: NativeUses;
  readonly flagsOf?: FlagsOf;
  /** Names the draws of the bootstrap. */
  readonly key?: Key;
  readonly replicates?: number;
}

/** A pair with its scores. */
export interface ComparedPair {
  readonly key: VerdictKey;
  readonly scores: ScorePair;
}

/** All pairs that the comparisons come to, with their scores, in the order of the comparisons. */
export function pairsToJudge(cells: readonly Cell[], run: ComparedRun): ComparedPair[] {
  const compared = cells.filter(({ dataset }) => Object.hasOwn(run.dataSets, dataset));
  return pairAll(compared, run.comparisons, run.nativeOf).flatMap(({ comparison: { id, family }, pairs }) =>
    pairs.map(({ a, b }): ComparedPair => ({
      key: { dataset: a.dataset, metric: a.metric, comparison: id, family, a: a.place, b: b.place },
      scores: pairScores(a, b, run.dataSets[a.dataset], run.flagsOf),
    }))
  );
}

/** Judges every pair that the comparisons come to, family by family; one verdict per pair, in the order of the comparisons. */
export function judgeComparisons(cells: readonly Cell[], run: ComparedRun): JudgedPair[] {
  const pairs = pairsToJudge(cells, run);
  const verdicts = new Map<ComparedPair, Verdict>();
  const passing = new Map<string, number>();
  for (const { name, correction, alpha = FAMILY_ALPHA, gate } of run.families) {
    const family = pairs.filter(({ key }) => key.family === name);
    const { key, replicates } = run;
    const whole = alpha + (gate === undefined ? 0 : passing.get(gate) ?? 0);
    const found = judgeFamily(family.map(({ scores }) => scores), { key, replicates, correction, alpha: whole });
    passing.set(name, passedOn(found, whole));
    found.forEach((verdict, index) => verdicts.set(family[index], verdict));
  }
  return pairs.flatMap((pair): JudgedPair[] => {
    const verdict = verdicts.get(pair);
    return verdict === undefined ? [] : [{ key: pair.key, verdict }];
  });
}

/**
 * The error rate that a family passes on: half of that of every comparison with a winner. Where a winner is rightly named, the difference is not 0, and then a
 * false claim about it can come from one end of its interval only (docs/statistics.md); the other end's share is free. An equivalence frees nothing: a
 * winner of that comparison would be false as well. A family in which nothing is judged makes no claim and passes on all it has.
 */
function passedOn(verdicts: readonly Verdict[], alpha: number): number {
  const judged = verdicts.filter(({ level }) => level !== null);
  if (judged.length === 0) return alpha;
  const winners = judged.filter(({ verdict }) => isWinner(verdict));
  return winners.reduce((total, { level }) => total + (1 - (level ?? 1)) / 2, 0);
}
