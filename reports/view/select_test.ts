import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { CellRow } from "../rows/rows.ts";
import { comparable, primaryRows, scorePoints } from "./select.ts";
import { synthetic } from "../testing/synthetic.ts";

const { cells } = synthetic({ algorithms: ["mtl", "maml"], depths: [1], steps: [5], shots: [1], seeds: 2 });
const template = cells.find(({ dataset }) => dataset === "omniglot") as CellRow;
const row = (changes: Partial<CellRow>): CellRow => ({ ...template, ...changes });

Deno.test("accuracy is compared in percent and MSE by its mean logarithm; a row that is not ok by nothing", () => {
  strictEqual(comparable(row({ mean: 0.5 })), 50);
  strictEqual(comparable(row({ metric: "mse", mean: 9, meanLog: -1 })), -1);
  strictEqual(comparable(row({ metric: "mse", mean: 9, meanLog: null })), null);
  strictEqual(comparable(row({ status: "diverged", mean: 0.5 })), null);
});

Deno.test("of a point's task starts and adaptation depths the first in the rows' order is shown, for every seed", () => {
  const rows = [
    row({ taskStart: "common", adaptDepth: 0, seed: 0 }),
    row({ taskStart: "mean", adaptDepth: 0, seed: 0 }),
    row({ taskStart: "mean", adaptDepth: 0, seed: 1 }),
    row({ taskStart: "common", adaptDepth: 0, seed: 1 }),
    row({ taskStart: "common", adaptDepth: 1, seed: 1 }),
  ];
  deepStrictEqual(primaryRows(rows, "omniglot"), [rows[0], rows[3]]);
});

Deno.test("points average over the seeds that have a score and count them", () => {
  const [point] = scorePoints([
    row({ seed: 0, mean: 0.4 }),
    row({ seed: 1, mean: null, status: "diverged" }),
    row({ seed: 2, mean: 0.6 }),
  ]);
  strictEqual(point.interval.n, 2);
  strictEqual(point.interval.mean, 50);
  deepStrictEqual(scorePoints([row({ mean: null, status: "failed" })]), []);
});
