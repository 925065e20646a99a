import { deepStrictEqual as equal, ok } from "node:assert";
import { algorithms } from "../../algorithms/registry.ts";
import type { CellRow } from "../rows/rows.ts";
import { nativesOf, type Pair, type PairOptions, pairsToJudge, type Role } from "./pairs.ts";
import { judgeFamily } from "./judge.ts";

const ROLES: Record<string, Role> = { mtl: "multi-task", maml: "meta", anil: "meta", boil: "meta", pooled: "control" };
/** L */
const LAYERS = 3;
const OPTIONS: PairOptions = {
  roles: ROLES,
  dataSets: {
    curves: { margin: 1.1, limits: [10, 10], natives: nativesOf(Object.values(algorithms), ROLES, LAYERS) },
  },
};

function row(change: Partial<CellRow>): CellRow {
  return {
    ...{ dataset: "curves", algorithm: "mtl", adapter: "gradient", shots: 5, innerSteps: 1, sharingDepth: 0 },
    ...{
      adaptDepth: change.sharingDepth ?? (change.adapter === "solved-head" ? null : 0),
      taskStart: null,
      seed: 0,
    },
    ...{ adaptStrength: 0.01, metric: "mse", mean: 1, sd: 1, median: 1, meanLog: 0, episodes: 2, diverged: 0 },
    ...{ trainGflop: 1, trainGradients: 1, adaptMflop: 1, status: "ok", reason: "", flags: "", trainingUnit: "" },
    ...change,
  };
}

/** Rows of three seeds of a cell. */
const seeds = (change: Partial<CellRow>) => [0, 1, 2].map((seed) => row({ ...change, seed }));
const scored = (rows: readonly CellRow[]) => rows.map(({ seed }) => [1 + seed, 2]);
const judged = (rows: readonly CellRow[], options = OPTIONS) => pairsToJudge(rows, scored(rows), options);

/** `matched mtl/gradient/1/d0 maml/gradient/1/d0` */
function label({ key: { comparison, mtl, meta } }: Pair): string {
  const side = ({ algorithm, adapter, innerSteps, sharingDepth }: typeof mtl) =>
    `${algorithm}/${adapter}/${innerSteps}/d${sharingDepth}`;
  return `${comparison} ${side(mtl)} ${side(meta)}`;
}

Deno.test("native use comes from what the algorithms declare", () => {
  const { mtl, maml, anil, boil } = nativesOf(Object.values(algorithms), ROLES, LAYERS);
  equal([mtl, maml, anil, boil], [
    { adapter: "solved-head", sharingDepth: 2 },
    { adapter: "gradient", sharingDepth: 0 },
    { adapter: "gradient", sharingDepth: 2 },
    { adapter: "gradient", sharingDepth: null },
  ]);
});

Deno.test("cells meet at equal shots, adapter, inner steps and depth; controls meet nobody", () => {
  const rows = [
    ...[0, 2].flatMap((sharingDepth) =>
      ["mtl", "maml"].flatMap((algorithm) =>
        [1, 5].flatMap((innerSteps) => seeds({ algorithm, sharingDepth, adaptDepth: sharingDepth, innerSteps }))
      )
    ),
    ...seeds({ algorithm: "anil", sharingDepth: 2, innerSteps: 5 }),
    ...seeds({ algorithm: "pooled" }),
  ];
  equal(judged(rows).map(label), [
    "matched mtl/gradient/1/d0 maml/gradient/1/d0",
    "matched mtl/gradient/5/d0 maml/gradient/5/d0",
    "matched mtl/gradient/1/d2 maml/gradient/1/d2",
    "matched mtl/gradient/5/d2 maml/gradient/5/d2",
    "matched mtl/gradient/5/d2 anil/gradient/5/d2",
  ]);
  equal(judged([...seeds({}), ...seeds({ algorithm: "maml", shots: 10 })]), []);
  equal(judged([...seeds({}), ...seeds({ algorithm: "maml" })], { ...OPTIONS, dataSets: {} }), []);
});

Deno.test("each meets the other at its native use, on the most inner steps", () => {
  const rows = [
    ...seeds({ adapter: "solved-head", innerSteps: null, sharingDepth: 2, adaptDepth: null }),
    ...[0, 2].flatMap((sharingDepth) =>
      [1, 5].flatMap((innerSteps) => seeds({ algorithm: "maml", sharingDepth, innerSteps }))
    ),
    ...seeds({ algorithm: "maml", adapter: "solved-head", innerSteps: null, sharingDepth: 2, adaptDepth: null }),
  ];
  equal(judged(rows).map(label), [
    "native mtl/solved-head/null/d2 maml/gradient/5/d0",
    "matched mtl/solved-head/null/d2 maml/solved-head/null/d2",
  ]);
});

Deno.test("a meta-learner off the axis meets MTL at its native depth only", () => {
  const rows = [
    ...[0, 2].flatMap((sharingDepth) => seeds({ sharingDepth })),
    ...seeds({ algorithm: "boil", sharingDepth: null, adaptDepth: null }),
  ];
  equal(judged(rows).map(label), ["matched mtl/gradient/1/d2 boil/gradient/1/dnull"]);
});

Deno.test("layers frozen at test time must match too, and each start of task-specific layers is a comparison of its own", () => {
  const rows = [
    ...(["mean", "random"] as const).flatMap((taskStart) => seeds({ taskStart })),
    ...seeds({ taskStart: "mean", adaptDepth: 1 }),
    ...seeds({ algorithm: "maml" }),
  ];
  equal(judged(rows).map(({ key }) => [key.mtl.taskStart, key.mtl.adaptDepth]), [["mean", 0], ["random", 0]]);
});

Deno.test("seeds are paired by name, whatever the order of the rows, and those without a partner are counted", () => {
  const mtl = [2, 0, 3].map((seed) => row({ seed }));
  const meta = [0, 1, 2].map((seed) => row({ algorithm: "maml", seed }));
  const rows = [...meta, ...mtl];
  const [pair] = pairsToJudge(rows, rows.map(({ algorithm, seed }) => [seed, algorithm === "mtl" ? 1 : 2]), OPTIONS);
  equal([pair.mtl, pair.meta, pair.flags], [[[0, 1], [2, 1]], [[0, 2], [2, 2]], ["missing-seeds: 2 of 4"]]);
  equal(judgeFamily([pair])[0].reason, "2 seeds have scores of both; a verdict needs 3");
});

Deno.test("a failed seed is missing; a training that diverged counts as diverged in every episode", () => {
  const rows = [...seeds({}), ...seeds({ algorithm: "maml" })];
  rows[1] = { ...rows[1], status: "failed" };
  rows[5] = { ...rows[5], status: "diverged" };
  const [pair] = pairsToJudge(rows, rows.map(({ status }) => status === "ok" ? [1, 2] : []), OPTIONS);
  equal([pair.mtl, pair.meta], [[[1, 2], [1, 2]], [[1, 2], [null, null]]]);
  equal(pair.flags, ["missing-seeds: 1 of 3", "diverged-training: maml 1 of 2 seeds"]);
});

Deno.test("a cell whose every seed failed has no verdict; a skipped one has no comparison", () => {
  const failed = [...seeds({}), ...seeds({ algorithm: "maml", status: "failed" })];
  const [pair] = pairsToJudge(failed, failed.map(({ status }) => status === "ok" ? [1, 2] : []), OPTIONS);
  const { verdict, nSeeds, flags } = judgeFamily([pair])[0];
  equal([verdict, nSeeds, flags], ["none", 0, ["missing-seeds: 3 of 3"]]);
  equal(judged([...seeds({}), ...seeds({ algorithm: "maml", status: "skipped" })]), []);
});

Deno.test("flags of rows follow them into the pair, with the side and how many seeds", () => {
  const flagsOf = ({ algorithm, seed }: CellRow) => algorithm === "mtl" && seed > 0 ? ["undertrained"] : [];
  const [pair] = judged([...seeds({}), ...seeds({ algorithm: "maml" })], { ...OPTIONS, flagsOf });
  equal(pair.flags, ["undertrained: mtl 2 of 3 seeds"]);
  ok(judgeFamily([pair])[0].flags.includes("undertrained: mtl 2 of 3 seeds"));
});
