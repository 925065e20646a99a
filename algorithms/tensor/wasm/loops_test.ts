import fc from "fast-check";
import { cpuBackend } from "../cpu.ts";
import { Graph, type Node, type Shape, sizeOf } from "../graph.ts";
import * as op from "../ops.ts";
import { assemble, type Program } from "../program.ts";
import { assertAlmost, spread } from "../../testing/tensor.ts";
import { OPCODE } from "./encode.ts";
import { planMemory } from "./plan.ts";
import { wasmBackend } from "./wasm.ts";

/** One operation of a random program on values picked by number; none lets magnitudes or rounding errors grow. */
const operations: readonly ((x: Node, y: Node, axes: readonly number[]) => Node)[] = [
  (x, y) => op.scale(op.add(x, y), 0.5),
  (x, y) => op.scale(op.sub(x, y), 0.5),
  (x, y) => op.mul(x, op.clip(y, -1, 1)),
  (x, y) => op.div(x, op.offset(op.square(y), 1)),
  (x, y) => op.maximum(x, y),
  (x, y) => op.minimum(x, op.scale(y, -1)),
  (x, y) => op.select(x, op.offset(y, -1)),
  (x) => op.relu(x),
  (x) => op.sqrt(op.offset(op.square(x), 1)),
  (x) => op.scale(op.offset(x, -0.25), -0.75),
  (x, _, axes) => op.mean(x, axes),
  (x, _, axes) => op.scale(op.sum(x, axes), 1 / sizeOf(x.shape)),
  (x, y) => op.exp(op.clip(op.sub(x, y), -2, 0)),
  (x) => op.transpose(op.reshape(x, [...x.shape]), [0, 2, 1]),
  (x) => op.reshape(op.scale(x, 0.5), [1, x.shape[0] * x.shape[1], x.shape[2]]),
  (x) => op.matmul(x, op.scale(x, 1 / (x.shape[2] + 1)), false, true),
  (x, y) => op.broadcastTo(x, op.broadcastShape(x.shape, y.shape)),
];

const programs = fc.record({
  space: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 9 }))),
  narrow: fc.array(fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), { minLength: 2, maxLength: 5 }),
  list: fc.array(
    fc.record({
      kind: fc.nat({ max: operations.length - 1 }),
      x: fc.nat(),
      y: fc.nat(),
      axes: fc.subarray([0, 1, 2], { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  outputs: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
});

function fits(x: Shape, y: Shape): boolean {
  return x.every((extent, axis) => extent === y[axis] || extent === 1 || y[axis] === 1);
}

type Description = typeof programs extends fc.Arbitrary<infer T> ? T : never;

function build(
  { space, narrow, list, outputs }: Description,
): { program: Program; feeds: Record<string, Float64Array> } {
  const graph = new Graph();
  const feeds: Record<string, Float64Array> = {};
  const values: Node[] = narrow.map((flags, index) => {
    const shape = space.map((extent, axis) => flags[axis] ? 1 : extent);
    feeds[`x${index}`] = spread(sizeOf(shape), -1, 1, index);
    return graph.input(`x${index}`, shape);
  });
  values.push(op.step(values[0]), graph.constant(0.3, space));
  for (const { kind, x, y, axes } of list) {
    const [left, right] = [values[x % values.length], values[y % values.length]];
    if (!fits(left.shape, right.shape)) continue;
    values.push(operations[kind](left, right, axes));
  }
  const named = outputs.map((index, position) => [`out${position}`, values[values.length - 1 - index % values.length]]);
  return { program: assemble({ outputs: Object.fromEntries(named) }), feeds };
}

Deno.test("random programs of elementwise operations, sums and others agree with float64, and are the same to the bit when run again", async () => {
  const wasm = await wasmBackend();
  await fc.assert(
    fc.asyncProperty(programs, async (description) => {
      const { program, feeds } = build(description);
      const [actual, expected] = [wasm, cpuBackend(64)].map((backend) => backend.compile(program));
      expected.run(feeds);
      actual.run(feeds);
      const once = new Map<string, ArrayLike<number>>();
      for (const name of Object.keys(program.outputs)) {
        once.set(name, await actual.read(name));
        assertAlmost(name, await actual.read(name), await expected.read(name), 1e-5);
      }
      actual.run(feeds);
      for (const [name, values] of once) assertAlmost(`${name}, run again`, await actual.read(name), values, 0);
      actual.dispose();
    }),
    { numRuns: 400 },
  );
});

Deno.test("a batch norm is three passes: mean, variance, and the rest with its ReLU", () => {
  const graph = new Graph();
  const [x, gamma, beta] = [
    graph.input("x", [8, 300, 64]),
    graph.input("gamma", [8, 1, 64]),
    graph.input("beta", [8, 1, 64]),
  ];
  const centred = op.sub(x, op.mean(x, [1]));
  const deviation = op.sqrt(op.offset(op.mean(op.square(centred), [1]), 1e-3));
  const y = op.relu(op.add(op.mul(op.div(centred, deviation), gamma), beta));
  const { words, functions, end } = planMemory(assemble({ outputs: { y } }), 0);
  const wide = functions.length - 2; // the mean's and the deviation's own small loops
  if (words.length !== functions.length * 3 || words.some((word, at) => at % 3 === 0 && word !== OPCODE.loop)) {
    throw new Error(`something else than loops: ${words}`);
  }
  if (wide !== 3) throw new Error(`${wide} passes`);
  const images = 8 * 300 * 64 * 4;
  if (end > 2.1 * images) throw new Error(`${end} bytes, more than x and y`);
});

Deno.test("loops over one element, over fewer than four, and over every remainder of four are right", async () => {
  const wasm = await wasmBackend();
  for (const length of [1, 2, 3, 4, 5, 6, 7, 8, 9, 31]) {
    const graph = new Graph();
    const [x, row] = [graph.input("x", [3, length]), graph.input("row", [1, length])];
    const scaled = op.mul(op.sub(x, row), op.offset(x, 0.5));
    const outputs = { scaled, rows: op.sum(scaled, [1]), columns: op.sum(scaled, [0]), all: op.sum(scaled, [0, 1]) };
    const compiled = assemble({ outputs });
    const feeds = { x: spread(3 * length, -1, 1, 1), row: spread(length, -1, 1, 2) };
    const [actual, expected] = [wasm, cpuBackend(64)].map((backend) => backend.compile(compiled));
    actual.run(feeds);
    expected.run(feeds);
    for (const name of Object.keys(outputs)) {
      assertAlmost(`${name} of ${length}`, await actual.read(name), await expected.read(name), 1e-6);
    }
  }
});

Deno.test("a sum of many terms does not keep them all in memory", async () => {
  const graph = new Graph();
  const columns = 40;
  const [x, y] = [graph.input("x", [1, 5, columns]), graph.input("y", [1, 5, 3000])];
  let total: Node = graph.constant(0, [1, 3000, columns]);
  for (let index = 0; index < 60; index++) {
    const term = op.matmul(y, op.offset(x, index / 60), true, false);
    total = index % 2 === 0 ? op.add(total, term) : op.sub(total, term);
  }
  const compiled = assemble({ outputs: { total } });
  const { end } = planMemory(compiled, 0);
  const matrix = 3000 * columns * 4;
  if (end > 11 * matrix) throw new Error(`${end} bytes, ${(end / matrix).toFixed(1)} times as many as one term`);
  const feeds = { x: spread(5 * columns, -1, 1, 1), y: spread(5 * 3000, -1, 1, 2) };
  const [actual, expected] = [await wasmBackend(), cpuBackend(64)].map((backend) => backend.compile(compiled));
  actual.run(feeds);
  expected.run(feeds);
  assertAlmost("total", await actual.read("total"), await expected.read("total"), 1e-5);
});
