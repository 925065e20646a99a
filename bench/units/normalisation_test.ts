/** What predictions on a query set may depend on under each normalisation, and the statistics of training that some go by. */
import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { adapters } from "../../algorithms/adapters/registry.ts";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import { momentSlots } from "../../algorithms/blocks/network.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { cpuBackend } from "../../algorithms/tensor/cpu.ts";
import { NORM_EPSILON } from "../../algorithms/tensor/nn.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { assertAlmost } from "../../algorithms/testing/tensor.ts";
import type { Norm, TaskStart } from "../../common/vocabulary.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { whyNot } from "../plan/points.ts";
import type { TrainSpec } from "../store/types.ts";
import { TABLE, tinyDataSet, tinySpec } from "../testing/trainings.ts";
import { adaptationProgram, featureProgram, startOf, type Subject } from "./adaptation.ts";
import { batchSource } from "./batches.ts";
import { evaluate } from "./evaluate.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { withMoments } from "./task_state.ts";
import { train } from "./train.ts";
import { validationScore, Validator } from "./validation.ts";

const dataSet = await tinyDataSet("classification");
const wasm = await wasmBackend();
const exact = cpuBackend(64);
const [SHOTS, QUERIES] = [2, 2];

/** The algorithms that are for classification, each with the adapters that make cells of it. */
const PAIRS = Object.values(TABLE).flatMap((algorithm) =>
  Object.values(adapters as Readonly<Record<string, Adapter>>)
    .filter((adapter) => whyNot(algorithm, adapter, "classification") === undefined)
    .map((adapter) => ({ algorithm: algorithm.name, adapter }))
);

function specOf(algorithm: string, norm: Norm, change: Partial<TrainSpec> = {}): TrainSpec {
  return tinySpec(algorithm, "classification", { norm, shots: SHOTS, ...change }, { iterations: 15, queries: 3 });
}

/** The tasks' first so many query examples from some example on, one task after the other. */
function someQueries(batch: EpisodeBatch, from: number, count: number): EpisodeBatch {
  const part = (values: Float32Array) => {
    const [perTask, each] = [values.length / batch.tasks, values.length / batch.tasks / batch.nQuery];
    const tasks = Array.from(
      { length: batch.tasks },
      (_, t) => values.subarray(t * perTask + from * each, t * perTask + (from + count) * each),
    );
    return Float32Array.from(tasks.flatMap((own) => [...own]));
  };
  return { ...batch, nQuery: count, queryX: part(batch.queryX), queryY: part(batch.queryY) };
}

/** Predictions for the query examples of a batch of episodes, in float64: [T][nQuery][N]. */
async function predict(subject: Subject, start: TrainedState, adapter: Adapter, batch: EpisodeBatch) {
  const adaptation = { ...subject, adaptDepth: "native", innerSteps: [3], strength: 0.1 } as const;
  const program = adapter.form === "graph"
    ? adaptationProgram({ ...adaptation, adapter }, batch, dataSet)
    : featureProgram(subject, batch, dataSet);
  const executable = exact.compile(program);
  for (const { attributes: { name } } of program.states) executable.setState(name, start[name]);
  executable.run({ supportX: batch.supportX, supportY: batch.supportY, queryX: batch.queryX });
  const matrices = (values: ArrayLike<number>, rows: number) =>
    Array.from({ length: batch.tasks }, (_, t) => {
      const width = values.length / batch.tasks / rows;
      const own = Array.from({ length: rows * width }, (_, i) => values[t * rows * width + i]);
      return Matrix.from1DArray(rows, width, own);
    });
  if (adapter.form === "graph") {
    return matrices(await executable.read("step3"), batch.nQuery).map((matrix) => matrix.to2DArray());
  }
  const [support, query] = [await executable.read("support"), await executable.read("query")];
  const [supports, queries, targets] = [
    matrices(support, batch.nSupport),
    matrices(query, batch.nQuery),
    matrices(batch.supportY, batch.nSupport),
  ];
  return supports.map((own, t) =>
    adapter.solver({ support: own, query: queries[t], targets: targets[t] })(adapter.candidates[0]).predictions
      .to2DArray()
  );
}

interface Prepared {
  readonly subject: Subject;
  readonly start: TrainedState;
}

/** A short training, as new tasks meet its state. */
async function prepared(
  spec: TrainSpec,
  taskStart: TaskStart | null = null,
  data: DataSet = dataSet,
): Promise<Prepared> {
  const model = modelOf(spec, data);
  const { state } = await train(spec, data, wasm);
  const start = await withMoments(startOf(model, spec, taskStart, state), spec, model, data, exact);
  return { subject: { model, spec, metaSpecs: metaSpecsOf(spec, model, data) }, start };
}

/** The largest difference that it makes to a query example that its task's others are not there. */
async function influence({ subject, start }: Prepared, adapter: Adapter): Promise<number> {
  const batch = dataSet.episodes("test", 0, 2, SHOTS, QUERIES);
  const together = await predict(subject, start, adapter, batch);
  let largest = 0;
  for (let row = 0; row < batch.nQuery; row++) {
    const alone = await predict(subject, start, adapter, someQueries(batch, row, 1));
    alone.forEach(([values], task) =>
      values.forEach((value, n) => largest = Math.max(largest, Math.abs(value - together[task][row][n])))
    );
  }
  return largest;
}

const INDUCTIVE: readonly Norm[] = ["none", "layer", "batch-inductive"];

for (const name of new Set(PAIRS.map(({ algorithm }) => algorithm))) {
  Deno.test(`${name}: query images one by one change nothing, unless the normalisation is transductive, whatever the adapter`, async () => {
    for (const norm of [...INDUCTIVE, "batch"] as const) {
      const ready = await prepared(specOf(name, norm));
      for (const { adapter } of PAIRS.filter(({ algorithm }) => algorithm === name)) {
        const difference = await influence(ready, adapter);
        const what = `${adapter.name} under ${norm}: ${difference}`;
        ok(norm === "batch" ? difference > 1e-3 : difference < 1e-12, what);
      }
    }
  });
}

Deno.test("convolutions under batch-inductive normalisation take query images one by one, by either statistics", async () => {
  for (const algorithm of ["maml", "protonet"]) {
    const spec = specOf(algorithm, "batch-inductive", { model: "conv4", hidden: [4, 3] });
    const adapter: Adapter = algorithm === "maml" ? adapters.gradient : adapters.prototypes;
    const difference = await influence(await prepared(spec), adapter);
    ok(difference < 1e-12, `${algorithm}: ${difference}`);
  }
});

/** A batch's x by part, and how many examples all of its tasks have in it. */
interface Part {
  readonly x: Float32Array;
  readonly examples: number;
}

/** Means and variances of every layer's values before its norm, by plain loops: examples of all tasks of a part count alike. */
function momentsByHand(model: Model, start: TrainedState, { x, examples }: Part): Record<string, Float64Array> {
  const found: Record<string, Float64Array> = {};
  let rows = Array.from({ length: examples }, (_, i) => {
    const width = x.length / examples;
    return Array.from(x.subarray(i * width, (i + 1) * width));
  });
  for (const { name } of model.layers.slice(0, -1)) {
    const [weight, gamma, beta] = ["weight", "gamma", "beta"].map((kind) => start[`${name}.${kind}`]);
    const width = gamma.length;
    const values = rows.map((row) =>
      Array.from({ length: width }, (_, j) => row.reduce((sum, value, i) => sum + value * weight[i * width + j], 0))
    );
    const mean = Float64Array.from(
      { length: width },
      (_, j) => values.reduce((sum, row) => sum + row[j], 0) / examples,
    );
    const variance = Float64Array.from(
      { length: width },
      (_, j) => values.reduce((sum, row) => sum + (row[j] - mean[j]) ** 2, 0) / examples,
    );
    found[`moments:${name}.mean`] = mean;
    found[`moments:${name}.variance`] = variance;
    rows = values.map((row) =>
      row.map((value, j) => Math.max(0, gamma[j] * (value - mean[j]) / Math.sqrt(variance[j] + NORM_EPSILON) + beta[j]))
    );
  }
  return found;
}

const byTraining = Object.values(TABLE)
  .filter(({ statistics, supports }) => statistics === "training" && supports.includes("classification"))
  .map(({ name }) => name);

Deno.test("statistics of training are plain averages over the same batches, whatever a training is fed with", async () => {
  ok(byTraining.length >= 5);
  for (const algorithm of byTraining) {
    const spec = specOf(algorithm, "batch-inductive");
    const { subject: { model }, start } = await prepared(spec);
    const source = batchSource(spec, algorithmOf(spec), dataSet, "statistics");
    const sums: Record<string, Float64Array> = {};
    const total = source.parts.reduce((sum, examples) => sum + examples, 0);
    for (let batch = 1; batch <= 20; batch++) {
      const { feeds } = source.draw(batch);
      source.parts.forEach((examples, part) => {
        const moments = momentsByHand(model, start, { x: feeds[`x${part}`], examples: source.tasks * examples });
        for (const [key, values] of Object.entries(moments)) {
          sums[key] ??= new Float64Array(values.length);
          values.forEach((value, j) => sums[key][j] += value * examples / total / 20);
        }
      });
    }
    equal(momentSlots(model).map(({ key }) => key).sort(), Object.keys(sums).sort());
    for (const [key, values] of Object.entries(sums)) {
      assertAlmost(`${algorithm} ${key}`, start[key], values, 1e-6); // they are kept in float32
      ok(!key.endsWith("variance") || values.every((value) => value > 0));
    }
  }
});

Deno.test("only algorithms that go by statistics of training have any, and only under batch-inductive normalisation", async () => {
  const keys = async (algorithm: string, norm: Norm) => {
    const { start } = await prepared(specOf(algorithm, norm));
    return Object.keys(start).filter((key) => key.startsWith("moments:")).length;
  };
  equal(await keys("protonet", "batch-inductive"), 4);
  equal(await keys("protonet", "batch"), 0);
  equal(await keys("protonet", "layer"), 0);
  equal(await keys("maml", "batch-inductive"), 0);
});

Deno.test("watching a training under batch-inductive normalisation leaves what it learns, and sees the state as it then is", async () => {
  const validation = { episodes: 10, points: 3, shots: SHOTS, innerSteps: 2, queries: 3 };
  for (const algorithm of [...byTraining, "maml"]) {
    const spec = specOf(algorithm, "batch-inductive");
    const watchedSpec = { ...spec, validation };
    const [watched, alone] = [await train(watchedSpec, dataSet, wasm), await train(spec, dataSet, wasm)];
    equal(watched.state, alone.state, algorithm);
    equal(Object.keys(watched.state).filter((key) => key.startsWith("moments:")), []);
    const validator = new Validator(watchedSpec, validation, modelOf(spec, dataSet), dataSet, wasm);
    const score = validationScore("classification", await validator.scores(watched.state));
    validator.dispose();
    equal(watched.result.validation.at(-1)?.score, score, algorithm);
  }
});

Deno.test("multi-task learning with several task-specific layers is evaluated from every start by that start's own statistics", async () => {
  const spec = specOf("mtl", "batch-inductive", { sharingDepth: 0, shots: null, innerSteps: null });
  const { state } = await train(spec, dataSet, wasm);
  const model = modelOf(spec, dataSet);
  const starts = ["mean", "common", "random"] as const;
  const moments = await Promise.all(starts.map(async (taskStart) => {
    const start = await withMoments(startOf(model, spec, taskStart, state), spec, model, dataSet, exact);
    return Object.entries(start).filter(([key]) => key.startsWith("moments:")).map(([, values]) => [...values]);
  }));
  equal(moments.map(({ length }) => length), [4, 4, 4]);
  for (const [a, b] of [[0, 1], [0, 2], [1, 2]]) differ(moments[a], moments[b]);
  for (const taskStart of starts) {
    for (const adapter of ["gradient", "logistic"]) {
      const asked = adapter === "gradient" ? { innerSteps: [0, 2], innerLrs: [0.1] } : { innerSteps: [], innerLrs: [] };
      const { curve } = await evaluate(
        spec,
        { adapter, shots: SHOTS, adaptDepth: "native", taskStart, episodes: 10, testQueries: 3, ...asked },
        state,
        dataSet,
        wasm,
      );
      for (const { scores } of curve) ok(scores.every((score) => score !== null && score >= 0 && score <= 1));
    }
  }
});
