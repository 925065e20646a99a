import { deepStrictEqual as equal, ok } from "node:assert";
import type { CellRow } from "../rows/rows.ts";
import { cellsOf } from "./cells.ts";
import { judge } from "./judge.ts";
import { type FlagsOf, pairScores } from "./pair_scores.ts";

function row(change: Partial<CellRow>): CellRow {
  return {
    ...{
      dataset: "curves",
      norm: "none",
      trainingTasks: null,
      algorithm: "mtl",
      adapter: "gradient",
      shots: 5,
      innerSteps: 1,
      sharingDepth: 0,
    },
    ...{ adaptDepth: 0, taskStart: null, seed: 0 },
    ...{
      adaptStrength: 0.01,
      metric: "mse",
      mean: 1,
      sd: 1,
      median: 1,
      meanLog: 0,
      nll: null,
      ece: null,
      episodes: 2,
      diverged: 0,
    },
    ...{ trainGflop: 1, trainGradients: 1, adaptMflop: 1, status: "ok", reason: "", flags: "", trainingUnit: "" },
    ...{ trainedOn: "", testedOn: "", trainingClasses: null },
    ...change,
  };
}

const seeds = (change: Partial<CellRow>) => [0, 1, 2].map((seed) => row({ ...change, seed }));

/** The pair of the two cells among the rows, mtl's first. */
function paired(rows: readonly CellRow[], scoresOf: (row: CellRow) => readonly number[], flagsOf?: FlagsOf) {
  const cells = cellsOf(rows, rows.map(scoresOf));
  const [a, b] = cells.toSorted((one) => one.place.algorithm === "mtl" ? -1 : 1);
  return pairScores(a, b, { margin: 1.1, limits: [10, 10] }, flagsOf);
}

Deno.test("seeds are paired by name, whatever the order of the rows, and those without a partner are counted", () => {
  const rows = [
    ...[0, 1, 2].map((seed) => row({ algorithm: "maml", seed })),
    ...[2, 0, 3].map((seed) => row({ seed })),
  ];
  const pair = paired(rows, ({ algorithm, seed }) => [seed, algorithm === "mtl" ? 1 : 2]);
  equal([pair.a, pair.b, pair.flags], [[[0, 1], [2, 1]], [[0, 2], [2, 2]], ["missing-seeds: 2 of 4"]]);
  equal(judge(pair).reason, "2 seeds have scores of both; a verdict needs 3");
});

Deno.test("a failed seed is missing; a training that diverged counts as diverged in every episode", () => {
  const rows = [...seeds({}), ...seeds({ algorithm: "maml" })];
  rows[1] = { ...rows[1], status: "failed" };
  rows[5] = { ...rows[5], status: "diverged" };
  const pair = paired(rows, ({ status }) => status === "ok" ? [1, 2] : []);
  equal([pair.a, pair.b], [[[1, 2], [1, 2]], [[1, 2], [null, null]]]);
  equal(pair.flags, ["missing-seeds: 1 of 3", "diverged-training: maml 1 of 2 seeds"]);
});

Deno.test("a cell whose every seed failed has no verdict; a skipped one is no cell", () => {
  const failed = [...seeds({}), ...seeds({ algorithm: "maml", status: "failed" })];
  const { verdict, nSeeds, flags } = judge(paired(failed, ({ status }) => status === "ok" ? [1, 2] : []));
  equal([verdict, nSeeds, flags], ["none", 0, ["missing-seeds: 3 of 3"]]);
  equal(cellsOf(seeds({ status: "skipped" }), [[], [], []]), []);
});

Deno.test("flags of rows follow them into the pair, with the side and how many seeds; sides of one algorithm go by their letters", () => {
  const flagsOf: FlagsOf = ({ innerSteps, seed }) => innerSteps === 1 && seed > 0 ? ["undertrained"] : [];
  const pair = paired([...seeds({}), ...seeds({ algorithm: "maml", innerSteps: 5 })], () => [1, 2], flagsOf);
  equal(pair.flags, ["undertrained: mtl 2 of 3 seeds"]);
  ok(judge(pair).flags.includes("undertrained: mtl 2 of 3 seeds"));
  const [a, b] = cellsOf([...seeds({ innerSteps: 5 }), ...seeds({})], Array(6).fill([1, 2]));
  equal(pairScores(a, b, { margin: 1.1, limits: [10, 10] }, flagsOf).flags, ["undertrained: b 2 of 3 seeds"]);
});
