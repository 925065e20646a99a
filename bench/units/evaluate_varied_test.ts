import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { metaKey, parameterSlots } from "../../algorithms/blocks/parameters.ts";
import { openBackend } from "../../algorithms/tensor/backends.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { anyWayDataSet } from "../../data/derived/any_way.ts";
import { TABLE, tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import type { EvaluationSpec } from "../store/types.ts";
import { adaptationProgram, featureProgram, startOf, type Subject } from "./adaptation.ts";
import { EpisodeRunner } from "./episodes.ts";
import { evaluateVaried } from "./evaluate_varied.ts";
import { narrowed, settled } from "./narrow.ts";
import { scoreEpisode } from "./score.ts";
import { adapterOf, algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { train } from "./train.ts";

const backend = await openBackend("wasm");
const usual = await tinyDataSet("classification");
const data = anyWayDataSet("glyphs-any", usual);
const EPISODES = 40;

function evaluationOf(name: string): EvaluationSpec {
  const steps = adapterOf(name).readsInnerSteps;
  return {
    ...{ adapter: name, shots: 4, innerSteps: steps ? [0, 2] : [], adaptDepth: "native", taskStart: "mean" },
    ...{ innerLrs: steps ? [0.1] : [], episodes: EPISODES, testQueries: 5 },
  };
}

/** Logits of one episode that is adapted to alone, with a network that never had more rows than the episode has classes. */
async function alone(name: string, algorithm: string, state: Readonly<Record<string, Float32Array>>, episode: number) {
  const adapter = adapterOf(name);
  const spec = tinySpec(algorithm, "classification");
  const shape = data.shapes(EPISODES).find(({ numbers }) => numbers.includes(episode))!;
  const { outputs } = shape.dataSet;
  const own: DataSet = {
    ...shape.dataSet,
    episodes: (split, _, __, ...rest) => data.episodes(split, episode, 1, ...rest),
  };
  const model = modelOf(spec, own);
  const subject: Subject = { model, spec, metaSpecs: metaSpecsOf(spec, model, own) };
  const wide = modelOf(spec, data);
  const started = await settled(
    startOf(wide, spec, "mean", state),
    { model: wide, spec, metaSpecs: metaSpecsOf(spec, wide, data) },
    backend,
  );
  // The columns by hand: the head's arrays are rows of N numbers.
  const start = Object.fromEntries(
    Object.entries(started).map(([key, values]) => {
      const isHead = parameterSlots(wide).some((slot) =>
        (slot.key === key || key.endsWith(slot.key)) && slot.shape.at(-1) === usual.outputs &&
        slot.layer === wide.layers.length - 1
      );
      if (!isHead) return [key, values];
      const rows = Array.from(
        { length: values.length / usual.outputs },
        (_, r) => [...values.subarray(r * usual.outputs, r * usual.outputs + outputs)],
      );
      return [key, Float32Array.from(rows.flat())];
    }),
  );
  const range = { split: "test", episodes: 1, shots: 4, testQueries: 5 } as const;
  if (adapter.form === "graph") {
    const runner = new EpisodeRunner(
      backend,
      start,
      (sizes) =>
        adaptationProgram({ ...subject, adapter, adaptDepth: "native", innerSteps: [0, 2], strength: 0.1 }, sizes, own),
    );
    for await (const { outputs, batch } of runner.over(own, range, ["step2"])) {
      runner.dispose();
      return { logits: outputs.step2, targets: batch.queryY, ways: own.outputs };
    }
  } else {
    const runner = new EpisodeRunner(backend, start, (sizes) => featureProgram(subject, sizes, own));
    for await (const { outputs, batch } of runner.over(own, range, ["support", "query"])) {
      runner.dispose();
      const width = outputs.support.length / batch.nSupport;
      const task = {
        support: Matrix.from1DArray(batch.nSupport, width, outputs.support),
        query: Matrix.from1DArray(batch.nQuery, width, outputs.query),
        targets: Matrix.from1DArray(batch.nSupport, own.outputs, batch.supportY),
      };
      return { adapter, task, targets: batch.queryY, ways: own.outputs };
    }
  }
  throw new Error("internal: no episode");
}

const OF_CLASSES = Object.values(adapters).filter(({ supports }) => supports.some((kind) => kind === "classification"));

for (const { name } of OF_CLASSES) {
  const algorithm = name === "context-gradient" ? "cavia" : name === "gradient" ? "maml" : "protonet";
  Deno.test(`episodes of several shapes are scored by ${name} as each is alone, without any batch or further class`, async () => {
    const spec = tinySpec(algorithm, "classification");
    const { state } = await train(spec, usual, backend);
    const result = await evaluateVaried(spec, evaluationOf(name), state, data, backend);
    const { scores, strength } = result.curve.at(-1)!;
    equal(scores.length, EPISODES);
    for (const episode of [0, 1, 2, 3, 17, 39]) {
      const found = await alone(name, algorithm, state, episode);
      const logits = "logits" in found
        ? found.logits
        : found.adapter.solver(found.task)(strength ?? found.adapter.candidates[0]).predictions.to1DArray();
      const expected = scoreEpisode("classification", logits ?? [], found.targets, found.ways);
      ok(
        Math.abs((scores[episode] ?? NaN) - (expected ?? NaN)) < 1e-9,
        `episode ${episode}: ${scores[episode]}, ${expected}`,
      );
    }
    const queries = data.shapes(EPISODES).reduce(
      (sum, { numbers, dataSet }) => sum + 5 * numbers.length * dataSet.outputs,
      0,
    );
    for (const { queries: own, bins } of result.measures ?? []) {
      equal([own.reduce((a, b) => a + b), bins.reduce((sum, [n]) => sum + n, 0)], [queries, queries]);
    }
    ok(result.curve.every(({ adaptFlops }) => adaptFlops > 0));
  });
}

Deno.test("every algorithm that classifies is adapted to episodes of fewer ways than its head has rows", async () => {
  for (const algorithm of TRAINED.filter((name) => TABLE[name].supports.includes("classification"))) {
    const spec = tinySpec(algorithm, "classification", {}, { iterations: 2 });
    const { state } = await train(spec, usual, backend);
    const [native] = TABLE[algorithm].nativeAdapters.filter((name) =>
      adapterOf(name).supports.includes("classification")
    );
    const { curve } = await evaluateVaried(spec, evaluationOf(native), state, data, backend);
    ok(curve.every(({ scores }) => scores.length === EPISODES && scores.every((score) => score !== null)), algorithm);
  }
});

Deno.test("a head row that all classes share stays the mean of all rows that were learned", async () => {
  const spec = tinySpec("unicorn-maml", "classification", {}, { iterations: 2 });
  const { state } = await train(spec, usual, backend);
  const subjectOn = (own: DataSet): Subject => {
    const model = modelOf(spec, own);
    return { model, spec, metaSpecs: metaSpecsOf(spec, model, own) };
  };
  ok(algorithmOf(spec).taskParams !== undefined);
  const wide = subjectOn(data);
  const narrow = subjectOn({ ...data, outputs: 2 });
  const cut = narrowed(await settled(state, wide, backend), wide, narrow);
  const [weight] = parameterSlots(narrow.model).filter(({ layer, name }) =>
    layer === narrow.model.layers.length - 1 && name === "weight"
  );
  const [before, after] = [state[weight.key], cut[weight.key]];
  equal(after.length, before.length / 3 * 2);
  for (let row = 0; row < before.length / 3; row++) {
    const mean = (before[3 * row] + before[3 * row + 1] + before[3 * row + 2]) / 3;
    ok(Math.abs(after[2 * row] - mean) < 1e-6 && after[2 * row] === after[2 * row + 1]);
  }
});

Deno.test("of a learned matrix over the classes, the first rows and columns are left, and of one over features all", async () => {
  const spec = tinySpec("meta-curvature", "classification");
  const subjectOn = (own: DataSet): Subject => {
    const model = modelOf(spec, own);
    return { model, spec, metaSpecs: metaSpecsOf(spec, model, own) };
  };
  const [wide, narrow] = [subjectOn(data), subjectOn({ ...data, outputs: 2 })];
  const head = wide.model.layers.length - 1;
  const [classes, features] = ["out", "in"].map((part) => metaKey(`curvature${head}.weight.${part}`));
  const counted = (n: number) => Float32Array.from({ length: n }, (_, i) => i);
  const width = Math.sqrt((await train(spec, usual, backend)).state[features].length);
  const cut = narrowed({ [classes]: counted(9), [features]: counted(width ** 2) }, wide, narrow);
  equal([...cut[classes]], [0, 1, 3, 4]);
  equal(cut[features], counted(width ** 2));
});
