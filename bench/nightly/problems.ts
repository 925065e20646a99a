/** What keeps a run from being a baseline: nothing may be missing, and nothing may have failed. */
import { CELL_KEY } from "../../reports/rows/csv.ts";
import type { CellKey as Key } from "../../reports/rows/place.ts";
import type { RunFiles } from "./read_run.ts";

const idOf = (cell: Key) => JSON.stringify(CELL_KEY.map((name) => cell[name]));

/** One line per kind of problem; [] for a complete run. Cells of an absent optional data set are no problem, unless there are no others. */
export function problemsOf({ manifest, record, cells, episodes, timings }: RunFiles): string[] {
  const problems: string[] = [];
  const say = (wrong: readonly Key[], what: string) => {
    if (wrong.length === 0) return;
    const { dataset, algorithm, shots, seed } = wrong[0];
    problems.push(`${wrong.length} ${what}, the first: ${dataset}, ${algorithm}, ${shots} shots, seed ${seed}`);
  };

  const rows = new Set(cells.map(idOf));
  if (rows.size < cells.length) problems.push(`${cells.length - rows.size} rows of cells.csv are there twice`);
  const missing = (record?.plan.cells ?? []).filter((cell) => !rows.has(idOf(cell)));
  say(missing, "planned cells have no row");

  // What was planned may itself be short: every cell is there with every seed.
  const seeds = manifest?.sweep.seeds ?? [];
  const planned = new Set(missing.map(idOf));
  const families = new Map(cells.map((cell) => [idOf({ ...cell, seed: 0 }), cell]));
  const gaps = [...families.values()].flatMap((cell) =>
    seeds.map((seed) => ({ ...cell, seed })).filter((other) => !rows.has(idOf(other)) && !planned.has(idOf(other)))
  );
  say(gaps, "cells lack a seed of the sweep");

  const failed = cells.filter(({ status }) => status === "failed");
  say(failed, `cells failed (${failed[0]?.reason})`);

  const scored = new Map(episodes.map((row) => [idOf(row), row.scores.length]));
  const good = cells.filter(({ status }) => status === "ok");
  say(
    good.filter((cell) => scored.get(idOf(cell)) !== cell.episodes),
    "cells do not have all their episodes in episodes.csv",
  );
  const timed = new Set(timings.map(({ trainingUnit }) => trainingUnit));
  say(good.filter(({ trainingUnit }) => !timed.has(trainingUnit)), "cells have no training in timings.csv");

  if (good.length === 0) {
    problems.push(cells.length === 0 ? "it is empty: no cell" : "it is empty: no cell has a score");
  }
  return problems;
}
