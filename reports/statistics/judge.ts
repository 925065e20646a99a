/**
 * The verdict on one pair of cells, and on a family of them at once.
 *
 * Two claims are possible in a cell, each with a p-value of its own: "equivalent" (two one-sided tests at the declared margin) and "one is better" (two-sided test
 * of no difference). Each kind of claim is corrected for the size of the family, by Holm unless told
 * otherwise: at most 5 % is the probability that any claim of equivalence is false, and likewise that any claim of a winner is.
 *
 * Precedence: equivalent, if adjusted p < 0.05 (flag `differs` when a difference is also established: it is real, and smaller than the margin); else the better side,
 * if adjusted p < 0.05 (flag `beyond-margin` when the 95 % interval lies outside the margin); else inconclusive. Below three seeds: none.
 */
import type { Key } from "../../common/random.ts";
import type { Answer } from "../../common/vocabulary.ts";
import { crossedBootstraps, type CrossedDifference, interval } from "./crossed_bootstrap.ts";
import { pairedEffectSize } from "./effect_size.ts";
import { holm } from "./holm.ts";
import { type Needs, needsOf } from "./needs.ts";
import { type Differences, marginOfDifference, pairedDifferences, type PairedScores } from "./paired_scores.ts";
import { drawResampling, REPLICATES, type Resampling } from "./resampling.ts";
import { differenceP, equivalenceP } from "./tost.ts";

/** Error rate of the claims. */
const ALPHA = 0.05;
/** Below this many seeds nothing is said about other seeds. */
export const MIN_SEEDS = 3;
/** Two runs with other resampling seeds differ by less than this many standard errors of one with probability 0.997. */
const MONTE_CARLO_REACH = 3 * Math.SQRT2;

/** What is judged. */
export interface ScorePair extends PairedScores {
  /** Declared before the run: percentage points of accuracy, or a ratio of MSEs. */
  readonly margin: number;
  /** What else a reader must know about these results, e.g. `undertrained: maml 1 of 5 seeds`. */
  readonly flags: readonly string[];
}

/** A verdict with everything it rests on. Numbers are null where the verdict is `none` and they are unknown. */
export interface Verdict {
  readonly nSeeds: number;
  readonly nEpisodes: number;
  /** a - b in percentage points of accuracy (positive: a is better), or the mean ln(MSE of a / MSE of b) (negative: a is better). */
  readonly diff: number | null;
  /** exp(diff): the geometric mean of the ratio of MSEs; null for accuracy. */
  readonly ratio: number | null;
  readonly lo95: number | null;
  readonly hi95: number | null;
  readonly lo90: number | null;
  readonly hi90: number | null;
  /** The declared margin in the unit of `diff`. */
  readonly margin: number;
  /** Equivalence, before adjustment: below 0.05 exactly when lo90 and hi90 lie within ±margin. */
  readonly pTost: number | null;
  /** No difference, two-sided, before adjustment: below 0.05 exactly when lo95 and hi95 are on one side of 0. */
  readonly pDifference: number | null;
  /** Adjusted p-value of the claim made; of the one nearer to being made when inconclusive. */
  readonly pHolm: number | null;
  /** d_z over seeds; null where the seeds' differences have no spread. */
  readonly effectSize: number | null;
  readonly verdict: Answer;
  /** Why there is no verdict; "" when there is one. */
  readonly reason: string;
  /** Only when inconclusive. */
  readonly needs: Needs | null;
  readonly flags: readonly string[];
}

/** How a family is judged. */
export interface JudgeOptions {
  /** Names the draws of the bootstrap. */
  readonly key?: Key;
  /** Counts the draws of the bootstrap. */
  readonly replicates?: number;
  /** Adjusts the p-values of one kind of claim for their number; Holm by default. */
  readonly adjust?: Adjust;
}

/** From the p-values of a family to adjusted ones, in their order. */
export type Adjust = (pValues: readonly number[]) => number[];

/** Judges one pair on its own: a family of one. */
export function judge(pair: ScorePair, options: JudgeOptions = {}): Verdict {
  return judgeFamily([pair], options)[0];
}

/**
 * Judges all pairs of a family together.
 *
 * @returns one verdict per pair, in the order of the pairs
 */
export function judgeFamily(pairs: readonly ScorePair[], options: JudgeOptions = {}): Verdict[] {
  const measure = measurer(options);
  const { adjust = holm } = options;
  const cases: (Case | Verdict)[] = [];
  for (let first = 0; first < pairs.length; first += TOGETHER) {
    cases.push(...openCases(pairs.slice(first, first + TOGETHER), measure));
  }
  const judged = cases.filter((entry): entry is Case => "difference" in entry);
  const claims = decide(judged, adjust, () => 1);
  const steady = [-1, 1].map((sign) =>
    decide(judged, adjust, ({ difference }) => 1 + sign * MONTE_CARLO_REACH * difference.monteCarlo)
  );
  const open = claims.filter(({ pEquivalent }) => pEquivalent >= ALPHA).length;
  const verdicts = new Map(judged.map((entry, i): [Case, Verdict] => {
    const boundary = steady.some((other) => other[i].answer !== claims[i].answer);
    return [entry, conclude(entry, claims[i], boundary, open)];
  }));
  return cases.map((entry) => "difference" in entry ? verdicts.get(entry)! : entry);
}

/** A pair with its bootstrap. */
interface Case {
  readonly pair: ScorePair;
  readonly diverged: Differences["diverged"];
  /** Whether both sides have the same scores throughout. */
  readonly identical: boolean;
  readonly difference: CrossedDifference;
  /** In the unit of the difference. */
  readonly margin: number;
  /** The same with ten times the limits of divergence; undefined where nothing diverged or there are no limits. */
  readonly lenient: CrossedDifference | undefined;
}

/** What the tests say about a case, adjusted for the family. */
interface Claim {
  readonly answer: Exclude<Answer, "none">;
  readonly pTost: number;
  readonly pDifference: number;
  readonly pEquivalent: number;
  readonly pBetter: number;
}

type Matrix = Differences["matrix"];
type Measure = (matrices: readonly Matrix[]) => CrossedDifference[];

/** Pairs whose matrices are made and bootstrapped at a time: thousands of them would take much memory. */
const TOGETHER = 64;

/** Bootstraps matrices; those of one shape share their draws. */
function measurer({ key = ["verdicts"], replicates = REPLICATES }: JudgeOptions): Measure {
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

/** The bootstraps of pairs, or the verdict `none` with its reason. */
function openCases(pairs: readonly ScorePair[], measure: Measure): (Case | Verdict)[] {
  const paired = pairs.map((pair) => pairedDifferences(pair));
  const judged = (i: number) => paired[i].matrix.length >= MIN_SEEDS && paired[i].matrix[0].length >= 2;
  const sensitive = (i: number) =>
    judged(i) && pairs[i].metric === "mse" && paired[i].diverged.a + paired[i].diverged.b > 0;
  const all = [...pairs.keys()];
  const strict = new Map(zip(all.filter(judged), (which) => measure(which.map((i) => paired[i].matrix))));
  const lenient = new Map(
    zip(all.filter(sensitive), (which) => measure(which.map((i) => pairedDifferences(pairs[i], 10).matrix))),
  );
  return pairs.map((pair, i): Case | Verdict => {
    const margin = marginOfDifference(pair.metric, pair.margin);
    if (!Number.isFinite(margin)) throw new RangeError(`internal: a margin of ${pair.margin} for ${pair.metric}`);
    const { matrix, diverged } = paired[i];
    const difference = strict.get(i);
    if (difference === undefined) return withoutVerdict(pair, paired[i], margin);
    const identical = matrix.every((row) => row.every((value) => value === 0));
    return { pair, diverged, identical, difference, margin, lenient: lenient.get(i) };
  });
}

/** Each key with the value that is made for it, all of them at once. */
function zip<K, V>(keys: readonly K[], make: (keys: readonly K[]) => readonly V[]): [K, V][] {
  const values = make(keys);
  return keys.map((key, i) => [key, values[i]]);
}

function withoutVerdict(pair: ScorePair, { matrix, diverged }: Differences, margin: number): Verdict {
  const [nSeeds, nEpisodes] = [matrix.length, matrix[0]?.length ?? 0];
  const seedMeans = nEpisodes === 0 ? [] : matrix.map(mean);
  const diff = seedMeans.length === 0 ? null : mean(seedMeans);
  const unknown = { lo95: null, hi95: null, lo90: null, hi90: null, pTost: null, pDifference: null, pHolm: null };
  return {
    ...{ nSeeds, nEpisodes, diff, ratio: ratioOf(pair, diff), ...unknown, margin },
    effectSize: pairedEffectSize(seedMeans) ?? null,
    verdict: "none",
    reason: nSeeds < MIN_SEEDS
      ? `${
        nSeeds === 0 ? "no seed has" : nSeeds === 1 ? "one seed has" : `${nSeeds} seeds have`
      } scores of both; a verdict needs ${MIN_SEEDS}`
      : `there are only ${nEpisodes} test episodes; a verdict needs 2`,
    needs: null,
    flags: [...divergedFlags(pair, diverged, nSeeds * nEpisodes), ...pair.flags],
  };
}

/** Tests and adjusts all cases, with the standard error of each multiplied by `scale`. */
function decide(cases: readonly Case[], adjust: Adjust, scale: (entry: Case) => number): Claim[] {
  const tests = cases.map((entry) => testsOf(entry.difference, entry.margin, scale(entry)));
  const pEquivalent = adjust(tests.map(({ pTost }) => pTost));
  const pBetter = adjust(tests.map(({ pDifference }) => pDifference));
  return cases.map(({ pair, difference }, i) => {
    const adjusted = { pEquivalent: pEquivalent[i], pBetter: pBetter[i] };
    return { ...tests[i], ...adjusted, answer: answerOf(pair, difference, adjusted) };
  });
}

function testsOf(difference: CrossedDifference, margin: number, scale = 1): { pTost: number; pDifference: number } {
  const scaled = {
    ...difference,
    seedVariance: difference.seedVariance * scale ** 2,
    episodeVariance: difference.episodeVariance * scale ** 2,
  };
  return { pTost: equivalenceP(scaled, margin), pDifference: differenceP(scaled) };
}

function answerOf(
  { metric }: ScorePair,
  { estimate }: CrossedDifference,
  { pEquivalent, pBetter }: Pick<Claim, "pEquivalent" | "pBetter">,
): Claim["answer"] {
  if (pEquivalent < ALPHA) return "equivalent";
  if (pBetter >= ALPHA) return "inconclusive";
  return (metric === "accuracy") === (estimate > 0) ? "a-better" : "b-better";
}

/** @param open how many cells of the family do not pass as equivalent: what Holm would multiply the smallest of their p-values by */
function conclude(entry: Case, claim: Claim, boundary: boolean, open: number): Verdict {
  const { pair, diverged, identical, difference, margin } = entry;
  const [at95, at90] = [interval(difference, 0.95), interval(difference, 0.90)];
  const { answer, pTost, pDifference, pEquivalent, pBetter } = claim;
  const pHolm = answer === "equivalent"
    ? pEquivalent
    : answer === "inconclusive"
    ? Math.min(pEquivalent, pBetter)
    : pBetter;
  return {
    nSeeds: difference.seeds,
    nEpisodes: difference.episodes,
    diff: difference.estimate,
    ratio: ratioOf(pair, difference.estimate),
    ...{ lo95: at95.low, hi95: at95.high, lo90: at90.low, hi90: at90.high },
    margin,
    ...{ pTost, pDifference, pHolm },
    effectSize: pairedEffectSize(difference.seedDifferences) ?? null,
    verdict: answer,
    reason: "",
    needs: answer === "inconclusive" ? needsOf(difference, pair.metric, margin, ALPHA / Math.max(1, open)) : null,
    flags: [
      ...(boundary ? ["boundary"] : []),
      ...(identical ? ["identical"] : []),
      ...(answer === "equivalent" && pBetter < ALPHA ? ["differs"] : []),
      ...(answer !== "equivalent" && (at95.low > margin || at95.high < -margin) ? ["beyond-margin"] : []),
      ...correctionFlags(entry, claim),
      ...divergedFlags(pair, diverged, difference.seeds * difference.episodes),
      ...sensitivityFlags(entry),
      ...pair.flags,
    ],
  };
}

/** The answer of a case on its own, without adjustment. */
function alone({ pair, margin }: Case, difference: CrossedDifference): Claim["answer"] {
  const { pTost, pDifference } = testsOf(difference, margin);
  return answerOf(pair, difference, { pEquivalent: pTost, pBetter: pDifference });
}

/** Where only the correction for the family stands between a cell and a claim. */
function correctionFlags({ pair, difference }: Case, { answer, pTost, pDifference }: Claim): string[] {
  const before = answerOf(pair, difference, { pEquivalent: pTost, pBetter: pDifference });
  return before === answer ? [] : [`uncorrected: ${before}`];
}

function divergedFlags({ metric }: ScorePair, { a, b }: Differences["diverged"], total: number): string[] {
  if (a + b === 0) return [];
  return [
    `diverged: a ${a} and b ${b} of ${total} episodes, counted as ${metric === "mse" ? "the limit" : "0 %"}`,
  ];
}

/** Where the answer hangs on how bad a diverged episode is taken to be. */
function sensitivityFlags(entry: Case): string[] {
  if (entry.lenient === undefined) return [];
  const [before, after] = [alone(entry, entry.difference), alone(entry, entry.lenient)];
  return before === after ? [] : [`limit-sensitive: ${after} with ten times the limit of divergence`];
}

function ratioOf({ metric }: ScorePair, diff: number | null): number | null {
  return metric === "mse" && diff !== null ? Math.exp(diff) : null;
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
