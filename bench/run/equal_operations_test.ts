import { deepStrictEqual as equal, ok } from "node:assert";
import { CATALOG } from "./catalog.ts";
import { equalOperations } from "./equal_operations.ts";
import { planSweep } from "../plan/plan.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "../sweeps/comparisons.ts";
import { SINUSOID } from "../sweeps/parts.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { TrainingResult, TrainSpec } from "../store/types.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { watchedTrainings } from "./watched_trainings.ts";

const SWEEP: Sweep = {
  format: 2,
  name: "equal",
  title: "Equal",
  algorithms: ["mtl", "maml", "scratch"],
  seeds: [0, 1, 2],
  rounds: null,
  datasets: [{ ...SINUSOID, shots: [5, 10], innerSteps: [1, 5], sharingDepths: [0, 2] }],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [],
};
const plan = planSweep(SWEEP, CATALOG, PLAIN_ADDRESSES);

/** MTL takes 10 GFLOP in 10 points; MAML takes 40 in 10 points. */
function rowsOf(score: (spec: TrainSpec, gflop: number) => number, catalog = CATALOG) {
  const trainings = new Map(plan.units.map(({ id, spec }): [string, TrainingResult] => [id, {
    ...{ status: "ok", reason: "", iterations: 100, curve: [], restarts: 0, flops: 1 },
    trend: { improvement: spec.algorithm === "mtl" ? 1 : 0, standardError: 0.01 },
    validation: Array.from({ length: 10 }, (_, i) => {
      const gflop = (spec.algorithm === "mtl" ? 1 : 4) * (i + 1);
      return { iteration: 10 * (i + 1), score: score(spec, gflop), flops: 1e9 * gflop };
    }),
  }]));
  return equalOperations(SWEEP, watchedTrainings(SWEEP, plan, trainings, catalog), catalog);
}

Deno.test("the dearer side is read where it has taken what the cheaper one takes in all, and both again as they ended", () => {
  // The logarithm of MAML's MSE falls by 0.1 a GFLOP, that of MTL by 0.2 and a little more from seed to seed.
  const rows = rowsOf(({ algorithm, seed }, gflop) =>
    Math.exp(algorithm === "mtl" ? -(0.2 + seed / 100) * gflop : -0.1 * gflop)
  );
  equal(
    rows.map((
      { budget, nSeeds, aAlgorithm, aSharingDepth, bAlgorithm, bSharingDepth, aGflop, bGflop },
    ) => [budget, nSeeds, aAlgorithm, aSharingDepth, bAlgorithm, bSharingDepth, aGflop, bGflop]),
    [
      ["equal-operations", 3, "mtl", 2, "maml", 0, 10, 10],
      ["end", 3, "mtl", 2, "maml", 0, 10, 40],
    ],
  );
  const [equalRow, end] = rows;
  const near = (value: number | null, expected: number) => ok(Math.abs((value ?? NaN) - expected) < 1e-9, `${value}`);
  // Between 8 and 12 GFLOP of MAML's curve, on the line in the logarithm.
  near(equalRow.bScore, Math.exp(-1));
  near(equalRow.diff, -2.1 + 1);
  near(end.diff, -2.1 + 4);
  // Differences -1.0, -1.1, -1.2: standard deviation 0.1, t = 4.302653 for 2 degrees of freedom.
  near(equalRow.lo95, -1.1 - 4.302652729749464 * 0.1 / Math.sqrt(3));
  near(equalRow.hi95, -1.1 + 4.302652729749464 * 0.1 / Math.sqrt(3));
  equal([equalRow.aUndertrained, end.aUndertrained, end.bUndertrained], [null, 3, 0]);
});

Deno.test("accuracies differ in percentage points", () => {
  const accurate = {
    ...CATALOG,
    dataSets: { ...CATALOG.dataSets, sinusoid: { ...CATALOG.dataSets.sinusoid, metric: "accuracy" as const } },
  };
  const [at, end] = rowsOf(({ algorithm }, gflop) => algorithm === "mtl" ? 0.05 * gflop : 0.02 * gflop, accurate);
  ok(Math.abs(at.diff - 30) < 1e-9 && Math.abs(end.diff + 30) < 1e-9);
});

Deno.test("where the dearer side's curve begins after the cheaper one has ended, nothing is said about equal operations", () => {
  const trainings = new Map(plan.units.map(({ id, spec }): [string, TrainingResult] => [id, {
    ...{ status: "ok", reason: "", iterations: 100, curve: [], restarts: 0, flops: 1, trend: null },
    validation: [{ iteration: 100, score: 0.5, flops: spec.algorithm === "mtl" ? 1e9 : 2e9 }],
  }]));
  equal(
    equalOperations(SWEEP, watchedTrainings(SWEEP, plan, trainings, CATALOG), CATALOG).map(({ budget }) => budget),
    ["end"],
  );
});
