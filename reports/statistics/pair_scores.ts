/** From two cells to the scores that are judged, paired by seed. */
import type { Place } from "../rows/place.ts";
import type { CellRow } from "../rows/rows.ts";
import type { Cell, Scored } from "./cells.ts";
import type { ScorePair } from "./judge.ts";

/** What a comparison must know about a data set. */
export interface ComparedDataSet {
  /** As declared in the sweep: percentage points of accuracy, or a ratio of MSEs. */
  readonly margin: number;
  /** Per test episode, the MSE beyond which it counts as diverged; null for accuracy. */
  readonly limits: readonly number[] | null;
  /** Per test episode, the variance of its targets; null or absent for accuracy and where it is not known. */
  readonly variances?: readonly number[] | null;
}

/** Names of what a reader must know about a row, e.g. ["undertrained"]. */
export type FlagsOf = (row: CellRow) => readonly string[];

/** Two cells paired by seed, and what became of the seeds that only one of them has. */
export function pairScores(
  a: Cell,
  b: Cell,
  { margin, limits, variances = null }: ComparedDataSet,
  flagsOf: FlagsOf = () => [],
  [nameA, nameB]: SideNames = sideNames(a.place, b.place),
): ScorePair {
  const seeds = [...new Set([...a.bySeed.keys(), ...b.bySeed.keys()])].sort((one, other) => one - other);
  const episodes = Math.max(0, ...[...a.bySeed.values(), ...b.bySeed.values()].map(({ scores }) => scores.length));
  const paired = seeds.flatMap((seed) => {
    const [ofA, ofB] = [scoresOf(a.bySeed.get(seed), episodes), scoresOf(b.bySeed.get(seed), episodes)];
    return ofA === undefined || ofB === undefined ? [] : [{ seed, ofA, ofB }];
  });
  const used = new Set(paired.map(({ seed }) => seed));
  const sides = [{ name: nameA, cell: a }, { name: nameB, cell: b }];
  return {
    metric: a.metric,
    a: paired.map(({ ofA }) => ofA),
    b: paired.map(({ ofB }) => ofB),
    limits: paired.length === 0 && limits !== null ? [] : limits,
    ...(variances === null ? {} : { variances }),
    margin,
    flags: [
      ...(used.size < seeds.length ? [`missing-seeds: ${seeds.length - used.size} of ${seeds.length}`] : []),
      ...seedFlags(sides, used, ({ row, scores }) => diverged(row, scores) ? ["diverged-training"] : []),
      ...seedFlags(sides, used, ({ row }) => flagsOf(row)),
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

/** What flags call the sides of a pair. */
export type SideNames = readonly [a: string, b: string];

/** Names for the sides of a pair: their algorithms, or the letters of the sides where the algorithm is the same. */
export function sideNames(a: Place, b: Place): SideNames {
  return a.algorithm === b.algorithm ? ["a", "b"] : [a.algorithm, b.algorithm];
}

/** `undertrained: maml 2, anil 1 of 5 seeds`: per flag, how many of the compared seeds of each named cell have it; cells of one name count together. */
export function seedFlags(
  cells: readonly { readonly name: string; readonly cell: Cell }[],
  used: ReadonlySet<number>,
  flagsOf: (scored: Scored) => readonly string[],
): string[] {
  const flagged = new Map<string, Map<string, Set<number>>>();
  for (const { name, cell: { bySeed } } of cells) {
    for (const [seed, scored] of bySeed) {
      for (const flag of used.has(seed) ? flagsOf(scored) : []) {
        const sides = flagged.get(flag) ?? new Map<string, Set<number>>();
        flagged.set(flag, sides.set(name, (sides.get(name) ?? new Set()).add(seed)));
      }
    }
  }
  return [...flagged].map(([flag, sides]) =>
    `${flag}: ${[...sides].map(([name, seeds]) => `${name} ${seeds.size}`).join(", ")} of ${used.size} seeds`
  );
}
