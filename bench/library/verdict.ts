/** The project's verdicts on anybody's scores. */
import { UsageError } from "../../common/errors.ts";
import { judge } from "../../reports/statistics/judge.ts";
import type { Scores } from "../../reports/statistics/paired_scores.ts";

/** Scores of one side: per seed, one number or one per test episode; null where an episode has no finite score. */
export type SeedScores = readonly number[] | readonly (readonly (number | null)[])[];

/** What is compared, and how. */
export interface VerdictOptions {
  /** "accuracy" in [0, 1], where more is better, or "mse", where less is. */
  readonly metric: "accuracy" | "mse";
  /** How much does not matter: percentage points of accuracy, or a ratio of MSEs such as 1.25. To be declared before the scores are seen. */
  readonly margin: number;
  /** Per episode, the MSE beyond which it counts as diverged, and as which it then counts; none by default. */
  readonly limits?: readonly number[];
  /** Error rate; 0.05 by default. */
  readonly alpha?: number;
}

/** What was found. */
export interface Verdict {
  /** "equivalent", "a-better", "b-better", "large-not-established", "undecided", or "none" below three seeds. */
  readonly verdict: string;
  /** a - b in percentage points of accuracy, or the mean logarithm of the ratio of MSEs. */
  readonly diff: number | null;
  /** Lower end of the interval of `diff` that the verdict is read from. */
  readonly lo: number | null;
  /** Upper end of the same. */
  readonly hi: number | null;
  /** exp(diff), for MSEs. */
  readonly ratio: number | null;
  /** The margin, in the unit of `diff`. */
  readonly margin: number;
  /** Seeds that both sides have. */
  readonly nSeeds: number;
  /** Test episodes per seed; 1 where there is one number per seed. */
  readonly nEpisodes: number;
  /** p of two one-sided tests at the margin. */
  readonly pEquivalence: number | null;
  /** Two-sided p of no difference. */
  readonly pDifference: number | null;
  /** What would settle it, or why there is no verdict; "" where neither. */
  readonly needs: string;
  /** What to beware of. */
  readonly flags: readonly string[];
}

/**
 * Compares two sides on the same seeds and test episodes, as a comparison on its own is compared in reports.
 *
 * With one number per seed, the interval speaks for other seeds only and takes the test episodes as given; with one per episode it speaks for other
 * episodes, too.
 *
 * @param a per seed, one number or one per episode
 * @param b the same of the other side, in the same order
 * @throws UsageError when the shapes disagree, or a score or option cannot be one
 */
export function verdict(a: SeedScores, b: SeedScores, options: VerdictOptions): Verdict {
  const [rowsA, rowsB] = [rowsOf("a", a, options.metric), rowsOf("b", b, options.metric)];
  const plain = perSeed(a) && perSeed(b);
  requireAlike(rowsA, rowsB);
  requireOptions(options);
  requireLimits(rowsA, rowsB, options);
  const episodes = rowsA[0]?.length ?? 0;
  const { metric, margin, limits, alpha = 0.05 } = options;
  const given = limits ?? Array.from({ length: episodes }, () => Infinity);
  if (metric === "mse" && limits !== undefined && given.length !== (plain ? 1 : episodes)) {
    throw new UsageError(`limits has ${given.length} numbers for ${plain ? 1 : episodes} episodes`);
  }
  const wide = plain && limits !== undefined ? [limits[0], limits[0]] : given;
  const found = judge(
    { metric, a: rowsA, b: rowsB, limits: metric === "mse" ? wide : null, margin, flags: [] },
    { alpha },
  );
  return {
    verdict: found.verdict,
    diff: found.diff,
    lo: found.lo,
    hi: found.hi,
    ratio: found.ratio,
    margin: found.margin,
    nSeeds: found.nSeeds,
    nEpisodes: plain ? Math.min(1, found.nEpisodes) : found.nEpisodes,
    pEquivalence: found.pTost,
    pDifference: found.pDifference,
    needs: found.needs?.words ?? found.reason,
    flags: found.flags,
  };
}

function perSeed(scores: SeedScores): scores is readonly number[] {
  return scores.every((score) => typeof score === "number");
}

/** A number per seed as two equal episodes: between episodes there is no variance then, and the interval is that of the seeds. */
function rowsOf(side: string, scores: SeedScores, metric: VerdictOptions["metric"]): Scores {
  const rows = perSeed(scores) ? scores.map((score) => [score, score]) : scores;
  const most = metric === "accuracy" ? 1 : Infinity;
  for (const [seed, row] of rows.entries()) {
    if (!Array.isArray(row)) throw new UsageError(`Seed ${seed} of ${side} is a number where others are lists`);
    const wrong = row.find((score) => score !== null && !(score >= 0 && score <= most));
    if (wrong === undefined) continue;
    throw new UsageError(
      `Seed ${seed} of ${side} has the score ${wrong}, which is no ${
        metric === "accuracy" ? "accuracy in [0, 1]" : "MSE"
      }; give null where a score is not finite`,
    );
  }
  return rows;
}

function requireAlike(a: Scores, b: Scores): void {
  if (a.length !== b.length) {
    throw new UsageError(`a has ${a.length} seeds and b ${b.length}: both need the same, in the same order`);
  }
  const episodes = a[0]?.length ?? 0;
  const odd = [...a, ...b].find((row) => row.length !== episodes);
  if (odd === undefined) return;
  throw new UsageError(`A seed has ${odd.length} episodes where another has ${episodes}: all need the same ones`);
}

/** How much an episode without a score weighs is for the limits to say. */
function requireLimits(a: Scores, b: Scores, { metric, limits }: VerdictOptions): void {
  if (metric === "accuracy" || limits !== undefined || ![...a, ...b].some((row) => row.includes(null))) return;
  throw new UsageError("An MSE is null: give limits, the MSE as which an episode without a finite score counts");
}

function requireOptions({ metric, margin, alpha = 0.05 }: VerdictOptions): void {
  if (metric !== "accuracy" && metric !== "mse") {
    throw new UsageError(`metric is "${metric}", but must be "accuracy" or "mse"`);
  }
  if (!(margin > 0 && Number.isFinite(margin))) throw new UsageError(`margin is ${margin}, but must be above 0`);
  if (metric === "mse" && margin === 1) throw new UsageError("margin is 1, a ratio of MSEs that leaves no margin");
  if (!(alpha > 0 && alpha < 1)) throw new UsageError(`alpha is ${alpha}, but must be between 0 and 1`);
}
