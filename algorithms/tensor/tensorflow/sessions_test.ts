import { deepStrictEqual as equal, ok } from "node:assert";
import type { Data } from "../backend.ts";
import { cpuBackend } from "../cpu.ts";
import { grad } from "../grad.ts";
import { Graph, type Node } from "../graph.ts";
import { conv2d } from "../nn.ts";
import * as op from "../ops.ts";
import { type Program, program } from "../program.ts";
import { assertAlmost, spread } from "../../testing/tensor.ts";
import { loadBinding, openTensorflow, tensorflowMissing } from "./open.ts";
import { hasSessions, sessionBackend } from "./sessions.ts";
import { translate } from "./translate.ts";

/** Registers a test that needs native TensorFlow. */
function native(sentence: string, fn: () => Promise<void>): void {
  const missing = tensorflowMissing();
  const name = missing === undefined ? sentence : `${sentence} (not here: ${missing})`;
  Deno.test({ name, ignore: missing !== undefined, sanitizeResources: false, fn });
}

/** The loss of two convolutions with filters per task or shared, its gradient, and the gradient of that gradient's square. */
function convolutions(
  tasks: 1 | 2,
  kernel: number,
  stride: number,
): { compiled: Program; feeds: Record<string, Data> } {
  const graph = new Graph();
  const x = graph.input("x", [2, 3, 5, 4, 2]);
  const filters = [
    graph.input("w0", [tasks, kernel * kernel * 2, 3]),
    graph.input("w1", [tasks, kernel * kernel * 3, 4]),
  ];
  const hidden = op.tanh(conv2d(x, filters[0], undefined, kernel, stride));
  const loss = op.sumAll(op.square(conv2d(hidden, filters[1], undefined, kernel, stride)));
  const first = grad(loss, [x, ...filters]);
  const square = first.map((g) => op.sumAll(op.square(g))).reduce(op.add);
  const second = grad(square, [x, ...filters]);
  const outputs: Record<string, Node> = { loss };
  [...first, ...second].forEach((node, i) => outputs[`gradient${i}`] = node);
  const feeds = Object.fromEntries([x, ...filters].map((node, i) => {
    const size = node.shape.reduce((a, b) => a * b, 1);
    return [i === 0 ? "x" : `w${i - 1}`, Float32Array.from(spread(size, -0.5, 0.5, i))];
  }));
  return { compiled: program({ outputs }), feeds };
}

for (const [tasks, kernel, stride] of [[1, 3, 2], [2, 3, 2], [2, 2, 1], [1, 1, 3]] as const) {
  native(
    `convolutions of window ${kernel}, stride ${stride}, with ${tasks} filters equal the reference to second order`,
    async () => {
      const { compiled, feeds } = convolutions(tasks, kernel, stride);
      const results: Record<string, Data>[] = [];
      for (const backend of [await openTensorflow(), cpuBackend(64)]) {
        const executable = backend.compile(compiled);
        executable.run(feeds);
        const read: Record<string, Data> = {};
        for (const name of Object.keys(compiled.outputs)) read[name] = await executable.read(name);
        executable.dispose();
        results.push(read);
      }
      for (const [name, value] of Object.entries(results[0])) assertAlmost(name, value, results[1][name], 2e-5);
    },
  );
}

Deno.test("convolutions and their derivatives are found, and no patches are made for them", () => {
  const ops = translate(convolutions(2, 3, 2).compiled).operations.map((operation) => operation.op);
  for (const name of ["Conv2D", "Conv2DBackpropFilter", "Conv2DBackpropInput"]) ok(ops.includes(name), name);
  ok(!ops.includes("ExtractImagePatches") && !ops.includes("GatherV2"));
});

Deno.test("relu's derivative is one kernel, and repeated values are not made where the kernels repeat them", () => {
  const graph = new Graph();
  const [x, row] = [graph.input("x", [4, 3]), graph.input("row", [1, 3])];
  const wide = op.broadcastTo(row, [4, 3]);
  const [slope] = grad(op.sumAll(op.square(op.relu(x))), [x]);
  const opsOf = (node: Node) => translate(program({ outputs: { node } })).operations.map((operation) => operation.op);
  ok(opsOf(op.mul(slope, wide)).includes("ReluGrad"));
  ok(!opsOf(op.mul(slope, wide)).includes("BroadcastTo") && !opsOf(op.sub(wide, op.tanh(x))).includes("BroadcastTo"));
  // Nothing else would give this sum its shape.
  ok(opsOf(op.add(wide, op.broadcastTo(op.exp(row), [4, 3]))).includes("BroadcastTo"));
});

native("the same program gives the same bits on every run and in every session", async () => {
  const { compiled, feeds } = convolutions(2, 3, 2);
  const binding = loadBinding();
  ok(hasSessions(binding));
  const seen = new Set<string>();
  // The settings for GPUs have TensorFlow's usual executor, whose order of operations is its own.
  for (const device of ["CPU", "CPU", "GPU"] as const) {
    const executable = sessionBackend(binding, device).compile(compiled);
    for (let run = 0; run < 3; run++) {
      executable.run(feeds);
      const values = [];
      for (const name of Object.keys(compiled.outputs)) values.push(...await executable.read(name));
      seen.add(new Uint32Array(Float32Array.from(values).buffer).join(" "));
    }
    executable.dispose();
  }
  equal(seen.size, 1);
});

native("sessions keep their states apart, account for them and give memory back", async () => {
  const graph = new Graph();
  const sum = graph.state("sum", [1000]);
  const compiled = program({ outputs: {}, updates: [{ state: sum, value: op.add(sum, graph.input("x", [1000])) }] });
  const backend = await openTensorflow();
  const before = Number(backend.memoryBytes());
  const [a, b] = [backend.compile(compiled), backend.compile(compiled)];
  equal(Number(backend.memoryBytes()) - before, 2 * 2 * 4000);
  const feeds = { x: new Float32Array(1000).fill(1) };
  for (let run = 0; run < 200; run++) a.run(feeds);
  const resident = Deno.memoryUsage().rss;
  for (let run = 0; run < 5000; run++) a.run(feeds);
  // One lost result of 4 kB per run would be 20 MB.
  ok(Deno.memoryUsage().rss - resident < 10e6, `${(Deno.memoryUsage().rss - resident) / 1e6} MB more`);
  equal((await a.getState("sum"))[999], 5200);
  equal((await b.getState("sum"))[999], 0);
  a.setState("sum", new Float32Array(1000).fill(-1));
  a.run(feeds);
  equal((await a.getState("sum"))[0], 0);
  a.dispose();
  b.dispose();
  equal(Number(backend.memoryBytes()), before);
});
