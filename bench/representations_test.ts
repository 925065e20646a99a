import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Backend } from "../algorithms/tensor/backend.ts";
import { algorithms } from "../algorithms/registry.ts";
import { activations, forward, type Model } from "../algorithms/models/model.ts";
import { conv4 } from "../algorithms/models/conv4.ts";
import { sharedStates } from "../algorithms/parameters.ts";
import { Graph } from "../algorithms/tensor/graph.ts";
import { wasmBackend } from "../algorithms/tensor/wasm/wasm.ts";
import { dataSets } from "../data/mod.ts";
import type { DataSet } from "../data/dataset.ts";
import { evaluate } from "./evaluate.ts";
import { RepresentationMeter, WATCHED_EPISODES } from "./representations.ts";
import { train } from "./train.ts";
import type { EvaluationSpec, LayerSimilarity, TrainSpec } from "./types.ts";

const LAYERS = ["dense1", "dense2", "head"];

async function withTools(use: (dataSet: DataSet, backend: Backend) => Promise<void>): Promise<void> {
  await use(await dataSets.sinusoid.open({ dataDir: "", ways: 1 }), await wasmBackend());
}

function specOf(algorithm: keyof typeof algorithms): TrainSpec {
  return {
    dataset: "sinusoid",
    ways: 1,
    model: "mlp",
    hidden: [16, 16],
    norm: "none",
    algorithm,
    sharingDepth: algorithms[algorithm].sharingDepth(0, 3) ?? null,
    shots: 5,
    innerSteps: 2,
    seed: 3,
    hyper: { iterations: 60, metaBatch: 4, queries: 5, innerLr: 0.02, outerLr: 2e-3, clip: 10, pool: 6 },
    validation: null,
  };
}

const EVALUATION: EvaluationSpec = {
  adaptation: "gradient",
  shots: 5,
  innerSteps: [0, 1, 5],
  adaptDepth: "native",
  taskStart: null,
  innerLrs: [0.02],
  episodes: 30,
  testQueries: 15,
};

/** By inner steps, the similarity of every layer. */
async function similarities(
  algorithm: keyof typeof algorithms,
  dataSet: DataSet,
  backend: Backend,
  change: Partial<EvaluationSpec> = {},
): Promise<Map<number, readonly LayerSimilarity[]>> {
  const spec = specOf(algorithm);
  const { state } = await train(spec, dataSet, backend);
  const { representations } = await evaluate(spec, { ...EVALUATION, ...change }, state, dataSet, backend);
  return new Map(representations?.map(({ innerSteps, layers }) => [innerSteps, layers]));
}

const cka = (layers: readonly LayerSimilarity[] | undefined) => layers?.map((layer) => layer.cka);

Deno.test("without a step nothing has moved: every layer's CKA is exactly 1 in every episode", () =>
  withTools(async (dataSet, backend) => {
    for (const algorithm of ["maml", "anil", "boil", "pooled"] as const) {
      const found = (await similarities(algorithm, dataSet, backend)).get(0);
      equal(
        found?.map(({ name, cka, sd, episodes }) => [name, cka, sd, episodes]),
        LAYERS.map((name) => [name, 1, 0, 30]),
      );
    }
  }));

Deno.test("ANIL leaves its body where it is, exactly, and moves its head", () =>
  withTools(async (dataSet, backend) => {
    const found = await similarities("anil", dataSet, backend);
    for (const steps of [1, 5]) {
      const [first, second, head] = found.get(steps) ?? [];
      equal([first.cka, first.sd, second.cka, second.sd], [1, 0, 1, 0]);
      equal([first.adapted, second.adapted, head.adapted], [false, false, true]);
      ok(head.cka !== null && head.cka < 0.999, `head ${head.cka}`);
    }
  }));

Deno.test("MAML moves every layer, and further with more steps; as far as its frozen layers go, none", () =>
  withTools(async (dataSet, backend) => {
    const found = await similarities("maml", dataSet, backend);
    const [one, five] = [cka(found.get(1)), cka(found.get(5))];
    for (const layer of LAYERS.keys()) {
      const [near, far] = [one?.[layer] ?? NaN, five?.[layer] ?? NaN];
      ok(far < near && near < 1 && far > 0, `${LAYERS[layer]}: ${near} after 1 step, ${far} after 5`);
    }
    const frozen = await similarities("maml", dataSet, backend, { adaptDepth: 1 });
    const [first, second] = frozen.get(5) ?? [];
    equal([first.cka, first.adapted, second.adapted], [1, false, true]);
    ok(second.cka !== null && second.cka < 1);
    equal(cka((await similarities("maml", dataSet, backend, { adaptDepth: 3 })).get(5)), [1, 1, 1]);
  }));

Deno.test("BOIL's head has fixed weights, but what it puts out moves with what goes in", () =>
  withTools(async (dataSet, backend) => {
    const head = (await similarities("boil", dataSet, backend)).get(5)?.[2];
    ok(head !== undefined && !head.adapted && head.cka !== null && head.cka < 1, JSON.stringify(head));
  }));

Deno.test("the first test episodes are looked at, whatever the number of all, and scores are the same to the bit as without looking", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml");
    const { state } = await train(spec, dataSet, backend);
    const run = (episodes: number) => evaluate(spec, { ...EVALUATION, episodes }, state, dataSet, backend);
    const [some, many] = [await run(WATCHED_EPISODES), await run(WATCHED_EPISODES + 30)];
    equal(many.representations, some.representations);
    equal(many.representations?.[2].layers[0].episodes, WATCHED_EPISODES);
    const first = many.curve.map((point) => ({ ...point, scores: point.scores.slice(0, WATCHED_EPISODES) }));
    equal(first, some.curve);
    equal(many.curve[2].scores.length, WATCHED_EPISODES + 30);
    // Episodes 50 to 79 are not watched here, but are in a run of a data set whose first 50 episodes are others.
    const later: DataSet = {
      ...dataSet,
      episodes: (split, from, count, ...rest) => dataSet.episodes(split, from + WATCHED_EPISODES, count, ...rest),
    };
    const watched = await evaluate(spec, { ...EVALUATION, episodes: 30 }, state, later, backend);
    equal(watched.curve.map(({ scores }) => scores), many.curve.map(({ scores }) => scores.slice(WATCHED_EPISODES)));
  }));

Deno.test("a dead network and an exploded one have no representation to compare: counted, and null instead of a number", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml");
    const { state } = await train(spec, dataSet, backend);
    const dead = {
      ...state,
      "dense1.weight": state["dense1.weight"].map(() => 0),
      "dense1.bias": state["dense1.bias"].map(() => -1),
    };
    const { representations } = await evaluate(spec, EVALUATION, dead, dataSet, backend);
    equal(representations?.[2].layers[0], {
      name: "dense1",
      adapted: true,
      cka: null,
      sd: null,
      episodes: 30,
      undefinedEpisodes: 30,
    });
    const wild = await evaluate(spec, { ...EVALUATION, innerLrs: [1e9] }, state, dataSet, backend);
    const head = wild.representations?.[2].layers[2];
    equal([head?.cka, head?.undefinedEpisodes], [null, 30]);
  }));

Deno.test("a solved head leaves every representation as it is, so there is nothing to tell", () =>
  withTools(async (dataSet, backend) => {
    equal(
      (await similarities("maml", dataSet, backend, { adaptation: "solved-head", innerSteps: [], innerLrs: [] })).size,
      0,
    );
  }));

Deno.test("the last of a model's activations are its outputs", () => {
  const graph = new Graph();
  const model: Model = conv4.build({ inputShape: [28, 28, 1], outputs: 5, hidden: [4, 4, 4, 4], norm: "batch" });
  const x = graph.input("x", [2, 3, 28, 28, 1]);
  const params = sharedStates(graph, model);
  const values = activations(model, params, x);
  ok(values.at(-1) === forward(model, params, x));
  equal(values.map(({ shape }) => shape), [[2, 3, 14, 14, 4], [2, 3, 7, 7, 4], [2, 3, 4, 4, 4], [2, 3, 4], [2, 3, 5]]);
  // Positions are features as channels are: one Gram matrix of examples per layer.
  const meter = new RepresentationMeter(model, Array(5).fill(true), [1]);
  const watched = new Map(meter.watch(values, 1));
  equal([...watched.values()].map(({ shape }) => shape), Array(5).fill([[2, 3, 3], [2]]).flat());
  equal([...watched.keys()], meter.outputs.slice(10));
});
