/**
 * Which cells are compared with which: every multi-task learner with every meta-learner, on the same data set, shots and seeds.
 *
 * - `matched`: the same adaptation, inner steps, sharing depth and depth frozen at test time. A meta-learner that is off the axis of sharing depth meets the
 *   multi-task learner at the latter's native depth, adapting the layers that each adapts natively.
 * - `native`: each as its authors use it: its native adaptation at its native sharing depth, on the most inner steps where it takes steps.
 */
import type { Metric } from "../../data/contract/dataset.ts";
import type { CellRow } from "../rows/rows.ts";
import type { ScorePair } from "./judge.ts";

/** What an algorithm is compared as; controls are not compared. */
export type Role = "multi-task" | "meta" | "control";

/** Where a cell of one data set lies, apart from shots and seed. */
export type Place = Pick<
  CellRow,
  "algorithm" | "adapter" | "innerSteps" | "sharingDepth" | "adaptDepth" | "taskStart"
>;

/** How an algorithm is meant to be used. */
export interface Native {
  readonly adapter: string;
  readonly sharingDepth: number | null;
}

/** What the comparison must know about a data set. */
export interface ComparedDataSet {
  /** As declared in the sweep: percentage points of accuracy, or a ratio of MSEs. */
  readonly margin: number;
  /** Per test episode, the MSE beyond which it counts as diverged; null for accuracy. */
  readonly limits: readonly number[] | null;
  /** By algorithm. */
  readonly natives: Readonly<Record<string, Native>>;
}

/** What a comparison is of: the key of its verdict. */
export interface PairKey {
  readonly dataset: string;
  readonly metric: Metric;
  readonly comparison: "matched" | "native";
  readonly shots: number;
  readonly mtl: Place;
  readonly meta: Place;
}

/** A comparison with its scores. */
export interface Pair extends ScorePair {
  readonly key: PairKey;
}

export interface PairOptions {
  /** By algorithm; one that is missing is a control. */
  readonly roles: Readonly<Record<string, Role>>;
  /** By name; data sets that are missing are not compared. */
  readonly dataSets: Readonly<Record<string, ComparedDataSet>>;
  /** Names of what a reader must know about a row, e.g. ["undertrained"]; none by default. */
  readonly flagsOf?: (row: CellRow) => readonly string[];
}

/** What native use needs to know about an algorithm. */
interface Described {
  readonly name: string;
  readonly nativeAdapter: string;
  sharingDepth(asked: number, layers: number): number | null | undefined;
}

/**
 * Native use of each algorithm on a model of L layers: a multi-task learner shares all layers but the head (d = L - 1), a meta-learner adapts all
 * that it can (d = 0, or its one fixed depth).
 */
export function nativesOf(
  algorithms: Iterable<Described>,
  roles: Readonly<Record<string, Role>>,
  layers: number,
): Record<string, Native> {
  return Object.fromEntries([...algorithms].map((algorithm) => {
    const asked = roles[algorithm.name] === "multi-task" ? layers - 1 : 0;
    const sharingDepth = algorithm.sharingDepth(asked, layers) ?? null;
    return [algorithm.name, { adapter: algorithm.nativeAdapter, sharingDepth }];
  }));
}

/** A cell over its seeds. */
export interface Cell {
  readonly dataset: string;
  readonly metric: Metric;
  readonly shots: number;
  readonly place: Place;
  readonly bySeed: ReadonlyMap<number, Scored>;
}

/** A row with its episodes' scores. */
export interface Scored {
  readonly row: CellRow;
  readonly scores: readonly (number | null)[];
}

/**
 * All comparisons among the rows, in the order of the rows; cells that were skipped are left out.
 *
 * @param scores per row, one score per test episode; [] where there are none
 */
export function pairsToJudge(
  rows: readonly CellRow[],
  scores: readonly (readonly (number | null)[])[],
  options: PairOptions,
): Pair[] {
  const cells = cellsOf(rows, scores);
  const inRole = (role: Role) => cells.filter(({ place }) => options.roles[place.algorithm] === role);
  const metas = Map.groupBy(inRole("meta"), ({ dataset, shots }) => `${shots} ${dataset}`);
  const found: Pair[] = [];
  for (const mtl of inRole("multi-task")) {
    const dataSet = options.dataSets[mtl.dataset];
    if (dataSet === undefined) continue;
    for (const meta of metas.get(`${mtl.shots} ${mtl.dataset}`) ?? []) {
      const comparison = comparisonOf(mtl, meta, dataSet, cells);
      if (comparison !== undefined) {
        const key: PairKey = {
          ...{ dataset: mtl.dataset, metric: mtl.metric, comparison, shots: mtl.shots },
          ...{ mtl: mtl.place, meta: meta.place },
        };
        found.push({ key, ...pairScores(mtl, meta, dataSet, options) });
      }
    }
  }
  return found;
}

/** The cells among the rows, in the rows' order; those that were skipped are left out. */
export function cellsOf(rows: readonly CellRow[], scores: readonly (readonly (number | null)[])[]): Cell[] {
  const cells = new Map<string, Cell & { readonly bySeed: Map<number, Scored> }>();
  for (const [i, row] of rows.entries()) {
    if (row.status === "skipped") continue;
    const { dataset, metric, shots, algorithm, adapter, innerSteps, sharingDepth, adaptDepth, taskStart } = row;
    const place: Place = { algorithm, adapter, innerSteps, sharingDepth, adaptDepth, taskStart };
    const name = JSON.stringify([dataset, shots, place]);
    const cell = cells.get(name) ?? { dataset, metric, shots, place, bySeed: new Map<number, Scored>() };
    cell.bySeed.set(row.seed, { row, scores: scores[i] });
    cells.set(name, cell);
  }
  return [...cells.values()];
}

function comparisonOf(
  mtl: Cell,
  meta: Cell,
  { natives }: ComparedDataSet,
  cells: readonly Cell[],
): PairKey["comparison"] | undefined {
  const [a, b] = [mtl.place, meta.place];
  if (a.adapter === b.adapter && a.innerSteps === b.innerSteps) {
    if (b.sharingDepth !== null && a.sharingDepth === b.sharingDepth && a.adaptDepth === b.adaptDepth) return "matched";
    const bothNative = a.sharingDepth === natives[a.algorithm]?.sharingDepth && adaptsNatively(a) && adaptsNatively(b);
    if (b.sharingDepth === null && bothNative) return "matched";
  }
  return usedNatively(mtl, natives, cells) && usedNatively(meta, natives, cells) ? "native" : undefined;
}

/** Whether adaptation changes what it changed in training: the layers beyond the sharing depth, or a mask that is no prefix. */
function adaptsNatively({ adapter, sharingDepth, adaptDepth }: Place): boolean {
  return adapter === "ridge" || adaptDepth === sharingDepth;
}

function usedNatively(cell: Cell, natives: Readonly<Record<string, Native>>, cells: readonly Cell[]): boolean {
  const { place } = cell;
  const native = natives[place.algorithm];
  if (place.adapter !== native?.adapter || place.sharingDepth !== native.sharingDepth) return false;
  if (!adaptsNatively(place)) return false;
  const alike = cells.filter((other) =>
    other.dataset === cell.dataset && other.shots === cell.shots && other.place.algorithm === place.algorithm &&
    other.place.adapter === place.adapter && other.place.sharingDepth === place.sharingDepth
  );
  // The first start of task-specific layers on the axis is the default one.
  return place.taskStart === alike[0].place.taskStart &&
    place.innerSteps === alike.reduce((most, other) => larger(most, other.place.innerSteps), place.innerSteps);
}

function larger(a: number | null, b: number | null): number | null {
  return a === null || b === null ? a ?? b : Math.max(a, b);
}

/** Two cells paired by seed, and what became of the seeds that only one of them has. */
export function pairScores(
  mtl: Cell,
  meta: Cell,
  { margin, limits }: Pick<ComparedDataSet, "margin" | "limits">,
  options: Pick<PairOptions, "flagsOf">,
): ScorePair {
  const seeds = [...new Set([...mtl.bySeed.keys(), ...meta.bySeed.keys()])].sort((a, b) => a - b);
  const episodes = Math.max(0, ...[...mtl.bySeed.values(), ...meta.bySeed.values()].map(({ scores }) => scores.length));
  const paired = seeds.flatMap((seed) => {
    const [a, b] = [scoresOf(mtl.bySeed.get(seed), episodes), scoresOf(meta.bySeed.get(seed), episodes)];
    return a === undefined || b === undefined ? [] : [{ seed, a, b }];
  });
  const used = new Set(paired.map(({ seed }) => seed));
  return {
    metric: mtl.metric,
    mtl: paired.map(({ a }) => a),
    meta: paired.map(({ b }) => b),
    limits: paired.length === 0 && limits !== null ? [] : limits,
    margin,
    flags: [
      ...(used.size < seeds.length ? [`missing-seeds: ${seeds.length - used.size} of ${seeds.length}`] : []),
      ...seedFlags([mtl, meta], used, ({ row, scores }) => diverged(row, scores) ? ["diverged-training"] : []),
      ...seedFlags([mtl, meta], used, ({ row }) => options.flagsOf?.(row) ?? []),
    ],
  };
}

function diverged(row: CellRow, scores: readonly (number | null)[]): boolean {
  return row.status === "diverged" && scores.length === 0;
}

/**
 * Scores of one seed, or undefined where it is not known how it would have scored. A training that diverged is known: its every episode counts as
 * diverged, because leaving such seeds out would compare only the lucky ones.
 */
function scoresOf(scored: Scored | undefined, episodes: number): readonly (number | null)[] | undefined {
  if (scored === undefined || episodes === 0) return undefined;
  if (diverged(scored.row, scored.scores)) return Array<null>(episodes).fill(null);
  return scored.scores.length === 0 ? undefined : scored.scores;
}

/** `undertrained: mtl 2, maml 1 of 5 seeds`: per flag, how many of the compared seeds of either side have it. */
export function seedFlags(
  cells: readonly Cell[],
  used: ReadonlySet<number>,
  flagsOf: (scored: Scored) => readonly string[],
): string[] {
  const flagged = new Map<string, Map<string, Set<number>>>();
  for (const { place, bySeed } of cells) {
    for (const [seed, scored] of bySeed) {
      for (const flag of used.has(seed) ? flagsOf(scored) : []) {
        const sides = flagged.get(flag) ?? new Map<string, Set<number>>();
        flagged.set(flag, sides.set(place.algorithm, (sides.get(place.algorithm) ?? new Set()).add(seed)));
      }
    }
  }
  return [...flagged].map(([flag, sides]) =>
    `${flag}: ${[...sides].map(([algorithm, seeds]) => `${algorithm} ${seeds.size}`).join(", ")} of ${used.size} seeds`
  );
}
