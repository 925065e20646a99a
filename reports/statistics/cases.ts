/** Pairs of cells with their bootstraps: what verdicts are read from, before a family says how wide intervals are. */
import type { Key } from "../../common/random.ts";
import { crossedBootstraps, type CrossedDifference } from "./crossed_bootstrap.ts";
import {
  type Differences,
  type Matrix,
  pairedDifferences,
  type PairedScores,
  tailDifferences,
} from "./paired_scores.ts";
import { marginOfDifference } from "./paired_scores.ts";
import { drawResampling, REPLICATES, type Resampling } from "./resampling.ts";

/** Below this many seeds nothing is said about other seeds. */
export const MIN_SEEDS = 3;

/** What is judged. */
export interface ScorePair extends PairedScores {
  /** Declared before the run: percentage points of accuracy, or a ratio of MSEs. */
  readonly margin: number;
  /** What else a reader must know about these results, e.g. `undertrained: maml 1 of 5 seeds`. */
  readonly flags: readonly string[];
}

/** A pair with its bootstraps. */
export interface Case {
  readonly pair: ScorePair;
  readonly diverged: Differences["diverged"];
  /** Whether both sides have the same scores throughout. */
  readonly identical: boolean;
  /** Of accuracies, or of the logarithms of MSEs. */
  readonly typical: CrossedDifference;
  /** Of the mean MSE; null for accuracy. */
  readonly tail: CrossedDifference | null;
  /** In the unit of the difference. */
  readonly margin: number;
  /** `typical` with ten times the limits of divergence; undefined where nothing diverged or there are no limits. */
  readonly lenient: CrossedDifference | undefined;
}

/** A pair about which nothing can be said. */
export interface Unjudged {
  readonly pair: ScorePair;
  readonly paired: Differences;
  readonly margin: number;
  readonly reason: string;
}

/** Whether there is enough to judge. */
export function isCase(entry: Case | Unjudged): entry is Case {
  return "typical" in entry;
}

/** Names the draws of the bootstrap, and counts them. */
export interface Draws {
  readonly key?: Key;
  readonly replicates?: number;
}

/** Pairs whose matrices are made and bootstrapped at a time: thousands of them would take much memory. */
const TOGETHER = 64;

/** The bootstraps of pairs, in their order. */
export function openCases(pairs: readonly ScorePair[], draws: Draws): (Case | Unjudged)[] {
  const measure = measurer(draws);
  const cases: (Case | Unjudged)[] = [];
  for (let first = 0; first < pairs.length; first += TOGETHER) {
    cases.push(...openSome(pairs.slice(first, first + TOGETHER), measure));
  }
  return cases;
}

type Measure = (matrices: readonly Matrix[]) => CrossedDifference[];

/** Bootstraps matrices; those of one shape share their draws. */
function measurer({ key = ["verdicts"], replicates = REPLICATES }: Draws): Measure {
  const drawn = new Map<string, Resampling>();
  return (matrices) => {
    const measured = new Map<Matrix, CrossedDifference>();
    for (const [shape, alike] of Map.groupBy(matrices, (matrix) => `${matrix.length} x ${matrix[0].length}`)) {
      const [{ length: seeds, 0: { length: episodes } }] = alike;
      const resampling = drawn.get(shape) ?? drawResampling(key, seeds, episodes, replicates);
      drawn.set(shape, resampling);
      crossedBootstraps(alike, resampling).forEach((difference, i) => measured.set(alike[i], difference));
    }
    return matrices.map((matrix) => measured.get(matrix) as CrossedDifference);
  };
}

function openSome(pairs: readonly ScorePair[], measure: Measure): (Case | Unjudged)[] {
  const paired = pairs.map((pair) => pairedDifferences(pair));
  const judged = [...pairs.keys()].filter((i) => reasonAgainst(paired[i]) === "");
  const regressions = judged.filter((i) => pairs[i].metric === "mse");
  const sensitive = regressions.filter((i) => paired[i].diverged.a + paired[i].diverged.b > 0);
  const measured = (which: readonly number[], matrixOf: (i: number) => Matrix) => {
    const found = measure(which.map(matrixOf));
    return new Map(which.map((i, at) => [i, found[at]]));
  };
  const typical = measured(judged, (i) => paired[i].matrix);
  const tail = measured(regressions, (i) => tailDifferences(pairs[i]) ?? paired[i].matrix);
  const lenient = measured(sensitive, (i) => pairedDifferences(pairs[i], 10).matrix);
  return pairs.map((pair, i): Case | Unjudged => {
    const margin = marginOfDifference(pair.metric, pair.margin);
    if (!Number.isFinite(margin)) throw new RangeError(`internal: a margin of ${pair.margin} for ${pair.metric}`);
    const difference = typical.get(i);
    if (difference === undefined) return { pair, paired: paired[i], margin, reason: reasonAgainst(paired[i]) };
    const { matrix, diverged } = paired[i];
    const identical = matrix.every((row) => row.every((value) => value === 0));
    return {
      pair,
      diverged,
      identical,
      typical: difference,
      tail: tail.get(i) ?? null,
      margin,
      lenient: lenient.get(i),
    };
  });
}

/** Why a verdict is not possible; "" where it is. */
function reasonAgainst({ matrix, diverged }: Differences): string {
  const [nSeeds, nEpisodes] = [matrix.length, matrix[0]?.length ?? 0];
  if (nSeeds < MIN_SEEDS) {
    const n = nSeeds === 0 ? "no seed has" : nSeeds === 1 ? "one seed has" : `${nSeeds} seeds have`;
    return `${n} scores of both; a verdict needs ${MIN_SEEDS}`;
  }
  // Every difference is 0 then, and says nothing of the methods.
  if (nEpisodes > 0 && Math.min(diverged.a, diverged.b) === nSeeds * nEpisodes) {
    return "every episode of both diverged; there is nothing to compare";
  }
  return nEpisodes < 2 ? `there are only ${nEpisodes} test episodes; a verdict needs 2` : "";
}
