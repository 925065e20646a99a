import { adapters } from "../../algorithms/adapters/registry.ts";
import { deepStrictEqual as equal, ok } from "node:assert";
import { COMPARISON_FAMILIES, COMPARISONS } from "../../bench/sweeps/comparisons.ts";
import { nativeUse } from "../../bench/plan/native_use.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Comparison } from "../claims/comparison.ts";
import type { Selection } from "../claims/selection.ts";
import type { Place } from "../rows/place.ts";
import type { CellRow } from "../rows/rows.ts";
import { cellsOf, type NativeUses } from "./cells.ts";
import { type ComparedPair, type ComparedRun, judgeComparisons, pairsToJudge } from "./judge_comparisons.ts";
import { pairAll, select } from "./pairing.ts";

/** L */
const LAYERS = 3;
const table: Readonly<Record<string, Algorithm>> = algorithms;
const nativeOf: NativeUses = (_, algorithm) => nativeUse(table[algorithm], LAYERS, "regression", adapters);
const RUN: ComparedRun = {
  comparisons: COMPARISONS,
  families: COMPARISON_FAMILIES,
  dataSets: { curves: { margin: 1.1, limits: [10, 10] } },
  nativeOf,
};

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
    ...{
      adaptDepth: change.sharingDepth ?? (change.adapter === "ridge" ? null : 0),
      taskStart: null,
      seed: 0,
    },
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

/** Rows of three seeds of a cell. */
const seeds = (change: Partial<CellRow>) => [0, 1, 2].map((seed) => row({ ...change, seed }));
const scored = (rows: readonly CellRow[]) => rows.map(({ seed }) => [1 + seed, 2]);
const paired = (rows: readonly CellRow[], run: Partial<ComparedRun> = {}) =>
  pairsToJudge(cellsOf(rows, scored(rows)), { ...RUN, ...run });

/** A comparison of two selections. */
const comparing = (a: Selection, b: Selection, id = "one"): Comparison => ({
  ...{ id, question: "?", family: "native" },
  ...{ a, b },
});

/** `matched mtl/gradient/1/d0 maml/gradient/1/d0` */
function label({ key: { family, a, b } }: ComparedPair): string {
  const side = ({ algorithm, adapter, innerSteps, sharingDepth }: Place) =>
    `${algorithm}/${adapter}/${innerSteps}/d${sharingDepth}`;
  return `${family} ${side(a)} ${side(b)}`;
}

Deno.test("native use comes from what the algorithms declare", () => {
  const uses = ["mtl", "maml", "anil", "boil"].map((name) => {
    const { adapter, sharingDepth, adaptDepth } = nativeUse(table[name], LAYERS, "regression", adapters);
    return [adapter, sharingDepth, adaptDepth(sharingDepth)];
  });
  equal(uses, [["ridge", 2, 2], ["gradient", 0, 0], ["gradient", 2, 2], ["gradient", null, null]]);
});

Deno.test("what the built-in comparisons leave open is equal on both sides; what they do not name meets nobody", () => {
  const rows = [
    ...[0, 2].flatMap((sharingDepth) =>
      ["mtl", "maml"].flatMap((algorithm) =>
        [1, 5].flatMap((innerSteps) => seeds({ algorithm, sharingDepth, adaptDepth: sharingDepth, innerSteps }))
      )
    ),
    ...seeds({ algorithm: "anil", sharingDepth: 2, innerSteps: 5 }),
    ...seeds({ algorithm: "pooled" }),
  ];
  equal(paired(rows).map(label), [
    "matched mtl/gradient/1/d0 maml/gradient/1/d0",
    "matched mtl/gradient/5/d0 maml/gradient/5/d0",
    "matched mtl/gradient/1/d2 maml/gradient/1/d2",
    "matched mtl/gradient/5/d2 maml/gradient/5/d2",
  ]);
  equal(paired([...seeds({}), ...seeds({ algorithm: "maml", shots: 10 })]), []);
  equal(paired([...seeds({}), ...seeds({ algorithm: "maml" })], { dataSets: {} }), []);
});

Deno.test("each meets the other at its native use, on the most inner steps", () => {
  const rows = [
    ...seeds({ adapter: "ridge", innerSteps: null, sharingDepth: 2, adaptDepth: null }),
    ...[0, 2].flatMap((sharingDepth) =>
      [1, 5].flatMap((innerSteps) => seeds({ algorithm: "maml", sharingDepth, innerSteps }))
    ),
    ...seeds({ algorithm: "maml", adapter: "ridge", innerSteps: null, sharingDepth: 2, adaptDepth: null }),
  ];
  equal(paired(rows).map(label), [
    "primary mtl/ridge/null/d2 maml/gradient/5/d0",
    "matched mtl/ridge/null/d2 maml/ridge/null/d2",
  ]);
});

Deno.test("an algorithm off the axis meets multi-task learning at the latter's native depth only", () => {
  const rows = [
    ...[0, 2].flatMap((sharingDepth) => seeds({ sharingDepth })),
    ...seeds({ algorithm: "boil", sharingDepth: null, adaptDepth: null }),
  ];
  equal(paired(rows).map(label), ["matched mtl/gradient/1/d2 boil/gradient/1/dnull"]);
});

Deno.test("layers frozen at test time must match too, and each start of task-specific layers is a comparison of its own", () => {
  const rows = [
    ...(["mean", "random"] as const).flatMap((taskStart) => seeds({ taskStart })),
    ...seeds({ taskStart: "mean", adaptDepth: 1 }),
    ...seeds({ algorithm: "maml" }),
  ];
  equal(paired(rows).map(({ key }) => [key.a.taskStart, key.a.adaptDepth]), [["mean", 0], ["random", 0]]);
});

Deno.test("ANIL meets MAML, shots meet shots and depths meet depths by four lines of data, with a verdict each", () => {
  const rows = [
    ...seeds({ algorithm: "anil", sharingDepth: 2 }),
    ...[0, 2].flatMap((sharingDepth) => [5, 10].flatMap((shots) => seeds({ algorithm: "maml", sharingDepth, shots }))),
  ];
  const native = { adapter: "native", sharingDepth: "native", innerSteps: "most" } as const;
  const comparisons = [
    comparing({ algorithm: "anil", ...native }, { algorithm: "maml", ...native }, "anil-maml"),
    comparing({ shots: 5 }, { shots: 10 }, "shots"),
    comparing({ algorithm: "maml", sharingDepth: 0 }, { sharingDepth: 2 }, "depths"),
  ];
  const judged = judgeComparisons(cellsOf(rows, scored(rows)), { ...RUN, comparisons });
  const place = ({ algorithm, shots, sharingDepth }: Place) => `${algorithm} K=${shots} d=${sharingDepth}`;
  equal(judged.map(({ key: { comparison, a, b } }) => [comparison, place(a), place(b)].join(", ")), [
    "anil-maml, anil K=5 d=2, maml K=5 d=0",
    "shots, maml K=5 d=0, maml K=10 d=0",
    "shots, maml K=5 d=2, maml K=10 d=2",
    "depths, maml K=5 d=0, maml K=5 d=2",
    "depths, maml K=10 d=0, maml K=10 d=2",
  ]);
  ok(judged.every(({ verdict }) => verdict.verdict === "equivalent" && verdict.flags.includes("identical")));
});

Deno.test("a data set on one side is that of both, and no two data sets meet", () => {
  const rows = ["curves", "waves"].flatMap((dataset) =>
    ["maml", "anil"].flatMap((algorithm) => seeds({ dataset, algorithm }))
  );
  const dataSets = { curves: RUN.dataSets.curves, waves: RUN.dataSets.curves };
  const of = (dataset?: string) =>
    paired(rows, { dataSets, comparisons: [comparing({ algorithm: "maml" }, { algorithm: "anil", dataset })] });
  equal(of().map(({ key }) => key.dataset), ["curves", "waves"]);
  equal(of("waves").map(({ key }) => key.dataset), ["waves"]);
});

Deno.test("without another side, what is left open is anything; of open task starts and adapt depths the first is taken", () => {
  const rows = [
    ...(["common", "mean"] as const).flatMap((taskStart) =>
      [0, 2].flatMap((adaptDepth) => seeds({ taskStart, adaptDepth }))
    ),
    ...seeds({ innerSteps: 5, taskStart: "common" }),
  ];
  const found = (side: Selection) =>
    select(cellsOf(rows, scored(rows)), side, nativeOf).map(({ place }) =>
      [place.innerSteps, place.taskStart, place.adaptDepth].join()
    );
  equal(found({}), ["1,common,0", "5,common,0"]);
  equal(found({ taskStart: "mean" }), ["1,mean,0"]);
  equal(found({ taskStart: "any", adaptDepth: 2 }), ["1,common,2", "1,mean,2"]);
  equal(found({ innerSteps: "most" }), ["5,common,0"]);
  equal(found({ innerSteps: null }), []);
});

Deno.test("cells that are the same trainings adapted alike are one cell: it does not meet itself, and its pairs count once in a family", () => {
  const trained = (change: Partial<CellRow>, unit: string) =>
    seeds({ sharingDepth: 2, ...change }).map((one) => ({ ...one, trainingUnit: `${unit}${one.seed}` }));
  const rows = [
    ...trained({ algorithm: "mtl" }, "m"),
    ...trained({ algorithm: "maml" }, "x"),
    ...trained({ algorithm: "anil" }, "x"),
    ...trained({ algorithm: "maml", innerSteps: 5 }, "x"),
  ];
  const cells = cellsOf(rows, scored(rows));
  const against = (a: string, b: string) => comparing({ algorithm: a }, { algorithm: b }, `${a}-${b}`);
  const found = pairAll(cells, [
    against("mtl", "maml"),
    against("mtl", "anil"),
    against("maml", "mtl"),
    { ...against("mtl", "anil"), family: "matched" },
    against("anil", "maml"),
    comparing({ algorithm: "anil", innerSteps: 1 }, { algorithm: "maml", innerSteps: 5 }, "steps"),
    against("mtl", "boil"),
  ], nativeOf);
  equal(
    found.map((
      { comparison: { id, family }, pairs, repeated, reason },
    ) => [id, family, pairs.length, repeated, reason]),
    [
      ["mtl-maml", "native", 1, 0, ""],
      ["mtl-anil", "native", 0, 1, "all its trainings are compared earlier in its family"],
      ["maml-mtl", "native", 0, 1, "all its trainings are compared earlier in its family"],
      ["mtl-anil", "matched", 1, 0, ""],
      [
        "anil-maml",
        "native",
        0,
        0,
        "no cell of a agrees with another one of b in data set, norm, adapter, shots, inner steps, sharing depth, training tasks",
      ],
      ["steps", "native", 1, 0, ""],
      ["mtl-boil", "native", 0, 0, "no cell fits b"],
    ],
  );
});

Deno.test("each family is corrected for itself", () => {
  const rows = [...seeds({}), ...seeds({ algorithm: "maml" }), ...seeds({ algorithm: "anil" })].map((one, i) => ({
    ...one,
    trainingUnit: String(i),
  }));
  const scores = rows.map(({ algorithm, seed }) => algorithm === "mtl" ? [1, 1.02] : [1.03 + 0.01 * seed, 1.05]);
  const pAdjusted = (families: readonly string[]) => {
    const comparisons = families.map((family, i) => ({
      ...comparing({ algorithm: "mtl" }, { algorithm: ["maml", "anil"][i] }, `${i}`),
      family,
    }));
    const [{ verdict }] = judgeComparisons(cellsOf(rows, scores), { ...RUN, comparisons });
    return [verdict.pTost, verdict.pAdjusted];
  };
  const [alone, apart, together] = [["native"], ["native", "matched"], ["native", "native"]].map(pAdjusted);
  equal(apart, alone);
  equal(together[0], alone[0]);
  ok((together[1] ?? 0) > (alone[1] ?? 1), `${together} and ${alone}`);
});

Deno.test("a family passes half of what its winners had on to the one it is the gate of, all of it where it judges nothing, and nothing else", () => {
  const rows = [...seeds({}), ...seeds({ algorithm: "maml" }), ...seeds({ algorithm: "anil" })].map((one, i) => ({
    ...one,
    trainingUnit: String(i),
  }));
  const families = [
    { ...COMPARISON_FAMILIES[0], name: "first", alpha: 0.04 },
    { ...COMPARISON_FAMILIES[1], name: "second", alpha: 0.01, gate: "first" },
  ];
  const alphas = (maml: number, other = "maml") => {
    const scores = rows.map(({ algorithm, seed }) =>
      algorithm === "maml" ? [maml * (1 + 0.01 * seed), maml * 1.01] : [1 + 0.01 * seed, 1]
    );
    const comparisons = [
      { ...comparing({ algorithm: "mtl" }, { algorithm: other }, "one"), family: "first" },
      { ...comparing({ algorithm: "mtl" }, { algorithm: "anil" }, "two"), family: "second" },
    ];
    const judged = judgeComparisons(cellsOf(rows, scores), { ...RUN, comparisons, families });
    return judged.map(({ key, verdict }) => [key.family, verdict.verdict, Number(verdict.alpha.toFixed(10))]);
  };
  equal(alphas(3), [["first", "a-better", 0.04], ["second", "equivalent", 0.03]]);
  equal(alphas(1), [["first", "equivalent", 0.04], ["second", "equivalent", 0.01]]);
  equal(alphas(1, "boil"), [["second", "equivalent", 0.05]]);
});
