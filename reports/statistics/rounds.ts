/** Seeds that come in rounds: which comparisons are decided at which look, and which seeds the others still need. From rows alone, so a run that resumes knows. */
import { type Family, FAMILY_ALPHA } from "../claims/comparison.ts";
import type { Cell } from "./cells.ts";
import {
  type ComparedRun,
  judgeComparisons,
  type JudgedPair,
  pairsToJudge,
  type VerdictKey,
} from "./judge_comparisons.ts";
import { FUTILE } from "./futility.ts";
import { judgeFamily, type Verdict } from "./judge.ts";
import { isDecided } from "./readings.ts";
import { lookLevels, ROUNDS } from "./spending.ts";

/** What is judged in rounds. */
export interface RoundsRun extends ComparedRun {
  /** All seeds that there may be, in the order in which they are trained; those of the first rounds come first. */
  readonly seeds: readonly number[];
  /** Numbers of seeds after which is looked at the results; those up to the number of seeds count. */
  readonly rounds?: readonly number[];
}

/** A comparison that is not decided yet. */
export interface OpenPair {
  readonly key: VerdictKey;
  /** Seeds that either side lacks of the next round; [] after the last one, and where more seeds would hardly decide it. */
  readonly seeds: readonly number[];
}

/** Where a run in rounds stands. */
export interface RoundsState {
  /** One verdict per pair, in the order of the comparisons: of the look that decided it, or of the last look that has its seeds. */
  readonly judged: readonly JudgedPair[];
  /** What is open among families that answer. */
  readonly open: readonly OpenPair[];
}

/**
 * Judges families that hold at once (`holm`) look by look; each comparison stops at the look that decides it. Its share of the error rate is that of its family by
 * the number of its pairs, whatever was decided before, and is spent by `lookLevels`; nothing is passed on from family to family. Exploring families have no
 * looks: they are judged once, on all seeds there are, and nothing is trained for them. An open comparison that even the last look would hardly decide (`futility.ts`)
 * asks for no more seeds.
 */
export function judgeRounds(cells: readonly Cell[], run: RoundsRun): RoundsState {
  const [most, rounds] = [run.seeds.length, run.rounds ?? ROUNDS];
  const looks = rounds.filter((count) => count <= most);
  const answering = run.families.filter(({ correction }) => correction === "holm");
  const names = new Set(answering.map(({ name }) => name));
  const rest = run.families.filter(({ name }) => !names.has(name)).map((family): Family => ({
    ...family,
    gate: undefined,
  }));
  const found = new Map<string, JudgedPair>();
  const open: OpenPair[] = [];
  for (const pair of judgeComparisons(cells, { ...run, families: rest })) found.set(idOf(pair.key), pair);
  for (const family of answering) {
    const state = lookByLook(cells, run, family, looks);
    for (const pair of state.judged) found.set(idOf(pair.key), pair);
    open.push(...state.open);
  }
  const judged = pairsToJudge(cells, run).flatMap(({ key }) => found.get(idOf(key)) ?? []);
  return { judged, open };
}

function lookByLook(cells: readonly Cell[], run: RoundsRun, family: Family, looks: readonly number[]): RoundsState {
  const comparisons = run.comparisons.filter((comparison) => comparison.family === family.name);
  const own = { ...run, comparisons };
  const all = pairsToJudge(cells, own).map(({ key }) => key);
  const judged = new Map<string, Verdict>();
  let waiting = all;
  const open: OpenPair[] = [];
  const lackingOf = seedsOf(cells);
  const futile = (key: VerdictKey) => (judged.get(idOf(key))?.chance ?? 1) < FUTILE;
  for (const [look, count] of looks.entries()) {
    const due = run.seeds.slice(0, count);
    const ready = waiting.filter((key) => lackingOf(key, due).length === 0);
    for (const key of waiting.filter((key) => !ready.includes(key))) {
      // What more seeds would hardly decide asks for none, and is looked at again where there are some.
      open.push({ key, seeds: futile(key) ? [] : lackingOf(key, due) });
    }
    const ids = new Set(ready.map(idOf));
    const pairs = pairsToJudge(cells.map((cell) => ofSeeds(cell, due)), own).filter(({ key }) => ids.has(idOf(key)));
    const verdicts = judgeFamily(pairs.map(({ scores }) => scores), {
      ...{ key: run.key, replicates: run.replicates, correction: family.correction },
      alpha: family.alpha ?? FAMILY_ALPHA,
      size: all.length,
      spend: (share) => lookLevels(share, looks)[look],
      last: look === looks.length - 1
        ? undefined
        : { seeds: looks[looks.length - 1], spend: (share) => lookLevels(share, looks)[looks.length - 1] },
    });
    verdicts.forEach((verdict, i) => {
      const decided = isDecided(verdict.verdict);
      const flags = [...verdict.flags, ...futileFlags(verdict, looks[looks.length - 1])];
      judged.set(idOf(pairs[i].key), { ...verdict, flags, look: decided ? look + 1 : null });
    });
    waiting = ready.filter((key) => !isDecided(judged.get(idOf(key))?.verdict ?? "none"));
  }
  open.push(...waiting.map((key) => ({ key, seeds: [] })));
  const rank = new Map(all.map((key, i) => [idOf(key), i]));
  return {
    judged: all.flatMap((key) => {
      const verdict = judged.get(idOf(key));
      return verdict === undefined ? [] : [{ key, verdict }];
    }),
    open: open.sort((one, other) => (rank.get(idOf(one.key)) ?? 0) - (rank.get(idOf(other.key)) ?? 0)),
  };
}

function futileFlags({ chance }: Verdict, seeds: number): string[] {
  if (chance === null || chance >= FUTILE) return [];
  return [`futile: ${seeds} seeds would decide it with a probability of at most ${Math.ceil(100 * chance)} %`];
}

/** Names a pair. */
function idOf({ dataset, comparison, a, b }: VerdictKey): string {
  return JSON.stringify([dataset, comparison, a, b]);
}

/** A cell with some of its seeds. */
function ofSeeds(cell: Cell, seeds: readonly number[]): Cell {
  const kept = new Set(seeds);
  return { ...cell, bySeed: new Map([...cell.bySeed].filter(([seed]) => kept.has(seed))) };
}

/** Of seeds, those that either side of a pair has no row of; a row that failed is one, as trying again is not a matter of rounds. */
function seedsOf(cells: readonly Cell[]): (key: VerdictKey, due: readonly number[]) => number[] {
  const id = (dataset: string, place: Cell["place"]) => JSON.stringify([dataset, place]);
  const index = new Map(cells.map((cell) => [id(cell.dataset, cell.place), cell.bySeed]));
  return ({ dataset, a, b }, due) => {
    const sides = [a, b].map((place) => index.get(id(dataset, place)));
    return due.filter((seed) => sides.some((bySeed) => bySeed?.has(seed) !== true));
  };
}
