/**
 * The TensorFlow.js executor and TensorFlow's graphs against the reference interpreter, on every device there is: TensorFlow.js's own
 * plain JavaScript kernels always, native TensorFlow where it is set up, WebGPU where there is an adapter.
 */
import { deepStrictEqual as equal, ok, rejects, throws } from "node:assert";
import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-backend-cpu";
import fc from "fast-check";
import type { Backend, Data } from "./backend.ts";
import { cpuBackend } from "./cpu.ts";
import { Graph, type Node, type PatchAttributes, type PrimitiveName, sizeOf } from "./graph.ts";
import * as op from "./ops.ts";
import { patchGeometry, patchIndices, pixelIndices } from "./patches.ts";
import { program, type ProgramRequest } from "./program.ts";
import { openOpByOp, openTensorflow, tensorflowMissing } from "./tensorflow/open.ts";
import { tfjsBackend } from "./tfjs.ts";
import { openWebgpu, webgpuAdapter } from "./webgpu.ts";

interface Device {
  readonly name: string;
  /** Why it cannot be tested here. */
  readonly missing?: string;
  open(): Promise<Backend>;
}

const devices: readonly Device[] = [
  {
    name: "tfjs-cpu",
    async open() {
      tf.enableProdMode();
      await tf.setBackend("cpu");
      return tfjsBackend(tf, "cpu", "tfjs-cpu", "plain JavaScript kernels");
    },
  },
  { name: "tensorflow", missing: tensorflowMissing(), open: openTensorflow },
  { name: "tensorflow, one by one,", missing: tensorflowMissing(), open: openOpByOp },
  { name: "webgpu", missing: await webgpuAdapter() ? undefined : "no adapter", open: openWebgpu },
];

/** Registers a test for each device. */
function onEveryDevice(sentence: string, test: (backend: Backend) => Promise<void>, those = devices): void {
  for (const { name, missing, open } of those) {
    const title = missing === undefined ? `${name} ${sentence}` : `${name} ${sentence} (not here: ${missing})`;
    // Devices keep buffers and timers of their own for as long as the process lives.
    Deno.test(
      { name: title, ignore: missing !== undefined, sanitizeOps: false, sanitizeResources: false },
      async () => {
        await test(await open());
      },
    );
  }
}

/** Irregular positive and negative numbers. */
function wave(length: number, phase = 0): Float32Array {
  return Float32Array.from({ length }, (_, i) => Math.sin(1.7 * i + phase) * (1 + i % 3));
}

/** Runs a request on a backend; inputs are waves, indices are fed by `feeds`. */
async function outputs(
  backend: Backend,
  request: ProgramRequest,
  feeds: Readonly<Record<string, Data>>,
): Promise<Record<string, number[]>> {
  const executable = backend.compile(program(request));
  try {
    executable.run(feeds);
    const names = Object.keys(request.outputs);
    const read = await Promise.all(names.map(async (name) => [name, Array.from(await executable.read(name))] as const));
    return Object.fromEntries(read);
  } finally {
    executable.dispose();
  }
}

function close(got: Record<string, number[]>, wanted: Record<string, number[]>): void {
  equal(Object.keys(got), Object.keys(wanted));
  for (const [name, values] of Object.entries(wanted)) {
    equal(got[name].length, values.length, name);
    values.forEach((value, i) => {
      const error = Math.abs(got[name][i] - value);
      ok(error <= 2e-5 * (1 + Math.abs(value)), `${name}[${i}] is ${got[name][i]}, not ${value}`);
    });
  }
}

/** One small example of every primitive; a new primitive without one is a type error. */
type Example = (g: Graph, x: Node, y: Node) => readonly Node[];
const examples: { readonly [P in PrimitiveName]: Example } = {
  input: (_, x) => [x],
  state: (g) => [op.offset(g.state("s", [2, 3]), 1)],
  constant: (g) => [g.constant(-2.5, [2, 3]), g.constant(4)],
  scale: (_, x) => [op.scale(x, -0.3)],
  offset: (_, x) => [op.offset(x, 0.7)],
  exp: (_, x) => [op.exp(x)],
  log: (_, x) => [op.log(op.offset(op.square(x), 0.1))],
  sqrt: (_, x) => [op.sqrt(op.square(x))],
  tanh: (_, x) => [op.tanh(x)],
  relu: (_, x) => [op.relu(x)],
  step: (_, x, y) => [op.step(x), op.step(op.sub(y, y))],
  add: (_, x, y) => [op.add(x, y), op.add(x, op.sum(y, [1]))],
  sub: (_, x, y) => [op.sub(x, y), op.sub(op.sum(x, [0]), y)],
  mul: (_, x, y) => [op.mul(x, y), op.mul(x, op.sum(y, [0, 2]))],
  div: (_, x, y) => [op.div(x, op.offset(op.square(y), 1))],
  maximum: (_, x, y) => [op.maximum(x, y)],
  minimum: (_, x, y) => [op.minimum(x, y)],
  select: (_, x, y) => [op.select(x, y)],
  sum: (_, x) => [op.sum(x, [0]), op.sum(x, [1]), op.sum(x, [2]), op.sum(x, [0, 2]), op.sumAll(x)],
  maxLast: (_, x) => [op.maxLast(x)],
  matmul: (_, x, y) => [
    op.matmul(x, op.transpose(y, [0, 2, 1])),
    op.matmul(x, y, false, true),
    op.matmul(x, y, true, false),
    op.matmul(x, op.transpose(y, [0, 2, 1]), true, true),
    op.matmul(x, op.reshape(op.sum(y, [0]), [1, 3, 4]), false, true),
  ],
  reshape: (_, x) => [op.exp(op.reshape(x, [6, 4]))],
  transpose: (_, x) => [op.transpose(x, [2, 0, 1])],
  broadcast: (_, x) => [op.exp(op.broadcastTo(op.sum(x, [0, 2]), [2, 3, 4]))],
  im2col: (_, x) => [op.im2col(op.reshape(x, [2, 3, 2, 2]), 3, 2), op.im2col(op.reshape(x, [1, 4, 6, 1]), 3, 1)],
  col2im: (_, x) => [
    op.col2im(op.im2col(op.reshape(x, [2, 3, 2, 2]), 3, 2), 3, 2, 3, 2),
    op.col2im(op.im2col(op.reshape(x, [1, 4, 6, 1]), 2, 1), 2, 1, 4, 6),
  ],
  takeMax: (_, x, y) => [op.takeMax(op.reshape(x, [2, 3, 4, 1]), op.reshape(y, [2, 3, 4, 1]), 2)],
  putMax: (_, x, y) => [
    op.putMax(op.sum(op.reshape(x, [2, 3, 2, 2]), [1, 3]), op.reshape(y, [2, 3, 4, 1]), 2),
  ],
  takeRows: (g, x) => [op.takeRows(op.reshape(x, [6, 2, 2]), g.input("rows", [4]))],
  addRows: (g, x) => [op.addRows(op.reshape(x, [4, 3, 2]), g.input("rows", [4]), 6)],
  stopGradient: (_, x) => [op.stopGradient(x)],
};

onEveryDevice("gives the reference's value for every primitive", async (backend) => {
  for (const [name, example] of Object.entries(examples)) {
    const graph = new Graph();
    const inputs = [graph.input("x", [2, 3, 4]), graph.input("y", [2, 3, 4])] as const;
    const nodes = example(graph, ...inputs);
    const request = { outputs: Object.fromEntries(nodes.map((node, i) => [`${name}${i}`, node])) };
    const feeds = { x: wave(24), y: wave(24, 2), rows: Float32Array.of(5, 0, 3, 0) };
    close(await outputs(backend, request, feeds), await outputs(cpuBackend(64), request, feeds));
  }
});

onEveryDevice("lets not-a-number through relu, max and sums", async (backend) => {
  const graph = new Graph();
  const x = graph.input("x", [1, 2]);
  const nodes = { relu: op.relu(x), sum: op.sum(x, [1]), scaled: op.scale(x, 0) };
  const result = await outputs(backend, { outputs: nodes }, { x: Float32Array.of(NaN, 1) });
  ok(
    Number.isNaN(result.relu[0]) && Number.isNaN(result.sum[0]) && Number.isNaN(result.scaled[0]),
    JSON.stringify(result),
  );
});

onEveryDevice("updates all states together after the run", async (backend) => {
  const graph = new Graph();
  const [a, b, x] = [graph.state("a", [2]), graph.state("b", [2]), graph.input("x", [2])];
  const executable = backend.compile(program({
    outputs: { sum: op.add(a, b) },
    updates: [{ state: a, value: b }, { state: b, value: op.add(a, x) }],
  }));
  executable.setState("a", Float32Array.of(1, 2));
  const feeds = { x: Float32Array.of(10, 20) };
  executable.run(feeds);
  feeds.x.fill(NaN);
  equal(Array.from(await executable.getState("a")), [0, 0]);
  equal(Array.from(await executable.getState("b")), [11, 22]);
  equal(Array.from(await executable.read("sum")), [1, 2]);
  executable.dispose();
});

onEveryDevice("keeps a state and an output that are an input when the next input comes", async (backend) => {
  const graph = new Graph();
  const [kept, x] = [graph.state("kept", [2, 2]), graph.input("x", [4])];
  const executable = backend.compile(program({
    outputs: { y: x, before: kept },
    updates: [{ state: kept, value: op.reshape(x, [2, 2]) }],
  }));
  executable.run({ x: Float32Array.of(1, 2, 3, 4) });
  equal(Array.from(await executable.read("y")), [1, 2, 3, 4]);
  executable.run({ x: Float32Array.of(5, 6, 7, 8) });
  equal(Array.from(await executable.read("y")), [5, 6, 7, 8]);
  equal(Array.from(await executable.read("before")), [1, 2, 3, 4]);
  equal(Array.from(await executable.getState("kept")), [5, 6, 7, 8]);
  executable.dispose();
});

onEveryDevice("updates the rows asked for and no others", async (backend) => {
  const graph = new Graph();
  const table = graph.state("table", [4, 2]);
  const [x, rows] = [graph.input("x", [2, 2]), graph.input("rows", [2])];
  const value = op.add(op.takeRows(table, rows), x);
  const executable = backend.compile(program({ outputs: { value }, updates: [{ state: table, value, rows }] }));
  executable.setState("table", Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
  executable.run({ x: Float32Array.of(10, 20, 30, 40), rows: Float32Array.of(3, 1) });
  equal(Array.from(await executable.getState("table")), [0, 1, 32, 43, 4, 5, 16, 27]);
  equal(Array.from(await executable.read("value")), [16, 27, 32, 43]);
  executable.dispose();
});

// Graphs of TensorFlow have no tensors of TensorFlow.js: for them, sessions_test.ts watches the memory.
const ofKernels = devices.filter(({ name }) => name !== "tensorflow");
onEveryDevice("keeps no tensor of a run but outputs and states", async (backend) => {
  const graph = new Graph();
  const [state, x] = [graph.state("w", [1, 5, 5]), graph.input("x", [1, 5, 5])];
  const image = op.reshape(op.matmul(state, x), [1, 5, 5, 1]);
  const value = op.reshape(op.col2im(op.im2col(image, 3, 2), 3, 2, 5, 5), [1, 5, 5]);
  const executable = backend.compile(program({ outputs: { x, state, value }, updates: [{ state, value }] }));
  executable.run({ x: wave(25) });
  await executable.read("value");
  const before = tf.memory().numTensors;
  for (let i = 0; i < 3; i++) executable.run({ x: wave(25, i) });
  await executable.read("value");
  equal(tf.memory().numTensors, before);
  executable.dispose();
  ok(tf.memory().numTensors < before);
}, ofKernels);

onEveryDevice("says which name or length is wrong", async (backend) => {
  const graph = new Graph();
  const executable = backend.compile(program({ outputs: { y: op.exp(graph.input("x", [3])) } }));
  throws(() => executable.run({}), /input "x" is not fed/);
  throws(() => executable.run({ x: new Float32Array(2) }), /takes 3 numbers, not 2/);
  throws(() => executable.setState("w", new Float32Array(1)), /no state named "w"/);
  await rejects(() => executable.read("z"), /no output named "z"/);
  await rejects(() => executable.read("y"), /before the first run/);
  executable.dispose();
});

onEveryDevice("gives every run the inputs that it was fed, however many wait", async (backend) => {
  const graph = new Graph();
  const [sum, x] = [graph.state("sum", [2000]), graph.input("x", [2000])];
  const [table, rows] = [graph.state("table", [5]), graph.input("rows", [1])];
  const updates = [
    { state: sum, value: op.add(sum, op.mul(x, x)) },
    { state: table, value: op.offset(op.takeRows(table, rows), 1), rows },
  ];
  const executable = backend.compile(program({ outputs: {}, updates }));
  // WebGPU computes what is small where it comes from, and is told of a few kernels at a time.
  for (let i = 0; i < 30; i++) executable.run({ x: new Float32Array(2000).fill(i), rows: Float32Array.of(i % 5) });
  equal(Array.from(await executable.getState("sum")), Array(2000).fill(29 * 30 * 59 / 6));
  equal(Array.from(await executable.getState("table")), Array(5).fill(6));
  executable.dispose();
});

Deno.test("devices used in turn within one process do not disturb each other", async () => {
  const graph = new Graph();
  const request = { outputs: { y: op.exp(graph.input("x", [3])) } };
  const present = devices.filter(({ missing }) => missing === undefined);
  const executables = [];
  for (const device of present) executables.push((await device.open()).compile(program(request)));
  for (let round = 0; round < 2; round++) {
    for (const executable of executables) {
      executable.run({ x: Float32Array.of(0, 0, 0) });
      equal(Array.from(await executable.read("y")), [1, 1, 1]);
    }
  }
  for (const executable of executables) executable.dispose();
});

Deno.test("a pixel is listed once for every patch element that holds it", () => {
  const extent = fc.integer({ min: 1, max: 9 });
  const geometry = fc.record({ kernel: fc.integer({ min: 1, max: 4 }), stride: extent, height: extent, width: extent });
  fc.assert(fc.property(geometry, (attributes: PatchAttributes) => {
    const { top, left, right, bottom } = patchGeometry(attributes);
    const [height, width] = [top + attributes.height + bottom, left + attributes.width + right];
    const patches = patchIndices(attributes);
    ok(patches.every((pixel) => pixel >= 0 && pixel < height * width));
    const inside = Array.from(patches.keys()).filter((element) => {
      const [y, x] = [Math.floor(patches[element] / width) - top, patches[element] % width - left];
      return y >= 0 && y < attributes.height && x >= 0 && x < attributes.width;
    });
    const { indices, overlap } = pixelIndices(attributes);
    equal(indices.length, sizeOf([attributes.height, attributes.width, overlap]));
    equal(Array.from(indices).filter((element) => element < patches.length).sort((a, b) => a - b), inside);
  }));
});
