import { Matrix, solve as solveByLu } from "ml-matrix";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { cpuBackend } from "./cpu.ts";
import { Graph } from "./graph.ts";
import { program } from "./program.ts";
import { shifted, solve } from "./solve.ts";
import { wasmBackend } from "./wasm/wasm.ts";

const TASKS = 3;

/** Gram matrices of points with entries of this size, made definite by a share of their mean diagonal, and right-hand sides. */
function systems(n: number, width: number, size: number, share: number) {
  const points = Array.from({ length: TASKS }, (_, t) => {
    return Matrix.from1DArray(n, width, Array.from(spread(n * width, -size, size, t)));
  });
  const b = spread(TASKS * n * 2, -1, 1, 9);
  const shift = share * points[0].mmul(points[0].transpose()).trace() / n;
  const expected = points.flatMap((x, t) => {
    const gram = x.mmul(x.transpose()).add(Matrix.eye(n).mul(shift));
    return solveByLu(gram, Matrix.from1DArray(n, 2, Array.from(b.subarray(t * n * 2, (t + 1) * n * 2)))).to1DArray();
  });
  const gram = points.flatMap((x) => x.mmul(x.transpose()).to1DArray());
  return { gram: Float64Array.from(gram), b, shift, expected };
}

function programOf(n: number) {
  const graph = new Graph();
  const a = shifted(graph.input("a", [TASKS, n, n]), graph.input("s", [1, 1, 1]));
  return program({ outputs: { y: solve(a, graph.input("b", [TASKS, n, 2])) } });
}

for (const [n, width, size] of [[1, 1, 1], [4, 9, 1], [10, 41, 30], [25, 64, 1e-3], [40, 5, 1], [100, 120, 1]]) {
  Deno.test(`in float64, solve equals elimination with row exchanges: ${n} equations, entries of about ${size}`, async () => {
    const { gram, b, shift, expected } = systems(n, width, size, 1e-3);
    const executable = cpuBackend(64).compile(programOf(n));
    executable.run({ a: gram, b, s: Float64Array.of(shift) });
    const largest = Math.max(...expected.map(Math.abs));
    assertAlmost("y", (await executable.read("y")).map((y) => y / largest), expected.map((y) => y / largest), 1e-10);
  });
}

Deno.test("in float32, what is left of a system of condition 10⁴ is what rounding leaves", async () => {
  const n = 10;
  const { gram, b, shift, expected } = systems(n, 4, 20, 1e-4);
  const executable = (await wasmBackend()).compile(programOf(n));
  executable.run({ a: gram, b, s: Float64Array.of(shift) });
  const largest = Math.max(...expected.map(Math.abs));
  assertAlmost("y", (await executable.read("y")).map((y) => y / largest), expected.map((y) => y / largest), 1e-2);
  executable.dispose();
});
