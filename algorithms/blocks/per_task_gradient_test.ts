/** Clipped gradients against gradients that are computed one task at a time, clipped and summed here. */
import { deepStrictEqual as equal, ok, throws } from "node:assert/strict";
import type { LayerParams, Model } from "../models/model.ts";
import { forward } from "../models/model.ts";
import { models } from "../models/registry.ts";
import type { Backend, Data } from "../tensor/backend.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, type Node, sizeOf } from "../tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../tensor/nn.ts";
import { meanAll } from "../tensor/ops.ts";
import { type Program, program } from "../tensor/program.ts";
import { wasmBackend } from "../tensor/wasm/wasm.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import type { Examples } from "./examples.ts";
import { descend, heldConstant, layerGradients, perTask, taskGradients, trajectory } from "./inner_loop.ts";
import { transductive } from "./network.ts";
import { frozenPrefix } from "./masks.ts";
import { initialState, parameterSlots, toLayers } from "./parameters.ts";
import { clippedGradient, ownCopies } from "./per_task_gradient.ts";

type Feeds = Readonly<Record<string, Data>>;
type Outputs = Readonly<Record<string, Float64Array>>;

/** A network with data that it can learn. */
interface Setting {
  readonly name: string;
  readonly model: Model;
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly loss: (prediction: Node, target: Node) => Node;
  /** Examples per task of support and query. */
  readonly parts: readonly [number, number];
}

/** A way to learn: the loss of every task from the parameters. */
interface Method {
  readonly name: string;
  /** How many layers each task has for itself: the last ones. */
  readonly ownLayers: number;
  readonly lossPerTask: (setting: Setting, params: readonly LayerParams[], parts: readonly Examples[]) => Node;
}

const TASKS = 4;

const mlp: Setting = {
  name: "a perceptron",
  model: models.mlp.build({ inputShape: [1], outputs: 1, hidden: [6, 5], norm: "none" }),
  inputShape: [1],
  outputs: 1,
  loss: squaredErrorPerTask,
  parts: [5, 7],
};

const normalised: Setting = {
  name: "a perceptron with batch norm",
  model: models.mlp.build({ inputShape: [12], outputs: 3, hidden: [8, 6], norm: "batch" }),
  inputShape: [12],
  outputs: 3,
  loss: crossEntropyPerTask,
  parts: [6, 9],
};

const conv4: Setting = {
  name: "conv4 with batch norm",
  model: models.conv4.build({ inputShape: [9, 9, 1], outputs: 3, hidden: [8, 8, 4, 4], norm: "batch" }),
  inputShape: [9, 9, 1],
  outputs: 3,
  loss: crossEntropyPerTask,
  parts: [6, 18],
};

/** Its second layer is so large that tasks' gradients of it are never made. */
const wide: Setting = {
  name: "a wide perceptron",
  model: models.mlp.build({ inputShape: [3], outputs: 2, hidden: [640, 420], norm: "none" }),
  inputShape: [3],
  outputs: 2,
  loss: squaredErrorPerTask,
  parts: [2, 3],
};

const maml = (innerSteps: number, secondOrder = true): Method => ({
  name: `${secondOrder ? "" : "first-order "}MAML of ${innerSteps} steps`,
  ownLayers: 0,
  lossPerTask({ model, loss }, params, [support, query]) {
    const mask = frozenPrefix(0, params.length);
    let theta: readonly LayerParams[] = perTask(params, mask, support.x.shape[0]);
    for (let step = 0; step < innerSteps; step++) {
      const gradients = taskGradients(loss(forward(model, theta, support.x), support.y), theta, mask);
      theta = descend(theta, secondOrder ? gradients : heldConstant(gradients), 0.1);
    }
    return loss(forward(model, theta, query.x), query.y);
  },
});

const anil: Method = {
  name: "ANIL",
  ownLayers: 0,
  lossPerTask({ model, loss }, params, [support, query]) {
    const mask = frozenPrefix(params.length - 1, params.length);
    const network = transductive(model);
    const passed = trajectory({ network, params, support, mask, rates: 0.1, innerSteps: 2, lossPerTask: loss });
    return loss(forward(model, passed[2], query.x), query.y);
  },
};

const joint = (ownLayers: number): Method => ({
  name: `joint training with ${ownLayers} layers per task`,
  ownLayers,
  lossPerTask: ({ model, loss }, params, [, query]) => loss(forward(model, params, query.x), query.y),
});

const cases: readonly (readonly [Setting, Method])[] = [
  ...[maml(1), maml(2), maml(2, false), anil, joint(0), joint(1), joint(2)].map((method) => [mlp, method] as const),
  ...[maml(1), maml(2), joint(1)].map((method) => [normalised, method] as const),
  ...[maml(1), maml(1, false), joint(1)].map((method) => [conv4, method] as const),
  ...[maml(1), joint(0), joint(1)].map((method) => [wide, method] as const),
];

/** The method on so many tasks, with inputs only; `gradient` builds the results from it. */
function build(
  setting: Setting,
  method: Method,
  tasks: number,
  gradient: (graph: Graph, params: LayerParams[], loss: (own: readonly LayerParams[]) => Node) => Record<string, Node>,
): Program {
  const graph = new Graph();
  const { model } = setting;
  const shared = model.layers.length - method.ownLayers;
  const params = toLayers(
    model,
    ({ key, layer, shape }) => graph.input(key, [layer < shared ? 1 : tasks, ...shape]),
  );
  const parts = setting.parts.map((n, part): Examples => ({
    x: graph.input(`x${part}`, [tasks, n, ...setting.inputShape]),
    y: graph.input(`y${part}`, [tasks, n, setting.outputs]),
  }));
  return program({ outputs: gradient(graph, params, (own) => method.lossPerTask(setting, own, parts)) });
}

function named(model: Model, layers: readonly LayerParams[]): Record<string, Node> {
  return Object.fromEntries(parameterSlots(model).map(({ key, layer, name }) => [key, layers[layer][name]]));
}

/** The clipped mean over tasks, as the block computes it. */
function clipped(setting: Setting, method: Method, maxNorm: number): Program {
  return build(setting, method, TASKS, (_, params, loss) => {
    const own = ownCopies(params, TASKS);
    const { gradients, ...rest } = clippedGradient({ lossPerTask: loss(own), params, own, maxNorm });
    return { ...named(setting.model, gradients), ...rest };
  });
}

/** Today's gradient of the mean loss of so many tasks. */
function plain(setting: Setting, method: Method, tasks: number): Program {
  return build(setting, method, tasks, (_, params, loss) => {
    const mean = meanAll(loss(params));
    return { ...named(setting.model, layerGradients(mean, params)), loss: mean };
  });
}

async function run(backend: Backend, one: Program, feeds: Feeds): Promise<Outputs> {
  const executable = backend.compile(one);
  executable.run(Object.fromEntries(one.inputs.map(({ attributes: { name } }) => [name, feeds[name]])));
  const read = Object.keys(one.outputs).map(async (name) =>
    [name, Float64Array.from(await executable.read(name))] as const
  );
  const outputs = Object.fromEntries(await Promise.all(read));
  executable.dispose();
  return outputs;
}

/** Values of all inputs; tasks differ in size, so that some gradients are longer than others. */
function feedsOf(setting: Setting, one: Program): Record<string, Float64Array> {
  const start = initialState(setting.model, 5, "init");
  return Object.fromEntries(one.inputs.map(({ attributes: { name }, shape }, phase) => {
    const size = sizeOf(shape);
    const noise = spread(size, -1, 1, phase);
    const perTask = size / TASKS;
    if (name in start) return [name, noise.map((value, i) => start[name][i % start[name].length] + 0.2 * value)];
    if (name.startsWith("x")) return [name, noise];
    const labels = noise.map((_, i) =>
      Math.floor(i / setting.outputs) % setting.outputs === i % setting.outputs ? 1 : 0
    );
    return [name, setting.outputs === 3 ? labels : noise.map((value, i) => value * (1 + Math.floor(i / perTask)))];
  }));
}

/** One task's share of every input. */
function feedsOfTask(one: Program, feeds: Feeds, task: number): Feeds {
  return Object.fromEntries(one.inputs.map(({ attributes: { name }, shape }) => {
    const size = sizeOf(shape);
    return [name, feeds[name].length === size ? feeds[name] : feeds[name].subarray(task * size, (task + 1) * size)];
  }));
}

/** Every task's gradient, alone, and its norm. */
async function oneByOne(setting: Setting, method: Method, feeds: Feeds) {
  const alone = plain(setting, method, 1);
  const keys = parameterSlots(setting.model).map(({ key }) => key);
  const tasks = await Promise.all(Array.from({ length: TASKS }, async (_, task) => {
    const outputs = await run(cpuBackend(64), alone, feedsOfTask(alone, feeds, task));
    const squares = keys.map((key) => outputs[key].reduce((sum, value) => sum + value * value, 0));
    return { outputs, norm: Math.sqrt(squares.reduce((sum, value) => sum + value, 0)) };
  }));
  return { keys, tasks };
}

/** What the block should give. */
async function expected(
  setting: Setting,
  method: Method,
  feeds: Feeds,
  maxNorm: number,
  lengths: Outputs,
): Promise<Outputs> {
  const { keys, tasks } = await oneByOne(setting, method, feeds);
  const finite = tasks.filter(({ norm }) => Number.isFinite(norm));
  const result: Record<string, Float64Array> = {
    clipped: Float64Array.of(finite.filter(({ norm }) => norm > maxNorm).length),
    notFinite: Float64Array.of(TASKS - finite.length),
    loss: Float64Array.of(finite.reduce((sum, { outputs }) => sum + outputs.loss[0], 0) / finite.length),
  };
  for (const key of keys) {
    result[key] = new Float64Array(lengths[key].length);
    tasks.forEach(({ outputs, norm }, task) => {
      if (!Number.isFinite(norm)) return;
      const from = lengths[key].length === outputs[key].length ? 0 : task * outputs[key].length;
      outputs[key].forEach((value, i) => result[key][from + i] += value * Math.min(1, maxNorm / norm) / TASKS);
    });
  }
  return result;
}

async function compare(
  backend: Backend,
  setting: Setting,
  method: Method,
  feeds: Feeds,
  maxNorm: number,
  tolerance: number,
) {
  const actual = await run(backend, clipped(setting, method, maxNorm), feeds);
  const wanted = await expected(setting, method, feeds, maxNorm, actual);
  for (const [name, values] of Object.entries(actual)) assertAlmost(name, values, wanted[name], tolerance);
  return actual;
}

/** Between the second and the third of the norms, so that half of the gradients are clipped. */
async function middleNorm(setting: Setting, method: Method, feeds: Feeds): Promise<number> {
  const { tasks } = await oneByOne(setting, method, feeds);
  const [, second, third] = tasks.map(({ norm }) => norm).sort((a, b) => a - b);
  return (second + third) / 2;
}

const backends: readonly (readonly [Backend, number])[] = [[cpuBackend(64), 1e-12], [await wasmBackend(), 2e-5]];

for (const [setting, method] of cases) {
  Deno.test(`${method.name} of ${setting.name}: the mean of tasks' clipped gradients equals that of gradients computed one by one`, async () => {
    const feeds = feedsOf(setting, clipped(setting, method, 1));
    const maxNorm = await middleNorm(setting, method, feeds);
    for (const [backend, tolerance] of backends) {
      const { clipped: count } = await compare(backend, setting, method, feeds, maxNorm, tolerance);
      equal(count[0], TASKS / 2);
    }
  });

  Deno.test(`${method.name} of ${setting.name}: without a largest norm it is the gradient of the mean loss`, async () => {
    const one = clipped(setting, method, Infinity);
    const feeds = feedsOf(setting, one);
    for (const [backend, tolerance] of backends) {
      const { clipped: count, notFinite, ...actual } = await run(backend, one, feeds);
      const wanted = await run(cpuBackend(64), plain(setting, method, TASKS), feeds);
      for (const [name, values] of Object.entries(actual)) assertAlmost(name, values, wanted[name], tolerance);
      equal([count[0], notFinite[0]], [0, 0]);
    }
  });

  Deno.test(`${method.name} of ${setting.name}: tasks whose gradients explode leave the others' as they are`, async () => {
    const usual = feedsOf(setting, clipped(setting, method, 1));
    const maxNorm = await middleNorm(setting, method, usual);
    // Large targets make the inner loop overflow; not-a-number is what an overflow ends in.
    for (const value of [1e200, NaN]) {
      const feeds = { ...usual, y0: usual.y0?.slice(), y1: usual.y1.slice() };
      for (const y of [feeds.y0, feeds.y1]) y?.fill(value, y.length / TASKS, 2 * y.length / TASKS);
      for (const [backend, tolerance] of backends) {
        const { notFinite } = await compare(backend, setting, method, feeds, maxNorm, tolerance);
        equal(notFinite[0], 1);
      }
    }
  });
}

Deno.test("when every task's gradient explodes, the step is zero and the loss is not a number", async () => {
  const one = clipped(mlp, maml(1), 10);
  const feeds = feedsOf(mlp, one);
  for (const [backend] of backends) {
    const outputs = await run(backend, one, { ...feeds, y0: feeds.y0.fill(NaN) });
    equal([outputs.notFinite[0], outputs.clipped[0], outputs.loss[0]], [TASKS, 0, NaN]);
    for (const { key } of parameterSlots(mlp.model)) ok(outputs[key].every((value) => value === 0), key);
  }
});

Deno.test("a norm that is not positive is refused", () => {
  for (const maxNorm of [0, -1, NaN]) throws(() => clipped(mlp, joint(0), maxNorm), /cannot be clipped to the norm/);
});

Deno.test("tasks' gradients of a large layer are never made", () => {
  for (const method of [maml(1), maml(2), joint(0), joint(1)]) {
    const shapes = clipped(wide, method, 1).nodes.map(({ op, shape }) => `${op} [${shape}]`);
    equal(shapes.filter((shape) => shape.endsWith(`[${[TASKS, 640, 420]}]`)), [], method.name);
  }
});
