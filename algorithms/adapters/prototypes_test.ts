import { deepStrictEqual as equal, notDeepStrictEqual as differ } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { prototypeLogits } from "../blocks/class_heads.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph } from "../tensor/graph.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import type { HeadTask } from "./adapter.ts";
import { cosineHead } from "./cosine_prototypes.ts";
import { classMeans, prototypeHead } from "./prototypes.ts";

const matrix = (rows: number, columns: number, phase: number) =>
  Matrix.from1DArray(rows, columns, Array.from(spread(rows * columns, -2, 2, phase)));

/** A task in which class k has so many examples; they are in turns, as far as they go. */
function taskOf(counts: readonly number[], phase = 0): HeadTask {
  const labels = Array.from(
    { length: Math.max(...counts) },
    (_, round) => counts.flatMap((count, k) => round < count ? [k] : []),
  ).flat();
  const targets = Matrix.zeros(labels.length, counts.length);
  labels.forEach((label, row) => targets.set(row, label, 1));
  return { support: matrix(labels.length, 5, 1 + phase), query: matrix(6, 5, 2 + phase), targets };
}

const TASKS = [taskOf([3, 3, 3]), taskOf([1, 4, 2]), taskOf([1, 1, 1, 1])];

Deno.test("prototypes are means, class by class, by hand", () => {
  const support = new Matrix([[1, 2], [10, 20], [3, 6]]);
  const targets = new Matrix([[1, 0], [0, 1], [1, 0]]);
  equal(classMeans({ support, targets }).to2DArray(), [[2, 4], [10, 20]]);
  const { predictions } = prototypeHead({ support, targets, query: new Matrix([[2, 5]]) });
  equal(predictions.to2DArray(), [[-1, -(64 + 225)]]);
});

Deno.test("Euclidean prototypes are the linear head of weights 2c and biases -|c|², but for -|f|² of every query example", () => {
  for (const task of TASKS) {
    const means = classMeans(task);
    const biases = Matrix.mul(means, means).sum("row").map((square) => -square);
    const linear = task.query.mmul(Matrix.mul(means, 2).transpose()).addRowVector(biases);
    const lengths = Matrix.mul(task.query, task.query).sum("row");
    assertAlmost(
      "logits",
      prototypeHead(task).predictions.to1DArray(),
      linear.subColumnVector(lengths).to1DArray(),
      1e-12,
    );
  }
});

Deno.test("the adapter's prototypes are those that training goes by, for classes of any sizes and for every task of a batch", async () => {
  // Tasks of one batch have as many examples of the same number of classes.
  for (const counts of [[3, 3, 3], [1, 4, 2]]) {
    const tasks = [taskOf(counts), taskOf(counts, 7)];
    const [{ support, query, targets }] = tasks;
    const graph = new Graph();
    const logits = prototypeLogits(
      graph.input("support", [2, support.rows, support.columns]),
      graph.input("targets", [2, targets.rows, targets.columns]),
      graph.input("query", [2, query.rows, query.columns]),
    );
    const executable = cpuBackend(64).compile(program({ outputs: { logits } }));
    const joined = (part: keyof HeadTask) => Float64Array.from(tasks.flatMap((task) => task[part].to1DArray()));
    executable.run({ support: joined("support"), targets: joined("targets"), query: joined("query") });
    const expected = tasks.flatMap((task) => prototypeHead(task).predictions.to1DArray());
    assertAlmost(`${counts}`, await executable.read("logits"), expected, 1e-12);
  }
});

Deno.test("cosine prototypes do not depend on the length of any feature, and Euclidean ones do", () => {
  for (const task of TASKS) {
    const lengths = (rows: number, phase: number) => Array.from(spread(rows, 0.01, 40, phase));
    const stretched: HeadTask = {
      ...task,
      support: task.support.clone().mulColumnVector(lengths(task.support.rows, 3)),
      query: task.query.clone().mulColumnVector(lengths(task.query.rows, 4)),
    };
    const cosines = cosineHead(task).predictions;
    assertAlmost("cosines", cosineHead(stretched).predictions.to1DArray(), cosines.to1DArray(), 1e-12);
    differ(prototypeHead(stretched).predictions, prototypeHead(task).predictions);
    for (const value of cosines.to1DArray()) equal(Math.abs(value) <= 1 + 1e-12, true);
  }
});

Deno.test("a feature that is its class's only example has cosine 1 with it, and one of zeros has cosine 0 with all", () => {
  const task = taskOf([1, 1]);
  const query = task.support.clone().addRow([0, 0, 0, 0, 0]);
  const { predictions } = cosineHead({ ...task, query });
  assertAlmost("own", [predictions.get(0, 0), predictions.get(1, 1)], [1, 1], 1e-12);
  equal(predictions.getRow(2), [0, 0]);
});
