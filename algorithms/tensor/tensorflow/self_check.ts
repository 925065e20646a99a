/** Shows that the `tensorflow` backend computes, and how fast. */
import type { Backend } from "../backend.ts";
import { Graph } from "../graph.ts";
import { matmul } from "../ops.ts";
import { program } from "../program.ts";

const SIZE = 1024;
const RUNS = 8;

/**
 * Multiplies two matrices of 1024 x 1024 a few times.
 *
 * @param now a clock in milliseconds
 * @returns the best run, in GFLOP/s
 * @throws Error when the product is wrong
 */
export async function selfCheck(backend: Backend, now: () => number): Promise<number> {
  const graph = new Graph();
  const a = graph.state("a", [1, SIZE, SIZE]);
  const product = matmul(a, graph.state("b", [1, SIZE, SIZE]));
  const executable = backend.compile(program({ outputs: { product } }));
  // Small integers, so that float32 products and sums are exact.
  executable.setState("a", Float32Array.from({ length: SIZE * SIZE }, (_, i) => Math.floor(i / SIZE) % 7 + i % 3));
  executable.setState("b", Float32Array.from({ length: SIZE * SIZE }, (_, i) => i % 5));
  let best = Infinity;
  for (let run = 0; run < RUNS; run++) {
    const start = now();
    executable.run({});
    await executable.read("product");
    best = Math.min(best, now() - start);
  }
  const result = await executable.read("product");
  executable.dispose();
  for (const [row, column] of [[0, 0], [3, 4], [SIZE - 1, SIZE - 1]]) {
    const wanted = expected(row, column);
    const got = result[row * SIZE + column];
    if (got !== wanted) throw new Error(`The backend is broken: element (${row}, ${column}) is ${got}, not ${wanted}`);
  }
  return 2 * SIZE ** 3 / best / 1e6;
}

function expected(row: number, column: number): number {
  let sum = 0;
  for (let k = 0; k < SIZE; k++) sum += (row % 7 + (row * SIZE + k) % 3) * ((k * SIZE + column) % 5);
  return sum;
}
