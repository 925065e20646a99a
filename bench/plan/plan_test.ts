import { deepStrictEqual as equal, ok } from "node:assert";
import fc from "fast-check";
import { z } from "zod";
import { canonicalJson } from "../../common/digest.ts";
import { type Plan, planSweep } from "./plan.ts";
import { frozenLayers } from "./points.ts";
import type { PlannedAlgorithm } from "./catalog.ts";
import { placeKey } from "../../reports/rows/place.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { DataSetSweep, Hyper, Matched, Sweep } from "../sweeps/schema.ts";

const plan = (sweep: Sweep, skipped?: Map<string, string>) => planSweep(sweep, FAKES, PLAIN_ADDRESSES, skipped);
const unitsOf = (planned: Plan, algorithm: string) => planned.units.filter(({ spec }) => spec.algorithm === algorithm);
const cellsOf = (planned: Plan, algorithm: string) => planned.cells.filter((cell) => cell.algorithm === algorithm);
const hyper = (change: Partial<Hyper>): Partial<DataSetSweep> => ({
  hyper: { ...fakeSweep().datasets[0].hyper, ...change },
});

const subset = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const matched = fc.constantFrom<Matched>("matched", 1, 5);
const anySweep = fc.record({
  algorithms: subset(["joint", "meta", "floor", "frozen"]),
  seeds: subset([0, 1, 2]),
  shots: subset([1, 5, 10]),
  innerSteps: subset([0, 1, 5]),
  sharingDepths: subset([0, 1, 2, 3]),
  adapters: subset(["gradient", "ridge"] as const),
  adaptDepths: subset(["native", 0, 1, 2] as const),
  taskStarts: subset(["mean", "common", "random"] as const),
  trainShots: matched,
  trainInnerSteps: matched,
}).map(({ algorithms, seeds, trainShots, trainInnerSteps, ...axes }) =>
  fakeSweep({ ...axes, ...hyper({ trainShots, trainInnerSteps }) }, { algorithms, seeds })
);

Deno.test("every cell has exactly one unit, one evaluation of it, and its inner steps on that curve", () => {
  fc.assert(fc.property(anySweep, (sweep) => {
    const { units, cells } = plan(sweep);
    for (const cell of cells) {
      const serving = units.filter(({ id }) => id === cell.unit);
      equal(serving.length, 1);
      const evaluations = serving[0].evaluations.filter(({ id }) => id === cell.evaluation);
      equal(evaluations.length, 1);
      const { spec } = evaluations[0];
      equal(spec.adapter, cell.adapter);
      equal(spec.shots, cell.shots);
      if (cell.innerSteps === null) equal([spec.innerSteps, spec.innerLrs], [[], []]);
      else ok(spec.innerSteps.includes(cell.innerSteps));
    }
  }));
});

Deno.test("no two units share a spec, no two cells a place, and nothing is computed that no cell asks for", () => {
  fc.assert(fc.property(anySweep, (sweep) => {
    const { units, cells } = plan(sweep);
    const distinct = (values: readonly string[]) => equal(new Set(values).size, values.length);
    distinct(units.map(({ spec }) => canonicalJson(spec)));
    distinct(cells.map(({ unit: _, evaluation: __, skipped: ___, ...place }) => canonicalJson(place)));
    const asked = new Set(cells.map(({ evaluation, innerSteps }) => `${evaluation} ${innerSteps}`));
    for (const { evaluations } of units) {
      for (const { id, spec } of evaluations) {
        for (const steps of spec.innerSteps.length === 0 ? [null] : spec.innerSteps) ok(asked.has(`${id} ${steps}`));
        equal([...spec.innerSteps].sort((a, b) => a - b), spec.innerSteps);
      }
    }
  }));
});

Deno.test("a plan is the same each time, and its units do not depend on shots and steps where training does not", () => {
  fc.assert(fc.property(anySweep, (sweep) => {
    equal(plan(sweep), plan(sweep));
    const narrowed: Sweep = {
      ...sweep,
      datasets: sweep.datasets.map((entry) => ({ ...entry, shots: [entry.shots[0]], innerSteps: [0] })),
    };
    const specs = (planned: Plan) => unitsOf(planned, "joint").map(({ spec }) => spec);
    equal(specs(plan(sweep)), specs(plan(narrowed)));
  }));
});

Deno.test("joint training serves all shots and steps with one unit per sharing depth and seed", () => {
  const axes = { shots: [1, 5, 10], innerSteps: [0, 1, 5], sharingDepths: [0, 1], adapters: ["gradient"] as const };
  const planned = plan(fakeSweep({ ...axes, ...hyper({ trainShots: "matched", trainInnerSteps: "matched" }) }));
  equal(unitsOf(planned, "joint").length, 2 * 2);
  equal(cellsOf(planned, "joint").length, 2 * 2 * 3 * 3);
  equal(unitsOf(planned, "joint")[0].evaluations.map(({ spec }) => spec.innerSteps), [[0, 1, 5], [0, 1, 5], [0, 1, 5]]);
});

Deno.test("meta-learning trains per shots and steps when they are matched, and once when they are fixed", () => {
  const axes = {
    shots: [1, 5],
    innerSteps: [0, 1, 5],
    sharingDepths: [0],
    adapters: ["gradient", "ridge"] as const,
  };
  const matchedPlan = plan(fakeSweep({ ...axes, ...hyper({ trainShots: "matched", trainInnerSteps: "matched" }) }));
  const trained = unitsOf(matchedPlan, "meta").filter(({ spec }) => spec.seed === 0);
  equal(trained.map(({ spec }) => [spec.shots, spec.innerSteps]), [[1, 1], [1, 5], [5, 1], [5, 5]]);
  // Before adaptation belongs to the fewest steps, the solved head to the most.
  equal(trained[0].evaluations.map(({ spec }) => spec.innerSteps), [[0, 1]]);
  equal(trained[1].evaluations.map(({ spec }) => spec.innerSteps), [[5], []]);
  const fixed = plan(fakeSweep({ ...axes, ...hyper({ trainShots: 5, trainInnerSteps: 1 }) }));
  equal(unitsOf(fixed, "meta").length, 2);
  equal(cellsOf(fixed, "meta").length, cellsOf(matchedPlan, "meta").length);
});

Deno.test("cells of an axis that an algorithm does not read are made once", () => {
  const axes = {
    sharingDepths: [0, 1, 3],
    taskStarts: ["mean", "common", "random"] as const,
    shots: [5, 10],
    innerSteps: [0, 5],
  };
  const planned = plan(fakeSweep({ ...axes, adapters: ["gradient"] }, { seeds: [0] }));
  equal(cellsOf(planned, "floor").length, 2 * 2);
  equal(cellsOf(planned, "floor")[0].sharingDepth, null);
  equal(cellsOf(planned, "frozen").map(({ shots, innerSteps, sharingDepth }) => [shots, innerSteps, sharingDepth]), [[
    5,
    0,
    3,
  ]]);
  // At d = L there is no task-specific layer whose start could matter.
  equal(cellsOf(planned, "joint").filter(({ sharingDepth }) => sharingDepth === 3).length, 2 * 2);
  equal(cellsOf(planned, "joint").filter(({ sharingDepth }) => sharingDepth === 1).length, 3 * 2 * 2);
});

Deno.test("freezing as many layers as the algorithm does natively is the native cell", () => {
  const planned = plan(
    fakeSweep({ adaptDepths: ["native", 1, 0], sharingDepths: [1], adapters: ["gradient"] }, { seeds: [0] }),
  );
  equal([...new Set(cellsOf(planned, "meta").map(({ adaptDepth }) => adaptDepth))], [1, 0]);
  equal([...new Set(unitsOf(planned, "meta")[0].evaluations.map(({ spec }) => spec.adaptDepth))], ["native", 0]);
});

Deno.test("an adapter that changes all layers is planned once, whatever is frozen, and starts of heads that it replaces do not matter", () => {
  const planned = plan(
    fakeSweep({
      adapters: ["finetune-all"],
      adaptDepths: ["native", 1],
      sharingDepths: [0, 1, 2],
      taskStarts: ["mean", "common"],
      shots: [5],
      innerSteps: [0, 5],
    }, { seeds: [0] }),
  );
  equal(new Set(planned.cells.map(({ adaptDepth }) => adaptDepth)), new Set([0]));
  const [joint, meta] = ["joint", "meta"].map((name) => cellsOf(planned, name));
  equal(joint.filter(({ sharingDepth }) => sharingDepth === 2).length, 2);
  equal(joint.filter(({ sharingDepth }) => sharingDepth === 1).length, 2 * 2);
  // What adapts all layers anyway does so natively.
  equal(meta.length, 3 * 2);
  equal(
    new Set(unitsOf(planned, "meta").flatMap(({ evaluations }) => evaluations.map(({ spec }) => spec.adaptDepth))),
    new Set(["native", 0]),
  );
});

Deno.test("an adapter of context vectors makes cells of algorithms that have them, one for every number of steps", () => {
  const asked = fakeSweep({
    adapters: ["context-gradient"],
    adaptDepths: ["native", 0],
    shots: [5],
    innerSteps: [0, 5],
  }, {
    seeds: [0],
  });
  equal(plan(asked).cells, []);
  const withContexts: PlannedAlgorithm = {
    ...FAKES.algorithms.floor,
    context: () => ({ size: 1, apply: (params) => params }),
  };
  const catalog = { ...FAKES, algorithms: { ...FAKES.algorithms, floor: withContexts } };
  const { cells } = planSweep(asked, catalog, PLAIN_ADDRESSES);
  equal(cells.map(({ algorithm, innerSteps, adaptDepth }) => [algorithm, innerSteps, adaptDepth]), [
    ["floor", 0, null],
    ["floor", 5, null],
  ]);
});

Deno.test("a skipped data set has rows with the reason and no units", () => {
  const { units, cells } = plan(fakeSweep(), new Map([["curves", "not there"]]));
  equal(units, []);
  ok(
    cells.length > 0 &&
      cells.every(({ skipped, unit, evaluation }) => skipped === "not there" && unit + evaluation === ""),
  );
});

Deno.test("per-algorithm settings reach the specs, and candidates of the adaptation's step size only evaluations", () => {
  const overrides = { meta: { iterations: 7, adaptLrs: [0.1, 0.2] }, joint: { adaptLrs: [] } };
  const planned = plan(fakeSweep({ overrides, adapters: ["gradient"] }));
  equal(unitsOf(planned, "meta")[0].spec.hyper.iterations, 7);
  equal(unitsOf(planned, "meta")[0].evaluations[0].spec.innerLrs, [0.1, 0.2]);
  equal(unitsOf(planned, "joint")[0].evaluations[0].spec.innerLrs, [0.01]);
  ok(!("adaptLrs" in unitsOf(planned, "meta")[0].spec.hyper));
});

Deno.test("step sizes that are learned leave none to choose at test time; where an algorithm does not learn them after all, they are chosen", () => {
  const rated: PlannedAlgorithm = {
    ...FAKES.algorithms.meta,
    hyper: z.strictObject({ frozen: z.boolean().default(false) }),
    innerRates: ({ own }) => own.frozen === true ? undefined : () => 1,
  };
  const chosen = (own: Record<string, boolean>) => {
    const overrides = { meta: { adaptLrs: [0.1, 0.2], own } };
    const sweep = fakeSweep({ overrides, adapters: ["gradient"] }, { algorithms: ["meta"] });
    return planSweep(sweep, { ...FAKES, algorithms: { meta: rated } }, PLAIN_ADDRESSES).units[0].evaluations[0].spec;
  };
  equal(chosen({}).innerLrs, [0.01]);
  equal(chosen({ frozen: true }).innerLrs, [0.1, 0.2]);
});

Deno.test("training follows the cell up to a largest number of steps, and single algorithms may have depths of their own", () => {
  const planned = plan(fakeSweep({
    innerSteps: [0, 1, 5, 10],
    sharingDepths: [0],
    depthsOf: { joint: [1] },
    adapters: ["gradient"],
    ...hyper({ trainInnerSteps: { matchedUpTo: 5 } }),
  }));
  equal([...new Set(unitsOf(planned, "meta").map(({ spec }) => spec.innerSteps))].sort(), [1, 5]);
  equal([...new Set(unitsOf(planned, "joint").map(({ spec }) => spec.sharingDepth))], [1]);
});

Deno.test("100,000 cells are planned, each once", () => {
  const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const sweep = fakeSweep({
    shots: range(20),
    innerSteps: range(25),
    adapters: ["gradient"],
    ...hyper({ trainShots: "matched" }),
  }, {
    seeds: range(50),
    algorithms: ["joint", "meta"],
  });
  const { cells } = plan(sweep);
  ok(cells.length >= 100_000, `${cells.length} cells`);
  equal(new Set(cells.map((cell) => placeKey(cell) + cell.seed)).size, cells.length);
});

Deno.test("a mask freezes a number of leading layers, or is no prefix", () => {
  equal([[false, true], [true, true], [false, false], [true, false]].map(frozenLayers), [1, 0, 2, null]);
});
