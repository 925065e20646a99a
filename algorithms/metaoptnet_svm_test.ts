/** The support vector machine inside training against the one that meets new tasks, which is solved by another method. */
import { ok } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { svm } from "./adapters/svm.ts";
import { distributions, RIDGE, svmHead } from "./blocks/svm_head.ts";
import { cpuBackend } from "./tensor/cpu.ts";
import { Graph } from "./tensor/graph.ts";
import { dense } from "./tensor/nn.ts";
import { program } from "./tensor/program.ts";
import { assertAlmost, spread } from "./testing/tensor.ts";
import type { Backend } from "./tensor/backend.ts";
import { wasmBackend } from "./tensor/wasm/wasm.ts";

const [TASKS, QUERIES] = [2, 4];

interface Asked {
  readonly ways: number;
  readonly shots: number;
  readonly width: number;
  /** How large features are. */
  readonly size: number;
  readonly penalty: number;
}

const CASES: readonly Asked[] = [
  { ways: 5, shots: 1, width: 64, size: 1, penalty: 0.1 },
  { ways: 5, shots: 5, width: 64, size: 1, penalty: 0.1 },
  { ways: 5, shots: 5, width: 8, size: 1, penalty: 0.1 },
  { ways: 5, shots: 5, width: 64, size: 5, penalty: 0.1 },
  { ways: 5, shots: 5, width: 64, size: 0.1, penalty: 0.1 },
  { ways: 5, shots: 5, width: 64, size: 1, penalty: 1 },
  { ways: 2, shots: 3, width: 2, size: 1, penalty: 1 },
  { ways: 10, shots: 5, width: 64, size: 1, penalty: 0.1 },
];

/** Features that classes have in common and some of their own, never negative: as those of networks are. */
function featuresOf({ ways, shots, width, size }: Asked, phase: number): Float64Array {
  const centres = spread(ways * width, -1, 1, phase);
  const own = spread(ways * shots * width, -1, 1, phase + 1);
  return own.map((value, i) => size * Math.max(0, value + centres[Math.floor(i / width) % ways * width + i % width]));
}

async function solved(asked: Asked, backend: Backend) {
  const { ways, shots, width, penalty } = asked;
  const n = ways * shots;
  const graph = new Graph();
  const features = graph.input("z", [TASKS, n, width]);
  const targets = graph.input("y", [TASKS, n, ways]);
  const { weight } = svmHead({ features, targets, penalty });
  const executable = backend.compile(program({
    outputs: {
      scores: dense(graph.input("q", [TASKS, QUERIES, width]), weight),
      p: distributions({ features, targets, penalty }),
    },
  }));
  const own = Array.from({ length: TASKS }, (_, task) => featuresOf(asked, 3 * task));
  const labels = Array.from({ length: n * ways }, (_, i) => Math.floor(i / ways) % ways === i % ways ? 1 : 0);
  const queries = spread(TASKS * QUERIES * width, 0, asked.size, 9);
  const flat = (parts: readonly ArrayLike<number>[]) => Float64Array.from(parts.flatMap((part) => Array.from(part)));
  executable.run({ z: flat(own), y: flat([labels, labels]), q: queries });
  const [scores, p] = [await executable.read("scores"), await executable.read("p")];
  return own.map((z, task) => ({
    scores: Array.from(scores).slice(task * QUERIES * ways, (task + 1) * QUERIES * ways),
    p: Matrix.from1DArray(n, ways, Array.from(p).slice(task * n * ways, (task + 1) * n * ways)),
    support: Matrix.from1DArray(n, width, Array.from(z)),
    targets: Matrix.from1DArray(n, ways, labels),
    query: Matrix.from1DArray(
      QUERIES,
      width,
      Array.from(queries).slice(task * QUERIES * width, (task + 1) * QUERIES * width),
    ),
  }));
}

for (const asked of CASES) {
  const { ways, shots, width, size, penalty } = asked;
  const what = `${ways} ways, ${shots} shots, ${width} features up to ${2 * size}, C = ${penalty}`;
  Deno.test(`the machine of training is the optimum that sweeps over examples come to, to 1e-9: ${what}`, async () => {
    for (const { scores, ...task } of await solved(asked, cpuBackend(64))) {
      assertAlmost("scores", scores, svm.solver(task)(penalty).predictions.to1DArray(), 1e-9);
      ok(scores.some((score) => Math.abs(score) > 1e-3));
    }
  });

  Deno.test(`the gap between its primal and dual objective is none: ${what}`, async () => {
    for (const { p, support, targets } of await solved(asked, cpuBackend(64))) {
      const kernel = support.mmul(support.transpose()).add(Matrix.eye(support.rows).mul(RIDGE));
      const dual = Matrix.sub(targets, p).mul(penalty);
      const scores = kernel.mmul(dual); // of the support examples, by the machine with the raised diagonal
      const norm = Matrix.mul(dual, scores).sum();
      const slack = scores.to2DArray().reduce((sum, row, i) => {
        const label = i % ways;
        return sum + Math.max(...row.map((score, m) => score + (m === label ? 0 : 1) - row[label]));
      }, 0);
      const [primal, lower] = [norm / 2 + penalty * slack, Matrix.mul(targets, dual).sum() - norm / 2];
      ok(p.to1DArray().every((value) => value > -1e-9), "a distribution has a negative part");
      assertAlmost("objective", [primal], [lower], 1e-9);
    }
  });
}

Deno.test("in float32 the machine is the same to the fourth digit", async () => {
  const backend = await wasmBackend();
  for (const asked of CASES.slice(0, 3)) {
    for (const { scores, ...task } of await solved(asked, backend)) {
      assertAlmost("scores", scores, svm.solver(task)(asked.penalty).predictions.to1DArray(), 1e-4);
    }
  }
});
