/** Cells that two runs have in common, on the seeds and test episodes that they share, with the statistics of verdicts. */
import { oneLine, UsageError } from "../../common/errors.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { DataError } from "../../data/mod.ts";
import { parseCells, parseEpisodes } from "../../reports/rows/csv.ts";
import { placeKey, placeOf } from "../../reports/rows/place.ts";
import { type Cell, cellsOf, type Scored } from "../../reports/statistics/cells.ts";
import { judgeFamily, type ScorePair, type Verdict } from "../../reports/statistics/judge.ts";
import { pairScores } from "../../reports/statistics/pair_scores.ts";
import { CATALOG, catalogOf } from "../run/catalog.ts";
import type { FinishedFiles } from "../run/finished_files.ts";
import { flagsOf } from "../run/judge_sweep.ts";
import { OUT_FILES } from "../run/out_folder.ts";
import { divergenceLimits } from "../run/summaries.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { DifferenceRow } from "./row.ts";

/** What two runs have in common. */
export interface ComparedCells {
  /** In the order of run A. */
  readonly rows: readonly DifferenceRow[];
  /** Cells that only one of them has, whatever their seeds. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** By data set, why its cells cannot be compared. */
  readonly incomparable: ReadonlyMap<string, string>;
}

/** Compares the cells of two runs. @throws UsageError when a table cannot be read */
export async function compareCells(a: FinishedFiles, b: FinishedFiles): Promise<ComparedCells> {
  const [ofA, ofB] = [cellsIn(a), cellsIn(b)];
  const known = new Map(ofB.map((cell) => [keyOf(cell), cell]));
  const both = ofA.flatMap((cell) => {
    const other = known.get(keyOf(cell));
    return other === undefined ? [] : [{ cell, other }];
  });
  const incomparable = new Map<string, string>();
  const dataSets = new Map<string, Comparable>();
  for (const [name, metric] of new Map(both.map(({ cell: { dataset, metric } }) => [dataset, metric]))) {
    const found = await comparable(name, metric, a, b);
    if (typeof found === "string") incomparable.set(name, found);
    else dataSets.set(name, found);
  }
  const paired = both.flatMap(({ cell, other }): Paired[] => {
    const dataSet = dataSets.get(cell.dataset);
    return dataSet === undefined ? [] : [pairOf(cell, other, dataSet)];
  });
  const verdicts = new Map<Paired, Verdict>();
  // What is the same to the last bit needs no test, and would only widen the others' intervals.
  for (const same of [true, false]) {
    const family = paired.filter(({ identical }) => identical === same);
    const options = { key: ["compare"], correction: "benjamini-hochberg" } as const;
    judgeFamily(family.map(({ scores }) => scores), options).forEach((verdict, i) => verdicts.set(family[i], verdict));
  }
  return {
    rows: paired.map((pair) => rowOf(pair, verdicts.get(pair) as Verdict)),
    onlyA: ofA.length - both.length,
    onlyB: ofB.length - both.length,
    incomparable,
  };
}

function cellsIn({ read }: FinishedFiles): Cell[] {
  const rows = read(OUT_FILES.cells, parseCells);
  const key = (row: typeof rows[number]) => `${row.dataset} ${row.seed} ${placeKey(placeOf(row))}`;
  const episodes = read(OUT_FILES.episodes, parseEpisodes);
  const scores = new Map(episodes.map((row) => [`${row.dataset} ${row.seed} ${placeKey(placeOf(row))}`, row.scores]));
  return cellsOf(rows, rows.map((row) => scores.get(key(row)) ?? []));
}

const keyOf = ({ dataset, place }: Cell) => `${dataset} ${placeKey(place)}`;

/** What pairing needs to know of a data set that both runs have. */
interface Comparable {
  readonly margin: number;
  /** Per test episode that both have; null for accuracy. */
  readonly limits: readonly number[] | null;
  readonly episodes: number;
}

/** Where episodes of two runs are the same ones: of the same data, drawn alike. In words where they are not. */
async function comparable(
  name: string,
  metric: Cell["metric"],
  a: FinishedFiles,
  b: FinishedFiles,
): Promise<Comparable | string> {
  const [ofA, ofB] = [a, b].map(({ manifest: { data } }) => data[name]);
  if (ofA === undefined || ofB === undefined || "skipped" in ofA || "skipped" in ofB) return "one run skipped it";
  if (ofA.digest !== ofB.digest) return "its data are not the same, so neither are its test episodes";
  const [entryA, entryB] = [entryOf(a, name), entryOf(b, name)];
  for (const field of ["ways", "testQueries"] as const) {
    if (entryA[field] === entryB[field]) continue;
    return `its test episodes are not the same: ${field} is ${entryA[field]} in A and ${entryB[field]} in B`;
  }
  const episodes = Math.min(entryA.episodes, entryB.episodes);
  const { margin } = entryA;
  if (metric === "accuracy") return { margin, limits: null, episodes };
  const opened = await open(name, a, [a, b].map(({ record: { dataDir } }) => dataDir));
  if (typeof opened === "string") return opened;
  return { margin, limits: divergenceLimits(opened, { ...entryA, episodes }) ?? null, episodes };
}

function entryOf({ manifest: { sweep }, out }: FinishedFiles, name: string): DataSetSweep {
  const entry = sweep.datasets.find((entry) => entry.name === name);
  if (entry === undefined) throw new UsageError(`The sweep of ${out} has no data set "${name}", but its cells do`);
  return entry;
}

/** Regression needs its data: from which MSE an episode counts as diverged depends on them. */
async function open(name: string, run: FinishedFiles, dataDirs: readonly string[]): Promise<DataSet | string> {
  let reason = "";
  for (const dataDir of new Set(dataDirs)) {
    try {
      const entry = catalogOf(run.manifest.sweep, CATALOG).dataSets[name];
      const missing = await entry.missing(dataDir);
      if (missing === undefined) return await entry.open({ dataDir, ways: entryOf(run, name).ways });
      reason = missing;
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      reason = oneLine(error);
    }
  }
  return `its data are needed and cannot be opened: ${reason}`;
}

interface Paired {
  readonly cell: Cell;
  readonly scores: ScorePair;
  readonly identical: boolean;
}

function pairOf(cell: Cell, other: Cell, { margin, limits, episodes }: Comparable): Paired {
  const [a, b] = [cut(cell, episodes), cut(other, episodes)];
  const scores = pairScores(a, b, { margin, limits }, flagsOf);
  const identical = scores.a.length > 0 && JSON.stringify(scores.a) === JSON.stringify(scores.b);
  return { cell, scores, identical };
}

/** A cell on its first test episodes: which episode is which does not depend on how many there are. */
function cut(cell: Cell, episodes: number): Cell {
  const shorter = ({ row, scores }: Scored): Scored => ({ row, scores: scores.slice(0, episodes) });
  return { ...cell, bySeed: new Map([...cell.bySeed].map(([seed, scored]) => [seed, shorter(scored)])) };
}

function rowOf({ cell, identical }: Paired, verdict: Verdict): DifferenceRow {
  const { nSeeds, nEpisodes, diff, lo, hi, level, ratio, margin, pAdjusted } = verdict;
  return {
    dataset: cell.dataset,
    ...cell.place,
    metric: cell.metric,
    identical: identical ? "yes" : "no",
    ...{ nSeeds, nEpisodes },
    aMean: verdict.sides?.a.mean ?? null,
    bMean: verdict.sides?.b.mean ?? null,
    ...{ diff, lo, hi, level, ratio, margin },
    verdict: verdict.verdict,
    pAdjusted,
    needs: verdict.needs?.words ?? verdict.reason,
    flags: verdict.flags.join("; "),
  };
}
