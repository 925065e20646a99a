import { deepStrictEqual as equal, ok } from "node:assert";
import type { Place } from "../../reports/rows/place.ts";
import type { Verdict } from "../../reports/statistics/judge.ts";
import type { JudgedPair } from "../../reports/statistics/judge_comparisons.ts";
import {
  describeComparisons,
  describeCounts,
  describePlan,
  describePredictions,
  describeReasons,
  describeSaving,
  describeVerdicts,
} from "./describe.ts";
import { COMPARISON_FAMILIES } from "../sweeps/comparisons.ts";
import { Estimator, formatDuration } from "../plan/estimate.ts";
import { planSweep } from "../plan/plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { CellRow, PredictionRow } from "../../reports/rows/rows.ts";

const SWEEP = fakeSweep({ shots: [1, 5], innerSteps: [0, 1], sharingDepths: [1], adapters: ["gradient"] }, {
  algorithms: ["joint", "floor"],
  seeds: [0],
});
const PLAN = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES);

const row = (change: Partial<CellRow>): CellRow => ({
  dataset: "curves",
  norm: "none",
  trainingTasks: null,
  algorithm: "mtl",
  adapter: "gradient",
  shots: 5,
  innerSteps: 1,
  sharingDepth: 1,
  adaptDepth: 1,
  taskStart: null,
  seed: 0,
  adaptStrength: 0.01,
  metric: "mse",
  mean: 2,
  sd: 1,
  median: 1,
  meanLog: 0,
  nll: null,
  ece: null,
  episodes: 10,
  diverged: 0,
  trainGflop: 1,
  trainGradients: 1,
  adaptMflop: 1,
  status: "ok",
  reason: "",
  flags: "",
  trainingUnit: "u",
  ...{ trainedOn: "curves", testedOn: "curves", trainingClasses: null },
  ...change,
});

Deno.test("one prediction is not called predictions", () => {
  const failed = { outcome: "failed", statement: "Deeper is better." } as PredictionRow;
  equal(describePredictions([failed]), ["1 prediction: 1 failed", "  failed: Deeper is better."]);
  equal(describePredictions([failed, failed])[0], "2 predictions: 2 failed");
});

Deno.test("the saving counts trainings, not networks that learn nothing", () => {
  equal(
    describeSaving(PLAN, FAKES),
    "2 units (1 trainings) serve 8 cells; without sharing it would be 4 trainings",
  );
});

Deno.test("an estimate follows measured rates where there are any, and says so", () => {
  const rough = describePlan(PLAN, FAKES, new Estimator(FAKES), PLAN.units, 2).at(-1) ?? "";
  ok(rough.includes("rough: from counted operations"), rough);
  const spec = { ...PLAN.units[0].spec, seed: 7, hyper: { ...PLAN.units[0].spec.hyper, iterations: 50 } };
  const timing = { spec, trainS: 1, iterationsPerS: 10, validateS: 0, peakRssMib: 1, backend: "wasm" };
  const estimator = new Estimator(FAKES, [timing]);
  ok(Math.abs(estimator.unit(PLAN.units[0]).trainS - PLAN.units[0].spec.hyper.iterations / 10) < 1e-9);
  const measured = describePlan(PLAN, FAKES, estimator, PLAN.units, 2).at(-1) ?? "";
  ok(measured.includes("from rates measured in the store"), measured);
  ok(/Nothing to compute/.test(describePlan(PLAN, FAKES, estimator, [], 2).at(-1) ?? ""));
});

Deno.test("an algorithm that trains as another one has a row of its own, which says whose trainings serve it", () => {
  const { meta } = FAKES.algorithms;
  const twin = {
    ...meta,
    name: "twin",
    sameTrainingAs: (sharingDepth: number) => ({ algorithm: "meta", sharingDepth }),
  };
  const catalog = { ...FAKES, algorithms: { ...FAKES.algorithms, twin } };
  const plan = planSweep({ ...SWEEP, algorithms: ["meta", "twin"] }, catalog, PLAIN_ADDRESSES);
  const [, ...rows] = describePlan(plan, catalog, new Estimator(catalog), plan.units, 2);
  const cells = plan.cells.filter(({ algorithm }) => algorithm === "twin").length;
  ok(
    cells > 0 && rows.some((row) => new RegExp(`^curves +twin +0 +${cells} +0 +- +trained as meta$`).test(row)),
    rows[1],
  );
  const alone = planSweep({ ...SWEEP, algorithms: ["twin"] }, catalog, PLAIN_ADDRESSES);
  const lines = describePlan(alone, catalog, new Estimator(catalog), alone.units, 2).join("\n");
  ok(/^curves +meta +\d+ +0 .*\ncurves +twin +0 .* trained as meta\n/m.test(lines), lines);
});

Deno.test("durations read as people say them", () => {
  equal([0.2, 59.4, 60, 3599, 7500].map(formatDuration), ["0 s", "59 s", "1 min 0 s", "59 min 59 s", "2 h 5 min"]);
});

Deno.test("reasons are given once, with the number of their cells", () => {
  const rows = [
    row({}),
    row({ status: "failed", reason: "it threw" }),
    row({ status: "failed", reason: "it threw", seed: 1 }),
  ];
  equal(describeCounts(rows), "1 ok, 2 failed");
  equal(describeReasons(rows), ["  2 cells failed curves mtl: it threw"]);
});

Deno.test("verdicts are counted, and the first comparison of the answering family is spelt out, as a ratio or in points", () => {
  const place = (algorithm: string, adapter: string, sharingDepth: number | null): Place => ({
    norm: "none",
    trainingTasks: null,
    algorithm,
    adapter,
    shots: 5,
    innerSteps: adapter === "gradient" ? 5 : null,
    sharingDepth,
    adaptDepth: null,
    taskStart: null,
  });
  const judged = (family: "matched" | "native", other: string, verdict: Partial<Verdict>): JudgedPair => ({
    key: {
      dataset: "curves",
      metric: "mse",
      comparison: `mtl-${other}-${family}`,
      family,
      a: place("mtl", "ridge", 2),
      b: place(other, "gradient", 0),
    },
    verdict: {
      ...{
        nSeeds: 3,
        nEpisodes: 10,
        diff: Math.log(2),
        ratio: 2,
        lo: 0,
        hi: Math.log(4),
        diffMean: Math.log(3),
        loMean: Math.log(2),
        hiMean: Math.log(5),
        level: 0.99,
        alpha: 0.04,
        margin: 0.1,
      },
      ...{
        pTost: 1,
        pDifference: 0.05,
        pAdjusted: 1,
        unadjusted: null,
        sides: null,
        typical: "undecided",
        tail: "b-better",
        look: null,
        chance: null,
        effectSize: 1,
        verdict: "undecided",
        reason: "",
        needs: null,
        flags: [],
      },
      ...verdict,
    },
  });
  const lines = describeVerdicts([
    judged("matched", "maml", { verdict: "a-better" }),
    judged("native", "maml", {}),
    judged("native", "anil", {}),
  ], COMPARISON_FAMILIES);
  equal(lines, [
    "3 comparisons: 1 a-better, 2 undecided",
    "  curves, 5 shots  mtl (d = 2, ridge)  against maml (d = 0, 5 gradient steps)  MSE x 2 [1, 4], mean x 3 [2, 5]  undecided (undecided typically, maml better in the tail)",
  ]);
  const points = describeVerdicts(
    [judged("native", "maml", { ratio: null, diff: 1.5, lo: -1, hi: 4, diffMean: null, tail: null })],
    COMPARISON_FAMILIES,
  );
  ok(points[1].includes("+1.5 points [-1, 4]"), points[1]);
  equal(describeVerdicts([], COMPARISON_FAMILIES), []);
});

Deno.test("a plan says how many pairs its comparisons come to, which come to none and why, and which repeat earlier ones", () => {
  const sweep = fakeSweep({ innerSteps: [1], shots: [5], sharingDepths: [0, 2] }, {
    seeds: [0],
    comparisons: [
      { id: "joint-meta", question: "?", family: "matched", a: { algorithm: "joint" }, b: { algorithm: "meta" } },
      { id: "meta-joint", question: "?", family: "matched", a: { algorithm: "meta" }, b: { algorithm: "joint" } },
      {
        id: "few",
        question: "?",
        family: "native",
        a: { algorithm: "joint", innerSteps: 7 },
        b: { algorithm: "meta" },
      },
      { id: "far", question: "?", family: "native", a: { algorithm: "joint", shots: 9 }, b: { algorithm: "meta" } },
    ],
  });
  const plan = planSweep(sweep, FAKES, PLAIN_ADDRESSES);
  equal(describeComparisons(sweep, plan, FAKES), [
    "Comparisons: 4, of 4 pairs of cells (matched 4, native 0)",
    "No pair of cells for meta-joint: all its trainings are compared earlier in its family",
    "No pair of cells for few, far: no cell fits a",
  ]);
});
