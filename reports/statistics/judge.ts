/**
 * Verdicts on a family of pairs of cells. Each pair has an interval (regression: two, of the typical episode and of the mean), as wide as the family's
 * correction asks for (`levels.ts`), and the verdict is read off it (`readings.ts`):
 *
 * - equivalent: inside the margin (flag `differs` where it also leaves out 0: the difference is real, and smaller than the margin)
 * - a-better, b-better: to one side of 0, of both metrics (flag `beyond-margin` where it is wholly beyond the margin)
 * - large-not-established: none of these, but on its own, without the family, the difference would be
 * - undecided: none of these; it says what would settle it
 * - none: below three seeds
 */
import type { Answer, Reading } from "../../common/vocabulary.ts";
import { type Correction, FAMILY_ALPHA } from "../claims/comparison.ts";
import { type Case, type Draws, isCase, openCases, type ScorePair, type Unjudged } from "./cases.ts";
import type { CrossedDifference } from "./crossed_bootstrap.ts";
import { pairedEffectSize } from "./effect_size.ts";
import { divergedFlags, ownFlags, sensitivityFlags } from "./flags.ts";
import { chanceToDecide, type LastLook } from "./futility.ts";
import { ADJUST, LEVELS } from "./levels.ts";
import { meanOf } from "./moments.ts";
import { type Needs, needsBesideTail, needsOf, needsOfTail, needsToEstablish } from "./needs.ts";
import { summarisePair } from "./paired_scores.ts";
import { boundsAt, isDecided, isWinner, readOff, together } from "./readings.ts";
import { differenceP, equivalenceP } from "./tost.ts";
import type { Side, Verdict } from "./verdict.ts";

export { MIN_SEEDS, type ScorePair } from "./cases.ts";
export type { Verdict } from "./verdict.ts";

/** Error rate of a comparison on its own. */
const OWN_ALPHA = 0.05;
/** A difference of so many margins counts as large where its own interval leaves out 0. */
const LARGE = 2;
/** Two runs with other resampling seeds differ by less than this many standard errors of one with probability 0.997. */
const MONTE_CARLO_REACH = 3 * Math.SQRT2;

/** How a family is judged. */
export interface JudgeOptions extends Draws {
  /** Holm by default. */
  readonly correction?: Correction;
  /** Error rate of the family. */
  readonly alpha?: number;
  /** Comparisons that it is corrected for where there are more than are given: those that were decided earlier. */
  readonly size?: number;
  /** From a comparison's share of the error rate to what may be spent at this look; all of it where seeds do not come in rounds. */
  readonly spend?: (share: number) => number;
  /** The last look, where this is an earlier one: its seeds, and what may be spent there. */
  readonly last?: { readonly seeds: number; readonly spend: (share: number) => number };
}

/** Judges one pair on its own: a family of one. */
export function judge(pair: ScorePair, options: JudgeOptions = {}): Verdict {
  return judgeFamily([pair], options)[0];
}

/**
 * Judges all pairs of a family together. Pairs without a verdict do not count in it.
 *
 * @returns one verdict per pair, in the order of the pairs
 */
export function judgeFamily(pairs: readonly ScorePair[], options: JudgeOptions = {}): Verdict[] {
  const { correction = "holm", alpha = FAMILY_ALPHA, spend = (share) => share, last } = options;
  const cases = openCases(pairs, options);
  const judged = cases.filter(isCase);
  const size = Math.max(options.size ?? 0, judged.length);
  const shareAt = (moved: Moved) =>
    LEVELS[correction](alpha, size, (error) => judged.filter((entry) => decidedAt(entry, error, moved)).length);
  const errorAt = (moved: Moved) => spend(shareAt(moved));
  const share = shareAt(UNMOVED);
  const error = spend(share);
  const lastLook = last === undefined ? null : { seeds: last.seeds, error: last.spend(share) };
  const others = [-1, 1].map((sign) => {
    const moved: Moved = ({ monteCarlo }) => 1 + sign * MONTE_CARLO_REACH * monteCarlo;
    const moving = errorAt(moved);
    return (entry: Case) => answerOf(entry, moving, moved);
  });
  const adjusted = ADJUST[correction](judged.map((entry) => shareSpending(pOf(entry), options.spend)), size);
  const verdicts = new Map(judged.map((entry, i): [Case, Verdict] => {
    const boundary = others.some((other) => other(entry) !== answerOf(entry, error));
    return [entry, conclude(entry, { error, alpha, pAdjusted: adjusted[i], lastLook }, boundary)];
  }));
  return cases.map((entry) => isCase(entry) ? verdicts.get(entry)! : withoutVerdict(entry, alpha));
}

/** By how much another draw of the bootstrap could change the width of an interval. */
type Moved = (difference: CrossedDifference) => number;
const UNMOVED: Moved = () => 1;

/** What a case's intervals of this error rate say, each on its own. */
function readingsAt(
  { pair: { metric }, typical, tail, margin }: Case,
  error: number,
  moved: Moved,
): { readonly typical: Reading; readonly tail: Reading | null } {
  const read = (difference: CrossedDifference) =>
    readOff(boundsAt(difference, error, moved(difference)), margin, metric);
  return { typical: read(typical), tail: tail === null ? null : read(tail) };
}

function decidedAt(entry: Case, error: number, moved: Moved): boolean {
  const { typical, tail } = readingsAt(entry, error, moved);
  return isDecided(together(typical, tail));
}

function answerOf(entry: Case, error: number, moved: Moved = UNMOVED): Exclude<Answer, "none"> {
  const { typical, tail } = readingsAt(entry, error, moved);
  const both = together(typical, tail);
  if (both !== "undecided") return both;
  return typical === "undecided" && seemsLarge(entry, moved) ? "large-not-established" : "undecided";
}

/** Whether a comparison on its own would be beyond the margin, or so far off that chance does not explain it. */
function seemsLarge({ typical, margin }: Case, moved: Moved): boolean {
  const { lo, hi } = boundsAt(typical, OWN_ALPHA, moved(typical));
  const differs = lo > 0 || hi < 0;
  return lo > margin || hi < -margin || (differs && Math.abs(typical.estimate) >= LARGE * margin);
}

/** The smallest error rate of its intervals at which a case is decided. */
function pOf({ typical, tail, margin }: Case): number {
  const agrees = tail === null || Math.sign(tail.estimate) === Math.sign(typical.estimate);
  const winner = agrees ? Math.max(differenceP(typical), tail === null ? 0 : differenceP(tail)) : 1;
  const equivalent = 2 * equivalenceP(typical, margin);
  // Equivalence is withheld where the tail has a winner.
  const vetoed = tail !== null && differenceP(tail) <= equivalent;
  return Math.min(winner, vetoed ? 1 : equivalent, 1);
}

/** Steps of the search below, which goes by how nearly spending is in proportion. */
const SEARCH_STEPS = 6;

/** The share of the error rate of which a look may spend so much: what a p-value of that look is in a comparison of several looks. */
function shareSpending(p: number, spend: JudgeOptions["spend"]): number {
  if (spend === undefined || !(p > 0)) return p;
  let share = p;
  for (let step = 0; step < SEARCH_STEPS; step++) share = Math.min(1, share * p / spend(share));
  return share;
}

/** What a family gives each of its cases. */
interface Share {
  /** Two-sided, of each interval. */
  readonly error: number;
  readonly alpha: number;
  readonly pAdjusted: number;
  readonly lastLook: LastLook | null;
}

function conclude(entry: Case, { error, alpha, pAdjusted, lastLook }: Share, boundary: boolean): Verdict {
  const { pair, diverged, identical, typical, tail, margin } = entry;
  const at = boundsAt(typical, error);
  const atMean = tail === null ? null : boundsAt(tail, error);
  const [at95, at90] = [boundsAt(typical, 0.05), boundsAt(typical, 0.1)];
  const answer = answerOf(entry, error);
  const said = readingsAt(entry, error, UNMOVED);
  return {
    nSeeds: typical.seeds,
    nEpisodes: typical.episodes,
    diff: typical.estimate,
    ratio: ratioOf(pair, typical.estimate),
    ...at,
    diffMean: tail?.estimate ?? null,
    loMean: atMean?.lo ?? null,
    hiMean: atMean?.hi ?? null,
    level: 1 - error,
    alpha,
    margin,
    verdict: answer,
    ...said,
    look: null,
    chance: lastLook === null || isDecided(answer) ? null : chanceToDecide(typical, tail, margin, lastLook),
    reason: "",
    needs: needsIn(entry, answer, said, error),
    flags: [
      ...(boundary ? ["boundary"] : []),
      ...(identical ? ["identical"] : []),
      ...(answer === "equivalent" && (at.lo > 0 || at.hi < 0) ? ["differs"] : []),
      ...(isWinner(answer) && (at.lo > margin || at.hi < -margin) ? ["beyond-margin"] : []),
      ...ownFlags(answer, answerOf(entry, OWN_ALPHA)),
      ...divergedFlags(pair, diverged, typical.seeds * typical.episodes),
      ...sensitivityFlags(entry, OWN_ALPHA),
      ...pair.flags,
    ],
    // With two metrics a smaller error rate may decide what this one does not: such a number would contradict its verdict.
    pAdjusted: !isDecided(answer) && tail !== null && pAdjusted < alpha ? null : pAdjusted,
    pTost: equivalenceP(typical, margin),
    pDifference: differenceP(typical),
    unadjusted: { lo95: at95.lo, hi95: at95.hi, lo90: at90.lo, hi90: at90.hi },
    effectSize: pairedEffectSize(typical.seedDifferences) ?? null,
    sides: sidesOf(pair, diverged),
  };
}

function needsIn(
  { pair: { metric }, typical, tail, margin }: Case,
  answer: Answer,
  said: { readonly typical: Reading; readonly tail: Reading | null },
  error: number,
): Needs | null {
  if (answer === "large-not-established") return needsToEstablish(typical, tail, metric, error);
  if (answer !== "undecided") return null;
  if (tail !== null && said.tail !== null && said.typical === "undecided" && isWinner(said.tail)) {
    return needsBesideTail(typical, tail, error);
  }
  if (tail === null || said.tail === null || said.typical === "undecided") {
    return needsOf(typical, metric, margin, error);
  }
  return needsOfTail(tail, said.typical, said.tail, error);
}

function withoutVerdict({ pair, paired: { matrix, diverged }, margin, reason }: Unjudged, alpha: number): Verdict {
  const [nSeeds, nEpisodes] = [matrix.length, matrix[0]?.length ?? 0];
  const seedMeans = nEpisodes === 0 ? [] : matrix.map(meanOf);
  const diff = seedMeans.length === 0 ? null : meanOf(seedMeans);
  const unknown = { lo: null, hi: null, diffMean: null, loMean: null, hiMean: null, level: null };
  return {
    ...{ nSeeds, nEpisodes, diff, ratio: ratioOf(pair, diff), ...unknown, alpha, margin },
    ...{ verdict: "none", typical: null, tail: null, look: null, chance: null, reason, needs: null },
    flags: [...divergedFlags(pair, diverged, nSeeds * nEpisodes), ...pair.flags],
    ...{ pAdjusted: null, pTost: null, pDifference: null, unadjusted: null },
    effectSize: pairedEffectSize(seedMeans) ?? null,
    sides: sidesOf(pair, diverged),
  };
}

function sidesOf(pair: ScorePair, diverged: Case["diverged"]): Verdict["sides"] {
  const summary = summarisePair(pair);
  if (summary === undefined) return null;
  const side = (name: "a" | "b"): Side => ({ ...summary[name], diverged: diverged[name] });
  return { a: side("a"), b: side("b") };
}

function ratioOf({ metric }: ScorePair, diff: number | null): number | null {
  return metric === "mse" && diff !== null ? Math.exp(diff) : null;
}
