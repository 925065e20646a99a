/** What holds for every algorithm of the table; what differs between them is declared by the algorithms themselves. */
import type { Algorithm } from "./algorithm.ts";
import { adapt } from "./blocks/inner_loop.ts";
import { forward, type Model } from "./models/model.ts";
import { models } from "./models/registry.ts";
import { initialState, parameterSlots, toLayers } from "./blocks/parameters.ts";
import { algorithms } from "./registry.ts";
import type { Backend, Data } from "./tensor/backend.ts";
import { backendEntries, type BackendEntry } from "./tensor/backends.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { Graph, type Node } from "./tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "./tensor/nn.ts";
import { meanAll } from "./tensor/ops.ts";
import { program } from "./tensor/program.ts";
import { assertAlmost, centralDifferences, spread } from "./testing/tensor.ts";

interface Setting {
  readonly name: string;
  readonly model: Model;
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly loss: (prediction: Node, target: Node) => Node;
  /** Examples per task of support and query. */
  readonly parts: readonly [number, number];
}

const regression: Setting = {
  name: "mlp on regression",
  model: models.mlp.build({ inputShape: [1], outputs: 1, hidden: [4, 3], norm: "none" }),
  inputShape: [1],
  outputs: 1,
  loss: squaredErrorPerTask,
  parts: [3, 4],
};

const settings: readonly Setting[] = [
  regression,
  {
    name: "mlp with batch norm on classification",
    model: models.mlp.build({ inputShape: [2, 2, 1], outputs: 3, hidden: [4, 3], norm: "batch" }),
    inputShape: [2, 2, 1],
    outputs: 3,
    loss: crossEntropyPerTask,
    parts: [6, 6],
  },
  {
    name: "convolutions with layer norm on classification",
    model: models.conv4.build({ inputShape: [5, 5, 1], outputs: 2, hidden: [3, 2], norm: "layer" }),
    inputShape: [5, 5, 1],
    outputs: 2,
    loss: crossEntropyPerTask,
    parts: [4, 4],
  },
];

const TASKS = 2;

interface Knobs {
  readonly depth: number | null;
  readonly innerLr: number;
  readonly innerSteps: number;
}

const trained = Object.values<Algorithm>(algorithms).filter((algorithm) => algorithm.objective !== undefined);

/** Input values of every leaf: initial parameters (a little apart per task where task-specific) and a fixed batch. */
function feedsOf(setting: Setting, shapes: ReadonlyMap<string, readonly number[]>): Record<string, Float64Array> {
  const start = initialState(setting.model, 7, "init");
  const feeds: Record<string, Float64Array> = {};
  let phase = 0;
  for (const [name, shape] of shapes) {
    phase++;
    const size = shape.reduce((a, b) => a * b, 1);
    if (name.startsWith("y") && setting.outputs > 1) {
      feeds[name] = Float64Array.from(
        { length: size },
        (_, i) => Math.floor(i / setting.outputs) % setting.outputs === i % setting.outputs ? 1 : 0,
      );
    } else if (name in start) {
      feeds[name] = Float64Array.from(
        { length: size },
        (_, i) => start[name][i % start[name].length] + 0.3 * spread(size, -1, 1, phase)[i],
      );
    } else {
      feeds[name] = spread(size, -1.5, 1.5, phase);
    }
  }
  return feeds;
}

/** An objective as a program with inputs only: every parameter is an input named by its slot. */
function objectiveProgram(algorithm: Algorithm, setting: Setting, { depth, innerLr, innerSteps }: Knobs) {
  const graph = new Graph();
  const shapes = new Map<string, readonly number[]>();
  const input = (name: string, shape: readonly number[]) => {
    shapes.set(name, shape);
    return graph.input(name, shape);
  };
  const params = toLayers(
    setting.model,
    ({ key, layer, shape }) => input(key, [algorithm.data === "pool" && layer >= (depth ?? 0) ? TASKS : 1, ...shape]),
  );
  const batch = setting.parts.map((n, part) => ({
    x: input(`x${part}`, [TASKS, n, ...setting.inputShape]),
    y: input(`y${part}`, [TASKS, n, setting.outputs]),
  }));
  const step = {
    model: setting.model,
    params,
    batch,
    sharingDepth: depth ?? 0,
    innerLr,
    innerSteps,
    lossPerTask: setting.loss,
  };
  const { loss, gradients } = algorithm.objective!(step);
  const outputs: Record<string, Node> = { loss };
  for (const { key, layer, name } of parameterSlots(setting.model)) outputs[`d:${key}`] = gradients[layer][name];
  return { compiled: program({ outputs }), feeds: feedsOf(setting, shapes), step };
}

async function gradientsOf(
  backend: Backend,
  algorithm: Algorithm,
  setting: Setting,
  knobs: Knobs,
): Promise<Record<string, Data>> {
  const { compiled, feeds } = objectiveProgram(algorithm, setting, knobs);
  const executable = backend.compile(compiled);
  executable.run(feeds);
  const result: Record<string, Data> = {};
  for (const name of Object.keys(compiled.outputs)) result[name] = await executable.read(name);
  executable.dispose();
  return result;
}

function depthsOf(algorithm: Algorithm, layers: number): (number | null)[] {
  const asked = Array.from({ length: layers + 1 }, (_, depth) => algorithm.sharingDepth(depth, layers));
  return [...new Set(asked.filter((depth) => depth !== undefined))];
}

function sameGradients(what: string, a: Record<string, Data>, b: Record<string, Data>, tolerance: number): void {
  for (const name of Object.keys(b)) {
    if (name.startsWith("d:")) assertAlmost(`${what} ${name}`, a[name], b[name], tolerance);
  }
}

for (const algorithm of trained) {
  for (const setting of settings) {
    Deno.test(`${algorithm.name}: the outer gradient of ${setting.name} equals float64 central differences at every sharing depth`, async () => {
      const reference = cpuBackend(64);
      for (const depth of depthsOf(algorithm, setting.model.layers.length)) {
        for (const innerSteps of [1, 2]) {
          const knobs = { depth, innerLr: 0.2, innerSteps };
          const exact = await gradientsOf(reference, algorithm, setting, knobs);
          const numeric = await numericGradients(algorithm, setting, knobs);
          sameGradients(`d = ${depth}, S = ${innerSteps}:`, exact, numeric, 2e-7);
        }
      }
    });
  }
}

/** The gradient an algorithm declares, from values of losses alone. */
async function numericGradients(algorithm: Algorithm, setting: Setting, knobs: Knobs): Promise<Record<string, Data>> {
  const { compiled, feeds, step } = objectiveProgram(algorithm, setting, knobs);
  const keys = parameterSlots(setting.model).map(({ key }) => key);
  if (algorithm.outerGradient === "exact") {
    const executable = cpuBackend(64).compile(compiled);
    return await slopes(keys, feeds, async (moved) => {
      executable.run(moved);
      return (await executable.read("loss"))[0];
    });
  }
  // Both other kinds start from where the inner loop ends: θ_S per task.
  const [support, query] = step.batch;
  const all = algorithm.outerGradient === "displacement";
  const mask = algorithm.adaptationMask(knobs.depth, setting.model.layers.length);
  const ends: Record<string, Data> = all
    ? await descendByHand(setting, feeds, knobs)
    : await adaptByHand(step, support, mask, feeds);
  if (all) {
    return Object.fromEntries(keys.map((key) => {
      const mean = feeds[key].map((_, i) => (ends[key][i] + ends[key][feeds[key].length + i]) / TASKS);
      return [`d:${key}`, feeds[key].map((value, i) => (value - mean[i]) / (knobs.innerLr * knobs.innerSteps))];
    }));
  }
  const graph = new Graph();
  const params = toLayers(setting.model, ({ key, shape }) => graph.input(key, [TASKS, ...shape]));
  const x = graph.input("x1", query.x.shape);
  const loss = meanAll(setting.loss(forward(setting.model, params, x), graph.input("y1", query.y.shape)));
  const executable = cpuBackend(64).compile(program({ outputs: { loss } }));
  const shifts = Object.fromEntries(keys.map((key) => [key, new Float64Array(feeds[key].length)]));
  return await slopes(keys, shifts, async (moved) => {
    const shifted = keys.map((key) => [key, ends[key].map((value, i) => value + moved[key][i % moved[key].length])]);
    executable.run({ ...Object.fromEntries(shifted), x1: feeds.x1, y1: feeds.y1 });
    return (await executable.read("loss"))[0];
  });
}

async function slopes(
  keys: readonly string[],
  at: Record<string, Float64Array>,
  f: (moved: Record<string, Float64Array>) => Promise<number>,
): Promise<Record<string, Data>> {
  const result: Record<string, Data> = {};
  for (const key of keys) result[`d:${key}`] = await centralDifferences((x) => f({ ...at, [key]: x }), at[key], 1e-6);
  return result;
}

/** θ_S of every task, [T, ...], by the inner loop without derivatives through it. */
async function adaptByHand(
  step: Parameters<NonNullable<Algorithm["objective"]>>[0],
  support: { x: Node; y: Node },
  mask: readonly boolean[],
  feeds: Record<string, Data>,
): Promise<Record<string, Data>> {
  const end = adapt({ ...step, support, mask, secondOrder: false })[step.innerSteps];
  const outputs = Object.fromEntries(parameterSlots(step.model).map(({ key, layer, name }) => [key, end[layer][name]]));
  const executable = cpuBackend(64).compile(program({ outputs }));
  executable.run(feeds);
  const result: Record<string, Data> = {};
  for (const key of Object.keys(outputs)) {
    const value = Array.from(await executable.read(key));
    result[key] = Float64Array.from(outputs[key].shape[0] === TASKS ? value : [...value, ...value]);
  }
  return result;
}

/** Plain gradient descent per task on all of its examples, with central differences for gradients: nothing of the graph's derivatives is used. */
async function descendByHand(
  setting: Setting,
  feeds: Record<string, Float64Array>,
  knobs: Knobs,
): Promise<Record<string, Data>> {
  const graph = new Graph();
  const params = toLayers(setting.model, ({ key, shape }) => graph.input(key, [1, ...shape]));
  const total = setting.parts[0] + setting.parts[1];
  const losses = setting.parts.map((n, part) => {
    const x = graph.input(`x${part}`, [1, n, ...setting.inputShape]);
    return meanAll(setting.loss(forward(setting.model, params, x), graph.input(`y${part}`, [1, n, setting.outputs])));
  });
  const executable = cpuBackend(64).compile(program({ outputs: { l0: losses[0], l1: losses[1] } }));
  const keys = parameterSlots(setting.model).map(({ key }) => key);
  const ends: Record<string, number[]> = Object.fromEntries(keys.map((key) => [key, []]));
  for (let task = 0; task < TASKS; task++) {
    const own = (name: string) =>
      feeds[name].subarray(task * feeds[name].length / TASKS, (task + 1) * feeds[name].length / TASKS);
    const batch = Object.fromEntries(["x0", "y0", "x1", "y1"].map((name) => [name, own(name)]));
    let theta: Record<string, Float64Array> = Object.fromEntries(keys.map((key) => [key, feeds[key]]));
    for (let k = 0; k < knobs.innerSteps; k++) {
      const gradient = await slopes(keys, theta, async (moved) => {
        executable.run({ ...moved, ...batch });
        const [l0, l1] = [(await executable.read("l0"))[0], (await executable.read("l1"))[0]];
        return (setting.parts[0] * l0 + setting.parts[1] * l1) / total;
      });
      theta = Object.fromEntries(
        keys.map((key) => [key, theta[key].map((v, i) => v - knobs.innerLr * gradient[`d:${key}`][i])]),
      );
    }
    for (const key of keys) ends[key].push(...theta[key]);
  }
  return Object.fromEntries(keys.map((key) => [key, Float64Array.from(ends[key])]));
}

for (const entry of (Object.values(backendEntries) as BackendEntry[]).filter(({ name }) => name !== "cpu")) {
  const missing = await entry.missing();
  Deno.test({
    name: `every algorithm's outer gradient on backend "${entry.name}" agrees with float64${
      missing ? ` (${missing})` : ""
    }`,
    ignore: missing !== undefined,
    // Devices keep buffers and timers of their own for as long as the process lives.
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const backend = await entry.open();
      for (const algorithm of trained) {
        for (const setting of settings) {
          for (const depth of depthsOf(algorithm, setting.model.layers.length)) {
            const knobs = { depth, innerLr: 0.2, innerSteps: 2 };
            const actual = await gradientsOf(backend, algorithm, setting, knobs);
            const expected = await gradientsOf(cpuBackend(64), algorithm, setting, knobs);
            sameGradients(`${algorithm.name}, ${setting.name}, d = ${depth}:`, actual, expected, 5e-5);
          }
        }
      }
    },
  });
}

const exact = (algorithm: Algorithm, knobs: Knobs, setting = regression) =>
  gradientsOf(cpuBackend(64), algorithm, setting, knobs);
const L = regression.model.layers.length;

Deno.test("with inner learning rate 0, MAML, first-order MAML, ANIL and BOIL have one and the same outer gradient", async () => {
  const base = await exact(algorithms.maml, { depth: 0, innerLr: 0, innerSteps: 3 });
  for (const algorithm of [algorithms.fomaml, algorithms.anil, algorithms.boil]) {
    sameGradients(algorithm.name, await exact(algorithm, { depth: 0, innerLr: 0, innerSteps: 3 }), base, 1e-13);
  }
});

Deno.test("at sharing depth L there is no inner loop: the step size does not matter, and first-order MAML is MAML", async () => {
  const base = await exact(algorithms.maml, { depth: L, innerLr: 0, innerSteps: 1 });
  sameGradients("maml", await exact(algorithms.maml, { depth: L, innerLr: 0.3, innerSteps: 4 }), base, 0);
  sameGradients("fomaml", await exact(algorithms.fomaml, { depth: L, innerLr: 0.3, innerSteps: 4 }), base, 0);
});

Deno.test("ANIL is MAML at sharing depth L - 1", async () => {
  const knobs = { depth: L - 1, innerLr: 0.2, innerSteps: 3 };
  sameGradients("anil", await exact(algorithms.anil, knobs), await exact(algorithms.maml, knobs), 0);
});

Deno.test("Reptile with one inner step descends along the joint gradient, whatever the step size", async () => {
  const joint = await exact(algorithms.pooled, { depth: L, innerLr: 0, innerSteps: 1 });
  for (const innerLr of [0.01, 0.5]) {
    sameGradients("reptile", await exact(algorithms.reptile, { depth: 0, innerLr, innerSteps: 1 }), joint, 1e-12);
  }
});

Deno.test("multi-task learning at sharing depth L is pooled training", async () => {
  const knobs = { depth: L, innerLr: 0.1, innerSteps: 1 };
  sameGradients("mtl", await exact(algorithms.mtl, knobs), await exact(algorithms.pooled, knobs), 0);
});
