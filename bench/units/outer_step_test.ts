/** The outer step of a training, from gradients to parameters, against PyTorch's optimisers and against its own laws. */
import { ok } from "node:assert/strict";
import { parameterSlots, toLayers } from "../../algorithms/blocks/parameters.ts";
import { models } from "../../algorithms/models/registry.ts";
import { cpuBackend } from "../../algorithms/tensor/cpu.ts";
import type { Executable } from "../../algorithms/tensor/backend.ts";
import { Graph, type Node, sizeOf } from "../../algorithms/tensor/graph.ts";
import { takeRows } from "../../algorithms/tensor/ops.ts";
// Made by algorithms/testing/golden/optimisers.py, which says how.
import golden from "../../algorithms/testing/golden/optimisers.json" with { type: "json" };
import { assertAlmost, spread } from "../../algorithms/testing/tensor.ts";
import type { TrainSpec } from "../store/types.ts";
import { testHyper } from "../testing/hyper.ts";
import { optimiserOf, rowScalarName, scalarName, stateNames, trainingProgram } from "./training_program.ts";

type Hyper = TrainSpec["hyper"];

const MODEL = models.mlp.build({ inputShape: [1], outputs: 1, hidden: [2], norm: "none" });
const SLOTS = parameterSlots(MODEL);
const STEPS = 16;
const RATE = 0.05;

/** A program that takes its gradients as inputs "d:key"; with `pool` rows of every parameter where it is given, of which `tasks` are taken. */
function outerStep(hyper: Hyper, pool?: { readonly size: number; readonly tasks: number }): Executable {
  const graph = new Graph();
  const rows = pool === undefined ? undefined : graph.input("rows", [pool.tasks]);
  const leading = pool?.tasks ?? 1;
  const params = toLayers(
    MODEL,
    ({ key, shape }) =>
      rows === undefined
        ? graph.state(key, [1, ...shape])
        : takeRows(graph.state(key, [pool?.size ?? 1, ...shape]), rows),
  );
  const gradients = toLayers(MODEL, ({ key, shape }) => graph.input(`d:${key}`, [leading, ...shape]));
  const loss: Node = graph.constant(0, []);
  return cpuBackend(64).compile(
    trainingProgram({ graph, params, meta: {}, loss, gradients: { params: gradients, meta: {} }, rows }, MODEL, hyper),
  );
}

function begin(executable: Executable, hyper: Hyper, copies = 1): void {
  const optimiser = optimiserOf(hyper);
  executable.setState("lossSum", new Float64Array(1));
  for (const [index, { key, shape }] of SLOTS.entries()) {
    const size = sizeOf(shape);
    const start = spread(size, -1, 1, index);
    executable.setState(key, Float64Array.from({ length: copies * size }, (_, i) => start[i % size]));
    for (const slot of optimiser.slots) executable.setState(`${slot}:${key}`, new Float64Array(copies * size));
  }
}

/** The program's gradients: of the usual size in the first tensor, zero in the second, tiny in the third, large in the last. */
function gradientsAt(step: number): Record<string, Float64Array> {
  return Object.fromEntries(SLOTS.map(({ key, shape }, index) => {
    const scale = [1, 0, 1e-8, 30][index];
    return [`d:${key}`, spread(sizeOf(shape), -1, 1, 10 * step + index).map((value) => scale * value)];
  }));
}

function scalarsAt(hyper: Hyper, rate: number, t: number): Record<string, Float64Array> {
  const values = optimiserOf(hyper).scalars(rate, t, hyper.optimiser);
  return Object.fromEntries(values.map((value, i) => [scalarName(i), Float64Array.of(value)]));
}

const rateAt = (step: number) => step <= 8 ? RATE : RATE / 10;

const SGD = { name: "sgd", momentum: 0.9, nesterov: false } as const;

/** The settings behind each of the golden values. */
const CASES: Readonly<Record<keyof typeof golden.optimisers, Partial<Hyper>>> = {
  "adam": {},
  "adam, weight decay": { weightDecay: 0.1 },
  "adam, weight decay, clipped by value": { weightDecay: 0.1, clip: { by: "value", limit: 0.4 } },
  "radam": { optimiser: { name: "radam" } },
  "radam, weight decay": { optimiser: { name: "radam" }, weightDecay: 0.1 },
  "sgd without momentum": { optimiser: { ...SGD, momentum: 0 } },
  "sgd": { optimiser: SGD },
  "sgd, weight decay, clipped by value": { optimiser: SGD, weightDecay: 0.1, clip: { by: "value", limit: 0.4 } },
  "sgd, clipped by norm": { optimiser: SGD, clip: { by: "norm", limit: 0.7 } },
  "sgd with Nesterov's look-ahead": { optimiser: { ...SGD, nesterov: true } },
  "sgd with Nesterov's look-ahead, weight decay": {
    optimiser: { name: "sgd", momentum: 0.5, nesterov: true },
    weightDecay: 0.1,
  },
};

for (const [name, change] of Object.entries(CASES)) {
  Deno.test(`the parameters of 16 steps are PyTorch's: ${name}`, async () => {
    const hyper = testHyper({ clip: null, ...change });
    const executable = outerStep(hyper);
    begin(executable, hyper);
    const expected: Readonly<Record<string, Record<string, number[]>>> = golden.optimisers[name as "adam"];
    // PyTorch adds 1e-6 to the norm that it divides by.
    const tolerance = hyper.clip?.by === "norm" ? 2e-6 : 1e-14;
    let compared = 0;
    for (let step = 1; step <= STEPS; step++) {
      executable.run({ ...gradientsAt(step), ...scalarsAt(hyper, rateAt(step), step) });
      for (const [key, values] of Object.entries(expected[step] ?? {})) {
        assertAlmost(`${key} after step ${step}`, await executable.getState(key), values, tolerance);
        compared++;
      }
    }
    ok(compared === 16);
  });
}

/** Which of three tasks are drawn at each of some steps. */
const DRAWN = Array.from({ length: 12 }, (_, i) => [[0, 1], [2, 0], [1, 2], [0, 2]][(i * i + i) % 4 === 2 ? 1 : i % 4]);
const TASKS = 3;

/** The gradient of one task at a step, for every parameter. */
function taskGradient(step: number, task: number): Record<string, Float64Array> {
  return Object.fromEntries(
    SLOTS.map(({ key, shape }, index) => [`d:${key}`, spread(sizeOf(shape), -1, 1, 100 * task + 10 * step + index)]),
  );
}

/** All states of a pool after the steps above. */
async function ofPool(hyper: Hyper): Promise<Record<string, Float64Array>> {
  const executable = outerStep(hyper, { size: TASKS, tasks: 2 });
  begin(executable, hyper, TASKS);
  const visits = Array<number>(TASKS).fill(0);
  for (const [i, rows] of DRAWN.entries()) {
    const gradients = rows.map((task) => taskGradient(i + 1, task));
    const joined = Object.fromEntries(
      SLOTS.map(({ key }) => [`d:${key}`, Float64Array.from(gradients.flatMap((own) => [...own[`d:${key}`]]))]),
    );
    const optimiser = optimiserOf(hyper);
    const ofRows = rows.map((task) => optimiser.scalars(rateAt(i + 1), ++visits[task], hyper.optimiser));
    const rowScalars = Object.fromEntries(
      ofRows[0].map((_, k) => [rowScalarName(k), Float64Array.from(ofRows, (scalars) => scalars[k])]),
    );
    const needed = hyper.poolMoments === "lazy" ? rowScalars : scalarsAt(hyper, rateAt(i + 1), i + 1);
    executable.run({ ...joined, ...needed, rows: Float64Array.from(rows) });
  }
  const names = stateNames(MODEL, [], optimiserOf(hyper));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, Float64Array.from(await executable.getState(name))])),
  );
}

/** All states of one task whose parameters have an optimiser for themselves. */
async function ofTask(hyper: Hyper, task: number): Promise<Record<string, Float64Array>> {
  const executable = outerStep(hyper);
  begin(executable, hyper);
  let t = 0;
  for (const [i, rows] of DRAWN.entries()) {
    const drawn = rows.includes(task);
    if (!drawn && hyper.poolMoments === "lazy") continue;
    const gradient = taskGradient(i + 1, task);
    const fed = drawn ? gradient : Object.fromEntries(
      Object.entries(gradient).map(([key, values]) => [key, values.map(() => 0)]),
    );
    t = hyper.poolMoments === "lazy" ? t + 1 : i + 1;
    executable.run({ ...fed, ...scalarsAt(hyper, rateAt(i + 1), t) });
  }
  const names = stateNames(MODEL, [], optimiserOf(hyper));
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, Float64Array.from(await executable.getState(name))])),
  );
}

const OPTIMISERS: readonly Partial<Hyper>[] = [
  {},
  { optimiser: { name: "radam" } },
  { optimiser: SGD, weightDecay: 0.1 },
];

for (const poolMoments of ["lazy", "dense"] as const) {
  const seen = poolMoments === "lazy"
    ? "that sees the task's own steps only"
    : "that sees a gradient of zero where it is not drawn";
  Deno.test(`with ${poolMoments} moments, each task of a pool has an optimiser of its own ${seen}`, async () => {
    for (const change of OPTIMISERS) {
      const hyper = testHyper({ clip: null, poolMoments, ...change });
      const pool = await ofPool(hyper);
      for (let task = 0; task < TASKS; task++) {
        for (const [name, values] of Object.entries(await ofTask(hyper, task))) {
          const own = pool[name].subarray(task * values.length, (task + 1) * values.length);
          assertAlmost(`${hyper.optimiser.name}: ${name} of task ${task}`, own, values, 1e-14);
        }
      }
    }
  });
}

Deno.test("the moments of a task that is not drawn stand still when they are lazy, and fade when they are dense", async () => {
  const [lazy, dense] = await Promise.all(
    (["lazy", "dense"] as const).map((poolMoments) => ofPool(testHyper({ clip: null, poolMoments }))),
  );
  ok(lazy["m:head.weight"].some((value, i) => value !== dense["m:head.weight"][i]));
});
