import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Data } from "../tensor/backend.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph } from "../tensor/graph.ts";
import { program } from "../tensor/program.ts";
import { wasmBackend } from "../tensor/wasm/wasm.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { clipped, type Clipping } from "./clipping.ts";

const SHAPES = [[1, 3], [2, 2, 1], [1]] as const;

/** Clips tensors of these shapes that have these values, one after the other. */
async function clip(values: Float64Array, clipping: Clipping | null, backend = cpuBackend(64)): Promise<number[]> {
  const graph = new Graph();
  const gradients = SHAPES.map((shape, i) => graph.input(`g${i}`, shape));
  const outputs = clipped(gradients, clipping);
  const executable = backend.compile(
    program({ outputs: Object.fromEntries(outputs.map((node, i) => [`c${i}`, node])) }),
  );
  executable.run({ g0: values.subarray(0, 3), g1: values.subarray(3, 7), g2: values.subarray(7) });
  const parts: Data[] = await Promise.all(outputs.map((_, i) => executable.read(`c${i}`)));
  return parts.flatMap((part) => [...part]);
}

const length = (values: ArrayLike<number>) => Math.hypot(...Array.from(values));

Deno.test("clipping by norm keeps the direction of all gradients together and leaves no more than the limit", async () => {
  const values = spread(8, -2, 2, 3);
  const limit = length(values) / 3;
  const actual = await clip(values, { by: "norm", limit });
  assertAlmost("a third", actual, values.map((value) => value / 3), 1e-12);
  assertAlmost("length", [length(actual)], [limit], 1e-12);
  equal(await clip(values, { by: "norm", limit: 1.001 * length(values) }), [...values]);
});

Deno.test("clipping by value takes every element by itself", async () => {
  const values = Float64Array.of(-5, -0.5, 0, 0.5, 5, 0.25, -0.25, 1e300);
  equal(await clip(values, { by: "value", limit: 0.5 }), [-0.5, -0.5, 0, 0.5, 0.5, 0.25, -0.25, 0.5]);
});

Deno.test("gradients of zero stay zero under every clipping, without a division by zero", async () => {
  const zero = new Float64Array(8);
  for (const by of ["value", "norm", "task-norm"] as const) equal(await clip(zero, { by, limit: 0.1 }), [...zero]);
});

Deno.test("without clipping, and where tasks were clipped one by one, gradients stay as they are", async () => {
  const values = spread(8, -2, 2, 5);
  for (const clipping of [null, { by: "task-norm", limit: 1e-3 } as const]) {
    equal(await clip(values, clipping), [...values]);
  }
});

Deno.test("a gradient that is not a number stays visible under clipping, so that the training notices it", async () => {
  const values = Float64Array.of(NaN, 1, 1, 1, 1, 1, 1, 1);
  for (const backend of [cpuBackend(64), await wasmBackend()]) {
    const [byValue, ...others] = await clip(values, { by: "value", limit: 0.5 }, backend);
    ok(Number.isNaN(byValue), backend.name);
    equal(others, Array(7).fill(0.5));
    ok((await clip(values, { by: "norm", limit: 0.5 }, backend)).every(Number.isNaN), backend.name);
  }
});
