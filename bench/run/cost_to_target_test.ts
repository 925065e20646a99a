import { deepStrictEqual as equal, ok } from "node:assert";
import { costToTarget } from "./cost_to_target.ts";
import { comparableUnits, watchedTrainings } from "./watched_trainings.ts";
import { type Plan, planSweep } from "../plan/plan.ts";
import { CATALOG } from "./catalog.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "../sweeps/comparisons.ts";
import { SINUSOID } from "../sweeps/parts.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planTuning, withTrials } from "../plan/tuning.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { TrainingResult, TrainSpec } from "../store/types.ts";

const SWEEP: Sweep = {
  format: 2,
  name: "reach",
  title: "Reach",
  algorithms: ["mtl", "maml", "scratch"],
  seeds: [0, 1, 2],
  rounds: null,
  datasets: [{
    ...SINUSOID,
    shots: [5, 10],
    innerSteps: [1, 5],
    sharingDepths: [0, 2],
    tuning: { outerLrs: [1e-3, 2e-3], innerLrs: [0.01], iterations: null, seed: 0 },
  }],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [],
};
const plan = planSweep(SWEEP, CATALOG, PLAIN_ADDRESSES);

/** Every training with ten points of a curve of its own: 1e9 operations a point, times `dearness`. */
function trained(score: (spec: TrainSpec, point: number) => number, dearness: (spec: TrainSpec) => number) {
  return new Map(plan.units.map(({ id, spec }): [string, TrainingResult] => [id, {
    ...{ status: "ok", reason: "", iterations: 100, curve: [], restarts: 0, flops: 1, trend: null },
    validation: Array.from({ length: 10 }, (_, i) => ({
      iteration: 10 * (i + 1),
      score: score(spec, i + 1),
      flops: 1e9 * (i + 1) * dearness(spec),
    })),
  }]));
}

const rowsOf = (score: (spec: TrainSpec, point: number) => number, dearness = (_: TrainSpec) => 1) =>
  costToTarget(SWEEP, watchedTrainings(SWEEP, plan, trained(score, dearness), CATALOG), CATALOG);

Deno.test("only trainings watched on the same validation episodes are compared: at the same shots, for the most inner steps, no trials", () => {
  const trials = planTuning(SWEEP, CATALOG, PLAIN_ADDRESSES);
  const full: Plan = withTrials(plan, trials);
  const units = comparableUnits(full, SWEEP);
  ok(full.units.length > plan.units.length, "there are trials to leave out");
  equal(
    units.map(({ spec: { algorithm, sharingDepth, shots, innerSteps, seed } }) =>
      [algorithm, sharingDepth, shots, innerSteps, seed].join()
    ).sort(),
    [0, 1, 2].flatMap((seed) => [
      ...[0, 2].map((depth) => `mtl,${depth},,,${seed}`),
      ...[0, 2].map((depth) => `maml,${depth},10,5,${seed}`),
    ]).sort(),
  );
});

Deno.test("the cost to reach the other side's final score is counted seed by seed, in both directions", () => {
  // MTL goes from 1 to 0.1 and is there at once; MAML ends at 0.2, at four times the operations a point.
  const rows = rowsOf(
    ({ algorithm }, point) => algorithm === "mtl" ? 1 / point : 2 / point,
    ({ algorithm, seed }) => algorithm === "mtl" ? 1 : 4 + seed,
  );
  const final = rows.filter(({ goal }) => goal === "final").map((row) => ({
    who: `${row.algorithm} to ${row.goalOf}`,
    reached: `${row.nReached} of ${row.nSeeds}`,
    median: row.gflopMedian,
    most: row.gflopMost,
    ratio: row.ratioMedian === null ? null : Number(row.ratioMedian.toFixed(4)),
  }));
  equal(final, [
    { who: "mtl to maml", reached: "3 of 3", median: 5, most: 5, ratio: 0.1 },
    { who: "maml to maml", reached: "3 of 3", median: 50, most: 60, ratio: null },
    { who: "maml to mtl", reached: "0 of 3", median: null, most: null, ratio: null },
  ]);
  const [first] = rows;
  ok(Math.abs(first.score - 0.2) < 1e-12);
  // Five points of ten iterations, one gradient for each task.
  equal(first.gradientsMedian, 5 * 10 * SINUSOID.hyper.metaBatch);
  equal([first.ratioLeast, first.ratioMost].map((ratio) => ratio?.toFixed(4)), ["0.0833", "0.1250"]);
});

Deno.test("a seed that does not get there is later than all that do: the median stays known, the most does not", () => {
  const rows = rowsOf(({ algorithm, seed }, point) => algorithm === "mtl" && seed === 1 ? 3 : 2 / point);
  const { nReached, gflopMedian, gflopLeast, gflopMost, ratioMost } = rows[0];
  equal({ nReached, gflopMedian, gflopLeast, gflopMost, ratioMost }, {
    ...{ nReached: 2, gflopMedian: 10, gflopLeast: 10, gflopMost: null, ratioMost: null },
  });
});

Deno.test("a ladder has the hardest round scores that some training reaches, and every algorithm and depth on every rung", () => {
  const ladder = rowsOf(({ sharingDepth }, point) => (sharingDepth === 0 ? 3 : 1) / point)
    .filter(({ goal }) => goal === "ladder");
  equal([...new Set(ladder.map(({ score }) => score))], [1, 0.5, 0.2, 0.1]);
  const rung = ladder.filter(({ score }) => score === 0.5);
  equal(rung.map(({ algorithm, sharingDepth, gflopMedian }) => [algorithm, sharingDepth, gflopMedian]), [
    ["mtl", 0, 6],
    ["mtl", 2, 2],
    ["maml", 0, 6],
    ["maml", 2, 2],
  ]);
  equal(rowsOf(() => 1).filter(({ goal }) => goal === "ladder"), []);
});

Deno.test("accuracies are reached from below", () => {
  const accurate = {
    ...CATALOG,
    dataSets: { ...CATALOG.dataSets, sinusoid: { ...CATALOG.dataSets.sinusoid, metric: "accuracy" as const } },
  };
  const rows = costToTarget(
    SWEEP,
    watchedTrainings(
      SWEEP,
      plan,
      trained(({ algorithm }, point) => (algorithm === "mtl" ? 0.05 : 0.09) * point, () => 1),
      accurate,
    ),
    accurate,
  );
  equal(rows.filter(({ goal }) => goal === "final").map(({ gflopMedian, nReached }) => [gflopMedian, nReached]), [
    [null, 0],
    [10, 3],
    [6, 3],
  ]);
});
