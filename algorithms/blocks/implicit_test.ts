import { ok } from "node:assert/strict";
import { Matrix, solve } from "ml-matrix";
import { imaml } from "../imaml.ts";
import { maml } from "../maml.ts";
import { models } from "../models/registry.ts";
import type { Algorithm } from "../algorithm.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph, sizeOf } from "../tensor/graph.ts";
import { squaredErrorPerTask } from "../tensor/nn.ts";
import { meanAll } from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { wasmBackend } from "../tensor/wasm/wasm.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import { implicitGradient } from "./implicit.ts";
import { layerGradients } from "./inner_loop.ts";
import { transductive } from "./network.ts";
import { outerGradients } from "./outer_gradients.ts";
import { parameterSlots, toLayers } from "./parameters.ts";

const MODEL = models.mlp.build({ inputShape: [1], outputs: 1, hidden: [4, 3], norm: "none" });
const [TASKS, EXAMPLES, LAMBDA] = [2, 6, 0.7];
const SLOTS = parameterSlots(MODEL);
const SIZE = SLOTS.reduce((total, { shape }) => total + sizeOf(shape), 0);

/** Conjugate gradients at fixed parameters, and apart from them the gradient of the support loss there. */
function programOf(steps: number, damping: number) {
  const graph = new Graph();
  const solution = toLayers(MODEL, ({ key, shape }) => graph.input(key, [TASKS, ...shape]));
  const right = toLayers(MODEL, ({ key, shape }) => graph.input(`v:${key}`, [TASKS, ...shape]));
  const x = graph.input("x", [TASKS, EXAMPLES, 1]);
  const losses = squaredErrorPerTask(transductive(MODEL).outputs(solution, x), graph.input("y", [TASKS, EXAMPLES, 1]));
  const answer = implicitGradient({ solution, losses, right, strength: LAMBDA, damping, steps });
  const slope = layerGradients(meanAll(losses), solution);
  const compiled = (layers: typeof answer) =>
    cpuBackend(64).compile(
      program({ outputs: Object.fromEntries(SLOTS.map(({ key, layer, name }) => [key, layers[layer][name]])) }),
    );
  return { answer: compiled(answer), slope: compiled(slope) };
}

/** All tasks' parameters by key, from one vector for each task. */
function split(prefix: string, vectors: readonly ArrayLike<number>[]): Record<string, Float64Array> {
  let at = 0;
  return Object.fromEntries(SLOTS.map(({ key, shape }) => {
    const [from, to] = [at, at += sizeOf(shape)];
    return [prefix + key, Float64Array.from(vectors.flatMap((vector) => Array.from(vector).slice(from, to)))];
  }));
}

for (const damping of [0, 1]) {
  Deno.test(`conjugate gradients taken to the end are the inverse of the dense matrix, task by task, with damping ${damping}`, async () => {
    const executables = programOf(SIZE + 3, damping);
    const vectors = Array.from({ length: TASKS }, (_, task) => spread(SIZE, -0.8, 0.8, task));
    const right = Array.from({ length: TASKS }, (_, task) => spread(SIZE, -1, 1, 10 + task));
    const batch = { x: spread(TASKS * EXAMPLES, -1.5, 1.5, 20), y: spread(TASKS * EXAMPLES, -1, 1, 21) };
    const read = async (what: "answer" | "slope", at: readonly ArrayLike<number>[]) => {
      const executable = executables[what];
      executable.run({ ...split("", at), ...split("v:", right), ...batch });
      const parts = await Promise.all(SLOTS.map(({ key }) => executable.read(key)));
      return vectors.map((_, task) =>
        parts.flatMap((part) => {
          return Array.from(part.subarray(task * part.length / TASKS, (task + 1) * part.length / TASKS));
        })
      );
    };
    const answers = await read("answer", vectors);
    for (let task = 0; task < TASKS; task++) {
      const columns: number[][] = [];
      for (let i = 0; i < SIZE; i++) {
        const moved = (h: number) =>
          vectors.map((vector, t) => vector.map((v, j) => t === task && j === i ? v + h : v));
        const [above, below] = [await read("slope", moved(1e-5)), await read("slope", moved(-1e-5))];
        // The mean over tasks has a share of each task's loss.
        columns.push(above[task].map((value, j) => TASKS * (value - below[task][j]) / 2e-5));
      }
      const dense = new Matrix(columns).mul(1 / LAMBDA).add(Matrix.eye(SIZE).mul(1 + damping));
      const expected = solve(dense, Matrix.columnVector(Array.from(right[task]))).to1DArray();
      assertAlmost(`task ${task}`, answers[task], expected, 1e-6);
      ok(expected.some((value, i) => Math.abs(value - right[task][i]) > 0.1));
    }
  });
}

Deno.test("iMAML's memory does not grow with its inner steps, and MAML's does", async () => {
  const backend = await wasmBackend();
  const bytes = (algorithm: Algorithm, innerSteps: number) => {
    const graph = new Graph();
    const wide = models.mlp.build({ inputShape: [1], outputs: 1, hidden: [40, 40], norm: "none" });
    const params = toLayers(wide, ({ key, shape }) => graph.state(key, [1, ...shape]));
    const part = (name: string) => {
      return { x: graph.input(`x${name}`, [8, 40, 1]), y: graph.input(`y${name}`, [8, 40, 1]) };
    };
    const objective = algorithm.objective?.({
      ...{ network: transductive(wide), params, meta: {}, batch: [part("0"), part("1")], classes: undefined },
      ...{ mask: [true, true, true], innerLr: 0.01, innerSteps, lossPerTask: squaredErrorPerTask },
      own: { lambda: 2, cgSteps: 5, damping: 0 },
      progress: () => graph.input("progress", [1]),
    });
    if (objective === undefined) throw new Error("not trained");
    const { params: gradients } = outerGradients(objective, meanAll(objective.losses), params, {});
    const outputs = Object.fromEntries(
      gradients.flatMap((layer, i) => Object.entries(layer).map(([name, node]) => [`${i}.${name}`, node])),
    );
    const before = backend.memoryBytes() ?? NaN;
    const executable = backend.compile(program({ outputs }));
    const used = (backend.memoryBytes() ?? NaN) - before;
    executable.dispose();
    return used;
  };
  const [ours, theirs] = [bytes(imaml, 64) / bytes(imaml, 16), bytes(maml, 16) / bytes(maml, 4)];
  ok(ours < 1.1, `${ours}`);
  ok(theirs > 2, `${theirs}`);
});
