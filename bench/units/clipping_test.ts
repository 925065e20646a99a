/** Clipping of outer gradients as trainings have it: by task, by norm, by value. */
import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import { jointObjective } from "../../algorithms/blocks/joint.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Objective, TrainingStep } from "../../algorithms/blocks/training_step.ts";
import { maml } from "../../algorithms/maml.ts";
import { cpuBackend } from "../../algorithms/tensor/cpu.ts";
import { add, mean, reshape } from "../../algorithms/tensor/ops.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { assertAlmost } from "../../algorithms/testing/tensor.ts";
import type { TaskKind } from "../../common/vocabulary.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";
import { TABLE, tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import { batchShape } from "./batches.ts";
import { modelOf } from "./subject.ts";
import { train } from "./train.ts";
import { stepGraph } from "./training_program.ts";

type Hyper = TrainSpec["hyper"];

const DATA: Readonly<Record<TaskKind, DataSet>> = {
  regression: await tinyDataSet("regression"),
  classification: await tinyDataSet("classification"),
};
const wasm = await wasmBackend();
const TASKS = 3;

/** Every training that there is, on every kind of task that it is for. */
const TRAININGS = TRAINED.flatMap((algorithm) => TABLE[algorithm].supports.map((kind) => ({ algorithm, kind })));

/** Plain gradient descent, so that differences of parameters are gradients. */
const DESCENT = { optimiser: { name: "sgd", momentum: 0, nesterov: false }, outerLr: 1e-3 } as const;

function specOf(
  algorithm: string,
  kind: TaskKind,
  hyper: Partial<Hyper>,
  change: Partial<TrainSpec> = {},
): TrainSpec {
  return tinySpec(algorithm, kind, change, { iterations: 4, metaBatch: TASKS, ...DESCENT, ...hyper });
}

const byTask = (limit: number) => ({ clip: { by: "task-norm", limit } } as const);

for (const { algorithm, kind } of TRAININGS) {
  Deno.test(`${algorithm} on ${kind}: clipping by task without effect trains as no clipping does, in float64`, async () => {
    const norms = kind === "regression" ? ["none"] as const : ["none", "batch", "batch-inductive"] as const;
    for (const norm of norms) {
      for (const sharingDepth of new Set([0, 1, 2].map((depth) => TABLE[algorithm].sharingDepth(depth, 3) ?? null))) {
        const stateOf = async (hyper: Partial<Hyper>) => {
          const spec = specOf(algorithm, kind, hyper, { norm, sharingDepth });
          const { result, state } = await train(spec, DATA[kind], cpuBackend(64));
          equal(result.status, "ok");
          return { state, loss: result.curve.map(({ loss }) => loss ?? NaN) };
        };
        const [free, loose] = [await stateOf({ clip: null }), await stateOf(byTask(1e30))];
        equal(Object.keys(loose.state), Object.keys(free.state));
        for (const [key, values] of Object.entries(free.state)) {
          assertAlmost(`${norm}, d = ${sharingDepth}: ${key}`, loose.state[key], values, 1e-7); // states are float32
        }
        assertAlmost("loss", loose.loss, free.loss, 1e-12);
      }
    }
  });
}

/** A batch with every array of numbers made anew, of which the first task's share is handed apart. */
function remade<B extends { readonly tasks: number }>(
  batch: B,
  make: (name: string, first: Float32Array, others: Float32Array) => Float32Array,
): B {
  return Object.fromEntries(
    Object.entries(batch as Readonly<Record<string, unknown>>).map(([name, values]) => {
      if (!(values instanceof Float32Array)) return [name, values];
      const each = values.length / batch.tasks;
      return [name, make(name, values.subarray(0, each), values.subarray(each))];
    }),
  ) as B;
}

/** What makes the first task of every batch explode: targets, or inputs, whose squares overflow in float32. */
const EXPLOSIONS = { targets: /y$/i, inputs: /x$/i } as const;
type Explosion = keyof typeof EXPLOSIONS;

function exploding<B extends { readonly tasks: number }>(batch: B, of: Explosion): B {
  return remade(batch, (name, first, others) => {
    const factor = EXPLOSIONS[of].test(name) ? 1e38 : 1;
    return Float32Array.from([...first.map((value) => factor * value), ...others]);
  });
}

function withExplosions(dataSet: DataSet, of: Explosion): DataSet {
  return {
    ...dataSet,
    trainBatch: (...asked) => exploding(dataSet.trainBatch(...asked), of),
    pool(...asked) {
      const pool = dataSet.pool(...asked);
      return { ...pool, batch: (...drawn) => exploding(pool.batch(...drawn), of) };
    },
  };
}

/** Batches of the one task that has this position in batches of `TASKS`. */
function onlyTask(dataSet: DataSet, position: number): DataSet {
  return {
    ...dataSet,
    trainBatch(_, ...asked) {
      const batch = dataSet.trainBatch(TASKS, ...asked);
      const share = <A extends Float32Array | Int32Array>(values: A) =>
        values.subarray(position * values.length / TASKS, (position + 1) * values.length / TASKS) as A;
      const shares = Object.entries(batch).map((
        [name, values],
      ) => [name, ArrayBuffer.isView(values) ? share(values as Float32Array) : values]);
      return { ...Object.fromEntries(shares), tasks: 1 } as typeof batch;
    },
  };
}

/** Batches of one task more than is asked for, without the first. */
function withoutFirst(dataSet: DataSet): DataSet {
  return {
    ...dataSet,
    trainBatch(tasks, ...asked) {
      const batch = dataSet.trainBatch(tasks + 1, ...asked);
      const others = remade(batch, (_, __, others) => others);
      return { ...others, tasks, classes: batch.classes?.subarray(batch.classes.length / (tasks + 1)) };
    },
  };
}

for (const { algorithm, kind } of TRAININGS.filter(({ algorithm }) => TABLE[algorithm].data !== "labelled")) {
  Deno.test(`${algorithm} on ${kind}: one exploding task in every batch does not stop a training that clips by task`, async () => {
    const spec = specOf(algorithm, kind, { iterations: 20, ...byTask(1) }, { norm: "none" });
    for (const what of ["targets", "inputs"] as const) {
      const { result, state } = await train(spec, withExplosions(DATA[kind], what), wasm);
      equal([result.status, result.restarts], ["ok", 0], what);
      ok(Object.values(state).every((values) => values.every(Number.isFinite)), what);
      ok(result.curve.every(({ loss }) => loss !== null && loss < 100), `${what}: the loss is not that of the others`);
    }
  });

  if (TABLE[algorithm].data === "pool") continue; // another number of tasks is another draw there
  Deno.test(`${algorithm} on ${kind}: next to a task that explodes, the others' gradients are what they are without it`, async () => {
    const moved = async (metaBatch: number, dataSet: DataSet): Promise<Record<string, number[]>> => {
      const at = async (iterations: number) => {
        const hyper = { iterations, metaBatch, outerLr: 1, ...byTask(1e9) };
        return (await train(specOf(algorithm, kind, hyper, { norm: "none" }), dataSet, wasm)).state;
      };
      const [before, after] = [await at(0), await at(1)];
      // The mean is over all tasks, of which the one that explodes counts as zero.
      return Object.fromEntries(
        Object.entries(after).map((
          [key, values],
        ) => [key, [...values].map((v, i) => metaBatch * (v - before[key][i]))]),
      );
    };
    const beside = await moved(TASKS, withExplosions(DATA[kind], "targets"));
    const alone = await moved(TASKS - 1, withoutFirst(DATA[kind]));
    for (const [key, values] of Object.entries(alone)) assertAlmost(key, beside[key], values, 2e-5);
    ok(Object.values(alone).some((values) => values.some((value) => Math.abs(value) > 1e-3)));
  });
}

Deno.test("a task whose features overflow leaves the rows of its classes as they are", async () => {
  const own = { rows: "unit", publishedWays: 5, unitFeatures: false } as const;
  const spec = specOf("mtl-class-rows", "classification", { iterations: 20, own, ...byTask(1) }, { norm: "none" });
  const { result, state } = await train(spec, withExplosions(DATA.classification, "inputs"), wasm);
  equal([result.status, result.restarts], ["ok", 0]);
  ok(Object.values(state).every((values) => values.every(Number.isFinite)));
});

/** What one iteration of plain descent with step size 1 changes, and its length over everything that is learned. */
async function movement(algorithm: string, kind: TaskKind, hyper: Partial<Hyper>, dataSet: DataSet) {
  const stateAfter = async (iterations: number): Promise<TrainedState> => {
    // Of task-specific layers, a state keeps the mean only.
    const depth = TABLE[algorithm].data === "pool" ? { sharingDepth: 3 } : {};
    const spec = specOf(algorithm, kind, { outerLr: 1, ...hyper, iterations }, { norm: "none", ...depth });
    return (await train(spec, dataSet, cpuBackend(64))).state;
  };
  const [before, after] = [await stateAfter(0), await stateAfter(1)];
  const moved = Object.fromEntries(
    Object.entries(after).map((
      [key, values],
    ) => [key, Float64Array.from(values, (value, i) => value - before[key][i])]),
  );
  const all = Object.values(moved).flatMap((values) => [...values]);
  return { moved, length: Math.hypot(...all), largest: Math.max(...all.map(Math.abs)) };
}

for (
  const { algorithm, kind } of TRAININGS.filter(({ algorithm }) =>
    !["labelled", "pool"].includes(TABLE[algorithm].data)
  )
) {
  Deno.test(`${algorithm} on ${kind}: what is clipped is each task's gradient over everything that is learned`, async () => {
    const alone = await Promise.all(
      Array.from(
        { length: TASKS },
        (_, task) => movement(algorithm, kind, { clip: null, metaBatch: 1 }, onlyTask(DATA[kind], task)),
      ),
    );
    const [shortest, middle] = alone.map(({ length }) => length).sort((a, b) => a - b);
    const limit = (shortest + middle) / 2;
    const { moved } = await movement(algorithm, kind, byTask(limit), DATA[kind]);
    for (const [key, values] of Object.entries(moved)) {
      const expected = values.map((_, i) =>
        alone.reduce((sum, task) => sum + task.moved[key][i] * Math.min(1, limit / task.length) / TASKS, 0)
      );
      assertAlmost(key, values, expected, 2e-6); // differences of float32
    }
  });
}

Deno.test("a limit by task or by norm bounds the length of a step, one by value its elements", async () => {
  const limit = 1e-3;
  for (const { algorithm, kind } of TRAININGS) {
    const at = (clip: Hyper["clip"]) => movement(algorithm, kind, { clip }, DATA[kind]);
    const free = await at(null);
    ok(free.largest > 2 * limit, `${algorithm}: ${free.largest} needs no clipping`);
    for (const by of ["task-norm", "norm"] as const) {
      const { length } = await at({ by, limit });
      ok(length <= limit * (1 + 1e-3) && length > 0, `${algorithm} by ${by}: ${length}`);
    }
    const { largest, length } = await at({ by: "value", limit });
    ok(largest <= limit * (1 + 1e-3) && length > limit, `${algorithm} by value: ${largest}`);
    // One factor for all, so that the direction stays.
    const { moved } = await at({ by: "norm", limit: free.length / 2 });
    for (const [key, values] of Object.entries(moved)) {
      assertAlmost(
        key,
        values,
        free.moved[key].map((v) => v / 2),
        2e-6,
      );
    }
  }
});

Deno.test("an outer gradient that cannot be told by task is refused, with the way out", () => {
  const spec = specOf("maml", "regression", byTask(1));
  const model = modelOf(spec, DATA.regression);
  const batch = batchShape(spec, maml, DATA.regression);
  const objective = (step: TrainingStep): Objective => {
    const { losses } = jointObjective(step);
    return { losses, gradients: { params: step.params, meta: {} } };
  };
  const parts = { model, spec, batch, dataSet: DATA.regression, metaSpecs: [] };
  throws(
    () => stepGraph({ ...parts, algorithm: { ...maml, name: "odd", objective } }),
    /Cannot clip the outer gradient of "odd" by task-norm.*clip by norm or value instead/,
  );
  // A table whose rows are not taken task by task mixes the tasks.
  const mixed = (step: TrainingStep): Objective => ({
    losses: add(jointObjective(step).losses, reshape(mean(step.meta.table, [0, 1]), [1])),
  });
  const init = (size: number) => new Float32Array(size);
  throws(
    () =>
      stepGraph({
        ...parts,
        metaSpecs: [{ name: "table", shape: [5, 2], init }],
        algorithm: { ...maml, name: "odd", objective: mixed },
      }),
    /cannot be told by task/,
  );
});
