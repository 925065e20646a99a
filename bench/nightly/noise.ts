/**
 * Whether a cell's score has left its noise between two nights.
 *
 * Both nights score the same seeds on the same test episodes, so what an episode is worth for everybody cancels, and what remains of
 * night-to-night noise (once the code has changed, be it by a rounding) is
 *
 * - seed noise: another training with this seed. s² between seeds estimates it, with what episodes add to a seed's mean included;
 * - episode noise: how differently single episodes fall out for single seeds, r, which alone gives a seed's mean a variance of r² / E.
 *   It is known well where there are few seeds, and so is the floor of the first.
 *
 * With n seeds in each night, b and c: v = max((df s² + lent s₀²) / (df + lent), r² / E), where s² pools both nights, df = n_b + n_c - 2, and s₀² is the mean of s²
 * over the cells of the same data set, algorithm and adaptation, lent to each with a fixed weight (Smyth 2004's moderated t with given prior degrees of
 * freedom). t = (c̄ - b̄) / √(v (1/n_b + 1/n_c)) is looked up with df + lent degrees of freedom, and p-values are adjusted by Holm 1979 over all cells of
 * the night.
 */
import { holm } from "../../reports/statistics/holm.ts";
import { tailOfT } from "../../reports/statistics/distributions.ts";
import { meanOf } from "../../reports/statistics/moments.ts";
import { type CellSummary, scoreOf } from "./entry.ts";
import type { Thresholds } from "./thresholds.ts";

/** A cell in both nights. */
export interface CellPair {
  readonly base: CellSummary;
  readonly now: CellSummary;
}

/** A score's change and the noise it is measured by. */
export interface ScoreChange extends CellPair {
  /** Now minus then, of the mean logarithm of the MSE, or of the accuracy. */
  readonly change: number;
  /** Standard error of the change; null where a night has too few seeds. */
  readonly standardError: number | null;
  /** Adjusted over all cells of the night; null where it cannot be tested. */
  readonly p: number | null;
  /** Whether the change is for the worse. */
  readonly worse: boolean;
  /** Whether it is out of its noise. */
  readonly moved: boolean;
}

interface Variance {
  readonly df: number;
  readonly value: number;
}

function pooled({ base, now }: CellPair): Variance | undefined {
  if (base.sd === null || now.sd === null) return undefined;
  const df = base.seeds + now.seeds - 2;
  return { df, value: ((base.seeds - 1) * base.sd ** 2 + (now.seeds - 1) * now.sd ** 2) / df };
}

function family({ now: { dataset, algorithm, adapter } }: CellPair): string {
  return JSON.stringify([dataset, algorithm, adapter]);
}

/** r² / E of one night; 0 where it is not known. */
function floor({ episodeSd, episodes }: CellSummary): number {
  return episodeSd === null || episodes === 0 ? 0 : episodeSd ** 2 / episodes;
}

/** Changes of all cells that have a score in both nights. */
export function scoreChanges(pairs: readonly CellPair[], thresholds: Thresholds): ScoreChange[] {
  const lenders = new Map<string, number[]>();
  for (const pair of pairs) {
    const variance = pooled(pair);
    if (variance === undefined) continue;
    const known = lenders.get(family(pair));
    if (known === undefined) lenders.set(family(pair), [variance.value]);
    else known.push(variance.value);
  }
  const raw = pairs.flatMap((pair): Omit<ScoreChange, "worse" | "moved">[] => {
    const [then, score] = [scoreOf(pair.base), scoreOf(pair.now)];
    if (then === null || score === null) return [];
    const change = score - then;
    const variance = pooled(pair);
    if (variance === undefined) return [{ ...pair, change, standardError: null, p: null }];
    const lent = lenders.get(family(pair)) ?? [];
    const typical = meanOf(lent);
    const { lentDf } = thresholds;
    const moderated = (variance.df * variance.value + lentDf * typical) / (variance.df + lentDf);
    const v = Math.max(moderated, (floor(pair.base) + floor(pair.now)) / 2);
    const standardError = Math.sqrt(v * (1 / pair.base.seeds + 1 / pair.now.seeds));
    return [{ ...pair, change, standardError, p: twoSided(change, standardError, variance.df + lentDf) }];
  });
  const tested = raw.flatMap(({ p }, index) => p === null ? [] : [{ p, index }]);
  const adjusted = new Map(
    holm(tested.map(({ p }) => p)).map((p, i) => [tested[i].index, p]),
  );
  return raw.map((entry, index): ScoreChange => {
    const { metric } = entry.now;
    const p = adjusted.get(index) ?? null;
    return {
      ...entry,
      p,
      worse: metric === "mse" ? entry.change > 0 : entry.change < 0,
      moved: p !== null && p < thresholds.alpha && Math.abs(entry.change) >= thresholds.leastChange[metric],
    };
  });
}

/** P(|T| >= |change / standardError|). */
function twoSided(change: number, standardError: number, df: number): number {
  if (change === 0) return 1;
  const t = Math.abs(change) / standardError;
  return Math.min(1, 2 * tailOfT(t, df));
}
