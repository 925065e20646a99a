/** Made-up verdicts that agree with made-up rows: simulated episode scores around the rows' means, judged for real. */
import { COMPARISON_FAMILIES } from "../../bench/sweeps/comparisons.ts";
import type { Comparison } from "../claims/comparison.ts";
import { cellsOf } from "../statistics/cells.ts";
import { judgeComparisons, type JudgedPair } from "../statistics/judge_comparisons.ts";
import type { CellRow } from "../rows/rows.ts";
import type { DataSetDescription } from "../view/input.ts";

/** Test episodes of the simulation. */
const EPISODES = 24;

/** Spread between seeds, as a share of the score. */
const CALM = { accuracy: 0.01, mse: 0.05 } as const;
/** What tells a cell's rows apart. */
const SEEDED = { seed: 0, mean: 0, sd: 0, median: 0, meanLog: 0, nll: 0, ece: 0, trainingUnit: "" };

/**
 * Judges comparisons on the rows.
 *
 * @param noise numbers in [-1, 1) that depend on nothing but the parts
 */
export function syntheticVerdicts(
  comparisons: readonly Comparison[],
  rows: readonly CellRow[],
  datasets: readonly DataSetDescription[],
  noise: (...parts: (string | number)[]) => number,
): JudgedPair[] {
  const centres = new Map<string, number[]>();
  const cellOf = (row: CellRow) => JSON.stringify({ ...row, ...SEEDED });
  for (const row of rows) {
    if (row.mean !== null) centres.set(cellOf(row), [...centres.get(cellOf(row)) ?? [], Math.log(row.mean)]);
  }
  const scores = rows.map((row) => {
    const { status, metric, algorithm, dataset, seed, innerSteps, sharingDepth } = row;
    const all = centres.get(cellOf(row)) ?? [];
    if (status !== "ok" || all.length === 0) return [];
    // Less noise between seeds than the rows have, so that every kind of verdict occurs.
    const centre = all.reduce((sum, value) => sum + value, 0) / all.length;
    const mean = Math.exp(centre + CALM[metric] * noise("seed", dataset, algorithm, seed, innerSteps ?? "solved"));
    return Array.from({ length: EPISODES }, (_, e) => {
      const shared = noise("episode", dataset, e);
      const own = 0.05 * noise("own", dataset, algorithm, seed, e, innerSteps ?? "solved", sharingDepth ?? "-");
      return metric === "mse" ? mean * Math.exp(shared + own) : Math.min(1, Math.max(0, mean + 0.1 * (shared + own)));
    });
  });
  return judgeComparisons(cellsOf(rows, scores), {
    comparisons,
    families: COMPARISON_FAMILIES,
    dataSets: Object.fromEntries(datasets.map(({ name, metric }) => [name, {
      margin: metric === "mse" ? 1.25 : 3,
      limits: metric === "mse" ? Array<number>(EPISODES).fill(1e9) : null,
    }])),
    nativeOf: (dataset, algorithm) => ({
      adapter: "gradient",
      sharingDepth: datasets.find(({ name }) => name === dataset)?.nativeDepths[algorithm] ?? null,
      adaptDepth: (sharingDepth) => sharingDepth ?? 0,
    }),
    flagsOf: ({ algorithm, sharingDepth }) => algorithm === "maml" && sharingDepth === 0 ? ["undertrained"] : [],
    replicates: 400,
  });
}
