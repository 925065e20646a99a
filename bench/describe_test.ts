import { deepStrictEqual as equal, ok } from "node:assert";
import { describeCounts, describeDifferences, describePlan, describeReasons, describeSaving } from "./describe.ts";
import { Estimator, formatDuration } from "./estimate.ts";
import { planSweep } from "./plan.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "./testing.ts";
import type { CellRow } from "./types.ts";

const SWEEP = fakeSweep({ shots: [1, 5], innerSteps: [0, 1], sharingDepths: [1], adaptations: ["gradient"] }, {
  algorithms: ["joint", "floor"],
  seeds: [0],
});
const PLAN = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES);

const row = (change: Partial<CellRow>): CellRow => ({
  dataset: "curves",
  algorithm: "mtl",
  adaptation: "gradient",
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
  episodes: 10,
  diverged: 0,
  trainGflop: 1,
  trainGradients: 1,
  adaptMflop: 1,
  status: "ok",
  reason: "",
  flags: "",
  trainingUnit: "u",
  ...change,
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

Deno.test("differences compare the same place, by the ratio of geometric means over seeds, or in points", () => {
  const rows = [
    row({ meanLog: Math.log(2) }),
    row({ meanLog: Math.log(8), seed: 1 }),
    row({ algorithm: "maml", meanLog: Math.log(2) }),
    row({ algorithm: "maml", meanLog: Math.log(2), seed: 1 }),
    row({ algorithm: "maml", meanLog: Math.log(99), innerSteps: 5 }),
  ];
  const [, line] = describeDifferences(rows);
  ok(/curves, 5 shots, d = 1, 1 steps +MTL 4 +MAML 2 +MSE x 2$/.test(line), line);
  const accuracy = { metric: "accuracy", meanLog: null } as const;
  const points = describeDifferences([
    row({ ...accuracy, mean: 0.5 }),
    row({ ...accuracy, algorithm: "maml", mean: 0.75 }),
  ]);
  ok(/MTL 50\.0 % +MAML 75\.0 % +-25\.0 points$/.test(points[1]), points[1]);
  equal(describeDifferences([row({})]), []);
});
