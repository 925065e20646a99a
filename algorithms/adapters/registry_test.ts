/** What holds for every adapter of the table. */
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { fromGuide } from "../../common/testing/guide.ts";
import { type Norm, TASK_KINDS, type TaskKind } from "../../common/vocabulary.ts";
import { type Context, contextOf } from "../blocks/context.ts";
import { supportNormalised } from "../blocks/network.ts";
import { initialState, toLayers } from "../blocks/parameters.ts";
import { models } from "../models/registry.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { Graph } from "../tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../tensor/nn.ts";
import { program } from "../tensor/program.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";
import type { Adapter, GraphAdapter, HeadAdapter, HeadTask } from "./adapter.ts";
import { adapters, firstFor } from "./registry.ts";

const { nearestNeighbour } = await fromGuide<{ nearestNeighbour: Adapter }>("algorithms/adapters/nearest_neighbour.ts");
/** The table, and the adapter that CONTRIBUTING.md works through. */
const table: Readonly<Record<string, Adapter>> = { ...adapters, "nearest-neighbour": nearestNeighbour };

/** D, N, and numbers of support and query examples. */
const [WIDTH, CLASSES, SUPPORT, QUERY] = [4, 3, 7, 5];

const matrix = (rows: number, columns: number, phase: number) =>
  Matrix.from1DArray(rows, columns, Array.from(spread(rows * columns, -1, 1, phase)));

/** A task of classes of three, two and two examples, or of three numbers to predict. */
function taskOf(kind: TaskKind): HeadTask {
  const targets = kind === "regression" ? matrix(SUPPORT, CLASSES, 3) : Matrix.zeros(SUPPORT, CLASSES);
  if (kind === "classification") { for (let i = 0; i < SUPPORT; i++) targets.set(i, i % CLASSES, 1); }
  return { support: matrix(SUPPORT, WIDTH, 1), query: matrix(QUERY, WIDTH, 2), targets };
}

/** Predictions on a task whose labels are numbered in another order; for an adapter that starts from the head, its columns are, too. */
type Predict = (task: HeadTask, order?: readonly number[]) => Promise<Matrix>;

const inOrder = Array.from({ length: CLASSES }, (_, i) => i);

function byHead(adapter: HeadAdapter): Predict {
  return (task) =>
    Promise.resolve(adapter.solver(task)(adapter.candidates[adapter.candidates.length >> 1]).predictions);
}

/** Context vectors of two numbers, which move whatever follows the first layer's weights. */
function contextIn(graph: Graph): Context {
  const names = ["bias", "gamma", "beta"];
  return contextOf(Object.fromEntries(names.map((name) => [`context.${name}`, graph.constant(0.5, [1, 2, 6])])), 2);
}

/** So many steps of a small network from fixed parameters. */
function byGraph(adapter: GraphAdapter, kind: TaskKind, norm: Norm, innerSteps: number): Predict {
  const model = models.mlp.build({ inputShape: [WIDTH], outputs: CLASSES, hidden: [6, 5], norm });
  const start = initialState(model, 11, "init");
  return async ({ support, query, targets }, order = inOrder) => {
    const graph = new Graph();
    const network = supportNormalised(model);
    const params = toLayers(model, ({ key, shape }) => graph.input(key, [1, ...shape]));
    const x = graph.input("x", [1, support.rows, WIDTH]);
    const q = graph.input("q", [1, query.rows, WIDTH]);
    const passed = adapter.trajectory({
      ...{
        network,
        params,
        mask: [true, true, true],
        strength: 0.3,
        rates: undefined,
        precondition: undefined,
        innerSteps,
      },
      context: contextIn(graph),
      support: { x, y: graph.input("y", [1, targets.rows, CLASSES]) },
      lossPerTask: kind === "regression" ? squaredErrorPerTask : crossEntropyPerTask,
    });
    const executable = cpuBackend(64).compile(
      program({ outputs: { p: network.queryOutputs(passed[innerSteps], x, q) } }),
    );
    const flat = (values: Matrix) => Float64Array.from(values.to1DArray());
    const values = Object.fromEntries(
      Object.entries(start).map(([key, own]) => {
        const noise = spread(own.length, -0.3, 0.3, own.length);
        const permuted = (i: number) => i - i % CLASSES + order[i % CLASSES];
        return [
          key,
          Float64Array.from(own, (_, i) => {
            const from = key.startsWith("head.") ? permuted(i) : i;
            return own[from] + noise[from];
          }),
        ];
      }),
    );
    executable.run({ ...values, x: flat(support), q: flat(query), y: flat(targets) });
    return Matrix.from1DArray(query.rows, CLASSES, Array.from(await executable.read("p")));
  };
}

interface Case {
  readonly what: string;
  readonly kind: TaskKind;
  readonly predict: Predict;
  /** What is predicted without adaptation. */
  readonly unadapted: Predict;
}

/** Zero, or every class alike. */
const ignorant: Predict = ({ query }) => Promise.resolve(Matrix.zeros(query.rows, CLASSES));

/** Every adapter on every kind of task that it is for; those that adapt a network, with every normalisation that is inductive. */
const cases = Object.values(table).flatMap((adapter): Case[] =>
  adapter.supports.flatMap((kind): Case[] =>
    adapter.form === "head"
      ? [{ what: `${adapter.name} on ${kind}`, kind, predict: byHead(adapter), unadapted: ignorant }]
      : (["none", "layer", "batch-inductive"] as const).map((norm) => ({
        what: `${adapter.name} on ${kind} with norm ${norm}`,
        kind,
        predict: byGraph(adapter, kind, norm, 3),
        unadapted: byGraph(adapter, kind, norm, 0),
      }))
  )
);

function close(what: string, actual: Matrix, expected: Matrix, tolerance = 1e-10): void {
  assertAlmost(what, actual.to1DArray(), expected.to1DArray(), tolerance);
}

for (const { what, kind, predict, unadapted } of cases) {
  Deno.test(`${what}: predictions are finite, and numbering the classes in another order does the same to them`, async () => {
    const task = taskOf(kind);
    const predictions = await predict(task);
    equal([predictions.rows, predictions.columns], [QUERY, CLASSES]);
    ok(predictions.to1DArray().every(Number.isFinite));
    const order = [2, 0, 1];
    const renumbered = { ...task, targets: task.targets.subMatrixColumn(order) };
    // Newton's method stops at 1e-8 of its first gradient.
    const tolerance = what.startsWith("logistic") ? 1e-6 : 1e-10;
    close("predictions", await predict(renumbered, order), predictions.subMatrixColumn(order), tolerance);
  });

  Deno.test(`${what}: query examples do not influence each other, and the order of support examples does not matter`, async () => {
    const task = taskOf(kind);
    const predictions = await predict(task);
    for (let row = 0; row < QUERY; row++) {
      const alone = { ...task, query: task.query.subMatrixRow([row]) };
      close(`query example ${row} alone`, await predict(alone), predictions.subMatrixRow([row]), 1e-13);
    }
    const order = [6, 0, 3, 5, 1, 4, 2];
    const [support, targets] = [task.support.subMatrixRow(order), task.targets.subMatrixRow(order)];
    const tolerance = what.startsWith("logistic") ? 1e-6 : 1e-10;
    close("shuffled", await predict({ ...task, support, targets }), predictions, tolerance);
  });

  Deno.test(`${what}: the support set is known better after adaptation`, async () => {
    const task = taskOf(kind);
    const again = { ...task, query: task.support };
    const [after, before] = [lossOf(kind, await predict(again)), lossOf(kind, await unadapted(again))];
    ok(after < before, `${after} is no better than ${before}`);
  });
}

/** Mean squared error or cross-entropy of predictions on the support set. */
function lossOf(kind: TaskKind, predictions: Matrix): number {
  if (kind === "regression") return Matrix.sub(predictions, taskOf(kind).targets).pow(2).mean();
  const losses = predictions.to2DArray().map((logits, row) =>
    Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[row % CLASSES]
  );
  return losses.reduce((sum, loss) => sum + loss) / losses.length;
}

Deno.test("every adapter says where it comes from, what it is for and what is left to choose", () => {
  for (const [name, adapter] of Object.entries(table)) {
    equal(adapter.name, name);
    for (const text of [adapter.title, adapter.summary, adapter.source]) {
      ok(text.length > 0 && !text.includes("\n"), `${name}: ${text}`);
    }
    ok(adapter.supports.length > 0 && adapter.supports.every((kind) => TASK_KINDS.includes(kind)), name);
    equal(new Set(adapter.supports).size, adapter.supports.length);
    if (adapter.form === "graph") {
      ok(adapter.strength !== "", `${name} is handed a strength`);
    } else {
      ok(adapter.candidates.length > 0, name);
      equal(adapter.strength !== "", adapter.candidates.length > 1, name);
      equal([...adapter.candidates], [...new Set(adapter.candidates)].sort((a, b) => a - b), name);
      // A head that is replaced is not started from, and takes no steps.
      equal([adapter.changes, adapter.startsFromHead, adapter.readsInnerSteps], ["head", false, false], name);
    }
  }
});

Deno.test("titles differ, and every kind of task has an adapter that takes steps and one that solves the head", () => {
  const titles = Object.values(table).map(({ title }) => title);
  equal(new Set(titles).size, titles.length);
  for (const kind of TASK_KINDS) {
    for (const form of ["graph", "head"]) {
      ok(
        Object.values(table).some((adapter) => adapter.form === form && adapter.supports.includes(kind)),
        `${kind} ${form}`,
      );
    }
  }
  equal(firstFor(["ridge", "logistic"], "classification"), "logistic");
  equal(firstFor(["ridge"], "classification"), undefined);
});

Deno.test("heads refuse support features that are not finite, and a query example that is not leaves the others' predictions", () => {
  for (const adapter of Object.values(table)) {
    if (adapter.form !== "head") continue;
    const task = taskOf(adapter.supports[0]);
    const solve = (changed: HeadTask) => adapter.solver(changed)(adapter.candidates[0]).predictions;
    for (const value of [NaN, Infinity, -Infinity]) {
      const support = task.support.clone().set(2, 1, value);
      let error: unknown;
      try {
        solve({ ...task, support });
      } catch (thrown) {
        error = thrown;
      }
      ok(error instanceof RangeError && /not finite/.test(error.message), `${adapter.name} took ${value}`);
      const predictions = solve({ ...task, query: task.query.clone().set(1, 0, value) });
      ok(!predictions.getRow(1).every(Number.isFinite), `${adapter.name} made something of ${value}`);
      equal(predictions.getRow(0), solve(task).getRow(0));
    }
  }
});
