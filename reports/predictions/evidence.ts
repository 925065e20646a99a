/** What predictions are tested on, and how cells of it become scores. */
import type { DataSet, Metric } from "../../data/contract/dataset.ts";
import type { Prediction } from "../claims/prediction.ts";
import { varyingAmong } from "../rows/setting.ts";
import type { DistanceRow } from "../rows/rows.ts";
import type { Cell, NativeUses } from "../statistics/cells.ts";
import { MIN_SEEDS, type ScorePair } from "../statistics/judge.ts";
import { type FlagsOf, pairScores, seedFlags } from "../statistics/pair_scores.ts";
import { type CellPair, pairUp, type Sides } from "../statistics/pairing.ts";
import type { Claim } from "./claims.ts";
import type { Told } from "./words.ts";

/** What predictions about one data set are tested on. */
export interface Evidence {
  /** Of the data set's part of the sweep: test episodes, queries of each, and the equivalence margin (points of accuracy, or a ratio of MSEs). */
  readonly entry: { readonly episodes: number; readonly testQueries: number; readonly margin: number };
  readonly metric: Metric;
  readonly cells: readonly Cell[];
  readonly nativeOf: NativeUses;
  /** Per test episode, the MSE beyond which it counts as diverged; null for accuracy. */
  readonly limits: readonly number[] | null;
  /** Opened. */
  readonly dataSet: DataSet;
  readonly flagsOf: FlagsOf;
  /** How far predictions of two methods are apart, on all data sets of the run; [] where none are kept. */
  readonly distances: readonly DistanceRow[];
}

/** One claim with where it was tested. */
export interface Tested {
  readonly where: string;
  readonly claim: Claim;
  readonly seeds: number;
  readonly episodes: number;
  readonly flags: readonly string[];
}

/** A claim that cannot be tested, and why. */
export interface Untested {
  readonly where: string;
  readonly reason: string;
}

/** The cells of a prediction, at the shots that it is about. */
export function cellsFor({ dataset, shots }: Prediction, { cells }: Evidence): Cell[] {
  return cells.filter((cell) => cell.dataset === dataset && (shots?.includes(cell.place.shots) ?? true));
}

/** What places of a data set say. */
export function toldOf({ dataset }: Prediction, { cells }: Evidence): Told {
  return { settings: varyingAmong(cells.filter((cell) => cell.dataset === dataset).map(({ place }) => place)) };
}

/** The pairs of cells of a prediction, at the shots that it is about. */
export function pairsFor(prediction: Prediction, sides: Sides, evidence: Evidence): CellPair<Cell>[] {
  return pairUp(cellsFor(prediction, evidence), sides, evidence.nativeOf);
}

/** Scores of two cells at the seeds that both have. */
export function paired(a: Cell, b: Cell, { entry, limits, flagsOf }: Evidence): ScorePair {
  return pairScores(a, b, { margin: entry.margin, limits }, flagsOf, [a.place.algorithm, b.place.algorithm]);
}

/** Flags of several cells together: of how many seeds of each algorithm. */
export function flagsOfCells(cells: readonly Cell[], { flagsOf }: Evidence): string[] {
  const seeds = new Set(cells.flatMap(({ bySeed }) => [...bySeed.keys()]));
  const named = cells.map((cell) => ({ name: cell.place.algorithm, cell }));
  return seedFlags(named, seeds, ({ row }) => row.status === "diverged" ? ["diverged-training"] : flagsOf(row));
}

/** Why a pair cannot be tested; undefined where it can. */
export function tooFew({ a }: ScorePair): string | undefined {
  if (a.length < MIN_SEEDS) {
    const n = a.length === 0 ? "no seed has" : a.length === 1 ? "one seed has" : `${a.length} seeds have`;
    return `${n} scores of all cells; a test needs ${MIN_SEEDS}`;
  }
  return a[0].length < 2 ? `there are only ${a[0].length} test episodes; a test needs 2` : undefined;
}

/** Layouts of several cells need the same seeds in each. */
export function unequal(pairs: readonly ScorePair[]): string | undefined {
  return new Set(pairs.map(({ a }) => a.length)).size > 1 ? "its cells lack different seeds" : undefined;
}
