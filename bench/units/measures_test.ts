import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Backend, Executable } from "../../algorithms/tensor/backend.ts";
import { Graph } from "../../algorithms/tensor/graph.ts";
import { program } from "../../algorithms/tensor/program.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";
import { expectedCalibrationError } from "../../reports/statistics/calibration.ts";
import { tinyDataSet, tinySpec } from "../testing/trainings.ts";
import type { EvaluationSpec } from "../store/types.ts";
import { AdaptationClock } from "./adaptation_clock.ts";
import { evaluate } from "./evaluate.ts";
import { QuerySums } from "./query_meter.ts";
import { train } from "./train.ts";

const EVALUATION: EvaluationSpec = {
  ...{ adapter: "gradient", shots: 1, innerSteps: [0, 2], adaptDepth: "native", taskStart: null },
  ...{ innerLrs: [0.4], episodes: 60, testQueries: 5 },
};

async function measured(algorithm: string, change: Partial<EvaluationSpec> = {}, kind = "classification" as const) {
  const [dataSet, backend] = [await tinyDataSet(kind), await openBackend("wasm")];
  const spec = tinySpec(algorithm, kind);
  const { state } = await train(spec, dataSet, backend);
  const times: number[] = [];
  const result = await evaluate(spec, { ...EVALUATION, ...change }, state, dataSet, backend, (ms) => times.push(ms));
  return { ...result, times, dataSet };
}

const mean = (values: readonly (number | null)[]) =>
  values.reduce<number>((sum, value) => sum + (value ?? NaN), 0) / values.length;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

Deno.test("what is measured of queries adds up to the scores: in all bins, and over all classes", async () => {
  for (
    const [algorithm, change] of [
      ["maml", {}],
      ["protonet", { adapter: "prototypes", innerSteps: [], innerLrs: [] }],
      ["mtl", { adapter: "logistic", innerSteps: [], innerLrs: [], taskStart: "mean" }],
    ] as const
  ) {
    const { curve, measures = [], dataSet } = await measured(algorithm, change);
    equal(measures.map(({ innerSteps }) => innerSteps), curve.map(({ innerSteps }) => innerSteps), algorithm);
    curve.forEach(({ scores }, point) => {
      const { bins, queries, right, nll } = measures[point];
      equal(queries.length, dataSet.classesOf!("test").length);
      equal([sum(queries), sum(bins.map(([own]) => own))], [60 * 15, 60 * 15], algorithm);
      const accuracy = mean(scores);
      ok(Math.abs(sum(right) / sum(queries) - accuracy) < 1e-12, algorithm);
      equal(sum(bins.map(([, , own]) => own)), sum(right));
      ok((nll ?? NaN) / sum(queries) > 0 && (expectedCalibrationError(bins) ?? NaN) <= 1);
    });
  }
});

Deno.test("classes have the queries that their episodes have, whatever the predictions", async () => {
  const { measures = [], dataSet } = await measured("maml");
  const expected = new Array(dataSet.classesOf!("test").length).fill(0);
  for (const classId of dataSet.episodes("test", 0, 60, 1, 5).classes!) expected[classId] += 5;
  for (const { queries } of measures) equal(queries, expected);
});

Deno.test("probabilities and classes of queries are those of a computation by hand", () => {
  const sums = new QuerySums(4);
  // Two classes, 3 and 1; logits whose softmax is 3/4, 1/4 for a query of class 3 and 1/5, 4/5 for one of class 1.
  const logits = [Math.log(3), 0, 0, Math.log(4)];
  sums.add(logits, { targets: [1, 0, 0, 1], classes: [3, 1] });
  // Wrong, with probability 1/4 for the truth.
  sums.add([Math.log(3), 0], { targets: [0, 1], classes: [0, 2] });
  // Not finite: it has no score either.
  sums.add([NaN, 0], { targets: [0, 1], classes: [0, 2] });
  const { nll, bins, queries, right, innerSteps } = sums.at(5);
  equal([innerSteps, queries, right], [5, [0, 1, 1, 1], [0, 1, 0, 1]]);
  ok(Math.abs((nll ?? NaN) + Math.log(3 / 4) + Math.log(4 / 5) + Math.log(1 / 4)) < 1e-12);
  // 0.75 is in (11/15, 12/15] twice, of which one is right; 0.8 at the upper end of that bin, or just beyond.
  const filled = bins.filter(([own]) => own > 0);
  equal([sum(filled.map(([own]) => own)), sum(filled.map(([, , own]) => own))], [3, 2]);
  ok(Math.abs(sum(filled.map(([, confidence]) => confidence)) - 2.3) < 1e-12);
});

Deno.test("time per episode is told once and is no part of the result, and regression has no classes to measure", async () => {
  const [first, second] = [await measured("maml"), await measured("maml")];
  equal(JSON.stringify([first.curve, first.measures]), JSON.stringify([second.curve, second.measures]));
  const head = await measured("protonet", { adapter: "prototypes", innerSteps: [], innerLrs: [] });
  for (const { times } of [first, second, head]) ok(times.length === 1 && times[0] > 0, times.join());
  const [dataSet, backend] = [await tinyDataSet("regression"), await openBackend("wasm")];
  const spec = tinySpec("maml", "regression");
  const { state } = await train(spec, dataSet, backend);
  const result = await evaluate(spec, { ...EVALUATION, innerLrs: [0.01], episodes: 5 }, state, dataSet, backend);
  equal("measures" in result, false);
});

Deno.test("a clock counts programs while it is on, per episode, and what is added", async () => {
  const clock = new AdaptationClock();
  equal(clock.perEpisode(), undefined);
  const slow: Executable = {
    ...{ flops: 0, setState: () => {}, getState: () => Promise.resolve(new Float32Array()), dispose: () => {} },
    run: () => {},
    read: () => new Promise((resolve) => setTimeout(() => resolve(new Float32Array()), 30)),
  };
  const backend: Backend = { name: "slow", description: "", memoryBytes: () => undefined, compile: () => slow };
  const executable = clock.timed(backend).compile(program({ outputs: { x: new Graph().constant(0, [1]) } }));
  await executable.read("before");
  await clock.during(2, async () => {
    executable.run({});
    await executable.read("x");
  });
  await executable.read("after");
  clock.add(10);
  const perEpisode = clock.perEpisode() ?? NaN;
  ok(perEpisode >= 19 && perEpisode < 35, `${perEpisode}`);
});
