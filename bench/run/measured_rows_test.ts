import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { givesProbabilities, LIKELIHOODS } from "../../algorithms/adapters/likelihoods.ts";
import type { CellRow, GroupRow } from "../../reports/rows/rows.ts";
import { planSweep } from "../plan/plan.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import { calibrationOf, calibrationRows, condensed, type Groupings, groupRows } from "./measured_rows.ts";

const SWEEP = fakeSweep({ shots: [1], innerSteps: [2], adapters: ["gradient"], sharingDepths: [1] }, {
  algorithms: ["joint"],
  seeds: [0],
});
const plan = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES);
const [cell] = plan.cells;

const curve = (scores: (number | null)[]) => [{ innerSteps: cell.innerSteps, strength: null, scores, adaptFlops: 1 }];
const found = (
  { curve, measures }: Pick<MeasuredEvaluation, "measures" | "curve">,
  groupings: Groupings = new Map(),
) => ({
  plan: { ...plan, cells: [cell] },
  evaluations: new Map([[cell.evaluation, {
    curve,
    measures: condensed(measures, groupings.get(cell.dataset)),
  }]]),
});
const MEASURES = {
  ...{ innerSteps: cell.innerSteps, nll: 12, queries: [10, 20, 0, 10], right: [5, 20, 0, 1] },
  bins: [[0, 0, 0], [30, 15, 20], [10, 8, 6]] as [number, number, number][],
};

Deno.test("adapters whose outputs are logits have a calibration, and those without probabilities have none", () => {
  for (const name of Object.keys(LIKELIHOODS) as (keyof typeof adapters)[]) {
    ok((adapters[name] as Adapter).supports.includes("classification"), name);
  }
  equal(["gradient", "prototypes", "ridge-classifier", "cosine-prototypes", "no-such"].map(givesProbabilities), [
    ...[true, true, false, false, false],
  ]);
  equal(calibrationOf({ adapter: "gradient" }, MEASURES), { nll: 12 / 40, ece: (5 + 2) / 40 });
  equal(calibrationOf({ adapter: "ridge-classifier" }, MEASURES), { nll: null, ece: null });
  equal(calibrationOf({ adapter: "gradient" }, undefined), { nll: null, ece: null });
});

Deno.test("the bins of calibration.csv give the error of cells.csv again", () => {
  const rows = calibrationRows(found({ curve: curve([0.65]), measures: [MEASURES] }));
  equal(rows.map(({ bin, queries, confidence, accuracy }) => [bin, queries, confidence, accuracy]), [
    [2, 30, 0.5, 20 / 30],
    [3, 10, 0.8, 0.6],
  ]);
  const total = rows.reduce((sum, { queries }) => sum + queries, 0);
  const again = rows.reduce((sum, row) => sum + row.queries * Math.abs(row.accuracy - row.confidence), 0) / total;
  const { ece } = calibrationOf({ adapter: "gradient" }, MEASURES) as Pick<CellRow, "ece">;
  ok(Math.abs(again - (ece ?? NaN)) < 1e-12);
});

/** The mean over all groups of a level. */
function total(rows: readonly GroupRow[], level: string): number {
  const own = rows.filter((row) => row.level === level);
  const count = own.reduce((sum, row) => sum + row.count, 0);
  return own.reduce((sum, row) => sum + row.count * (row.mean ?? NaN), 0) / count;
}

Deno.test("groups of classes add up to the cell's accuracy at every level, and a class without queries is in none", () => {
  const groupings = new Map([[cell.dataset, [
    { level: "alphabet", of: "classes" as const, groupOf: (id: number) => id < 2 ? "Greek" : "Latin" },
    { level: "class", of: "classes" as const, groupOf: (id: number) => `c${id}` },
  ]]]);
  const rows = groupRows(found({ curve: curve([0.65]), measures: [MEASURES] }, groupings), groupings);
  equal(rows.map(({ level, group, count, mean }) => [level, group, count, mean]), [
    ["alphabet", "Greek", 30, 25 / 30],
    ["alphabet", "Latin", 10, 0.1],
    ["class", "c0", 10, 0.5],
    ["class", "c1", 20, 1],
    ["class", "c3", 10, 0.1],
  ]);
  // An evaluation by a version that did not look at classes says nothing of them.
  equal(groupRows(found({ curve: curve([0.65]) }, groupings), groupings), []);
  for (const level of ["alphabet", "class"]) ok(Math.abs(total(rows, level) - 26 / 40) < 1e-12);
});

Deno.test("groups of tasks add up to the cell's mean MSE over the episodes with a finite score", () => {
  const groupings = new Map([[cell.dataset, [{
    level: "country",
    of: "episodes" as const,
    groupOf: (e: number) => e % 2 === 0 ? "IS" : "NO",
  }]]]);
  const scores = [1, 4, 3, null, 0];
  const rows = groupRows(found({ curve: curve(scores) }), groupings);
  equal(rows.map(({ group, metric, count, mean }) => [group, metric, count, mean]), [
    ["IS", "mse", 3, 4 / 3],
    ["NO", "mse", 1, 4],
  ]);
  ok(Math.abs((rows[1].meanLog ?? NaN) - Math.log(4)) < 1e-12);
  ok(Math.abs(total(rows, "country") - 2) < 1e-12);
  equal(groupRows(found({ curve: curve(scores) }), new Map()), []);
});
