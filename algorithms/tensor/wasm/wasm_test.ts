import fc from "fast-check";
import { cpuBackend } from "../cpu.ts";
import { Graph, type Node } from "../graph.ts";
import * as op from "../ops.ts";
import { program } from "../program.ts";
import { assertAlmost, spread } from "../../testing/tensor.ts";
import { wasmBackend } from "./wasm.ts";

Deno.test("matrix products of any size and layout agree with float64", async () => {
  const wasm = await wasmBackend();
  const extent = fc.integer({ min: 1, max: 40 });
  // The large ones cross the kernel's blocks of 256 (depth) and 96 (rows) and its limit for unpacked operands; the narrow ones are dot products.
  const large = fc.constantFrom([1, 97, 600, 33], [2, 7, 257, 70], [1, 200, 300, 9], [1, 5, 1000, 8], [1, 3, 1025, 3]);
  const narrow = fc.tuple(...[[1, 3], [1, 7], [30, 300], [1, 5]].map(([min, max]) => fc.integer({ min, max })));
  const sizes = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.integer({ min: 1, max: 3 }), extent, extent, extent) },
    {
      weight: 1,
      arbitrary: large,
    },
    { weight: 2, arbitrary: narrow },
    { weight: 2, arbitrary: narrow.map(([batch, m, k, n]) => [batch, n, k, m]) },
  );
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async ([batch, m, k, n], ta, tb) => {
      const graph = new Graph();
      const a = graph.input("a", ta ? [batch, k, m] : [batch, m, k]);
      const b = graph.input("b", tb ? [batch, n, k] : [batch, k, n]);
      const compiled = program({ outputs: { c: op.matmul(a, b, ta, tb) } });
      const feeds = { a: spread(batch * m * k, -1, 1, 1), b: spread(batch * k * n, -1, 1, 2) };
      const [actual, expected] = [wasm.compile(compiled), cpuBackend(64).compile(compiled)];
      actual.run(feeds);
      expected.run(feeds);
      assertAlmost(
        `${batch} x ${m} x ${k} x ${n}, ${ta}, ${tb}`,
        await actual.read("c"),
        await expected.read("c"),
        1e-5,
      );
      actual.dispose();
    }),
    { numRuns: 300 },
  );
});

Deno.test("a matrix times its own transpose of any size agrees with float64, and is symmetric to the bit", async () => {
  const wasm = await wasmBackend();
  const sizes = fc.tuple(...[[1, 3], [1, 210], [1, 40]].map(([min, max]) => fc.integer({ min, max })));
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), fc.boolean(), async ([batch, rows, depth], deep, transposed) => {
      const k = deep ? depth * 16 : depth;
      const graph = new Graph();
      const a = graph.input("a", transposed ? [batch, k, rows] : [batch, rows, k]);
      const compiled = program({ outputs: { c: op.matmul(a, a, transposed, !transposed) } });
      const feeds = { a: spread(batch * rows * k, -1, 1) };
      const [actual, expected] = [wasm.compile(compiled), cpuBackend(64).compile(compiled)];
      actual.run(feeds);
      expected.run(feeds);
      const c = await actual.read("c");
      assertAlmost(`${batch} x ${rows} x ${k}, ${transposed}`, c, await expected.read("c"), 1e-5);
      c.forEach((value, index) => {
        const [column, row] = [index % rows, Math.floor(index / rows) % rows];
        if (value !== c[index + (column - row) * (rows - 1)]) throw new Error(`${index} of ${batch} x ${rows} x ${k}`);
      });
      actual.dispose();
    }),
  );
});

Deno.test("exp is right to 2 units in the last place over its whole range, and at its ends", async () => {
  const wasm = await wasmBackend();
  const points = [...spread(20_000, -87, 88.7), 0, -0, 1e-8, -1e-8, 88.72, -103, -87.5];
  const executable = wasm.compile(program({ outputs: { y: op.exp(new Graph().input("x", [points.length])) } }));
  const x = Float32Array.from(points);
  executable.run({ x });
  (await executable.read("y")).forEach((y, i) => {
    const exact = Math.exp(x[i]);
    const ulp = Math.max(2 ** (Math.floor(Math.log2(exact)) - 23), 2 ** -149);
    if (Math.abs(y - exact) > 2 * ulp) throw new Error(`exp(${x[i]}) is ${y}, not ${exact}`);
  });
  const edges = wasm.compile(program({ outputs: { y: op.exp(new Graph().input("x", [5])) } }));
  edges.run({ x: Float32Array.of(NaN, Infinity, -Infinity, 200, -200) });
  const values = Array.from(await edges.read("y"));
  if (!values.every((value, i) => Object.is(value, [NaN, Infinity, 0, Infinity, 0][i]))) throw new Error(`${values}`);
});

Deno.test("the largest of a row is found wherever it stands, in rows of any length, and NaN is larger than all", async () => {
  const wasm = await wasmBackend();
  for (const width of [1, 5, 15, 16, 17, 63, 64, 79, 80, 81, 130]) {
    const executable = wasm.compile(program({ outputs: { y: op.maxLast(new Graph().input("x", [width, width])) } }));
    for (
      const [largest, others] of [[1, [-1, 0, 0.5]], [-1, [-2, -3]], [NaN, [1, 2]], [Infinity, [-Infinity, 3]]] as const
    ) {
      const x = Float32Array.from({ length: width ** 2 }, (_, i) => others[i % others.length]);
      for (let row = 0; row < width; row++) x[row * width + row] = largest; // in every row at another place
      executable.run({ x });
      const found = await executable.read("y");
      if (!found.every((value) => Object.is(value, largest))) throw new Error(`${width}: ${found}`);
    }
  }
});

Deno.test("NaN passes through relu and comparisons, so a broken training is seen", async () => {
  const x = new Graph().input("x", [5]);
  const executable = (await wasmBackend()).compile(program({ outputs: { relu: op.relu(x), clip: op.clip(x, -1, 1) } }));
  executable.run({ x: Float32Array.of(NaN, 1, -1, NaN, 2) });
  for (const name of ["relu", "clip"]) {
    const values = await executable.read(name);
    if (!Number.isNaN(values[0]) || !Number.isNaN(values[3])) throw new Error(`${name}: ${values}`);
  }
});

Deno.test("updates take effect together, rows change only where they are named, and outputs show the values before", async () => {
  for (const backend of [await wasmBackend(), cpuBackend(32)]) {
    const graph = new Graph();
    const [a, b, table] = [graph.state("a", [2]), graph.state("b", [2]), graph.state("table", [4, 2])];
    const rows = graph.input("rows", [2]);
    const compiled = program({
      outputs: { a: op.scale(a, 1), sum: op.add(a, b) },
      updates: [
        { state: a, value: b },
        { state: b, value: a },
        { state: table, value: op.offset(op.takeRows(table, rows), 10), rows },
      ],
    });
    const executable = backend.compile(compiled);
    executable.setState("a", Float32Array.of(1, 2));
    executable.setState("b", Float32Array.of(3, 4));
    executable.setState("table", Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7));
    executable.run({ rows: Float32Array.of(3, 1) });
    assertAlmost("sum", await executable.read("sum"), [4, 6], 0);
    assertAlmost("a", await executable.getState("a"), [3, 4], 0);
    assertAlmost("b", await executable.getState("b"), [1, 2], 0);
    assertAlmost("table", await executable.getState("table"), [0, 1, 12, 13, 4, 5, 16, 17], 0);
  }
});

Deno.test("a program may be disposed, and running it then is an internal error", async () => {
  const backend = await wasmBackend();
  const x: Node = new Graph().input("x", [3]);
  const executable = backend.compile(program({ outputs: { y: op.exp(x) } }));
  if (!(Number(backend.memoryBytes()) > 0)) throw new Error("memory is not accounted for");
  executable.dispose();
  if (backend.memoryBytes() !== 0) throw new Error("memory is still accounted for");
  let message = "";
  try {
    executable.run({ x: new Float32Array(3) });
  } catch (error) {
    message = String(error);
  }
  if (!message.includes("disposed")) throw new Error(message);
});
