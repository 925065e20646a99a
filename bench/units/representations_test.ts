import { testHyper } from "../testing/hyper.ts";
import { deepStrictEqual as equal, ok } from "node:assert/strict";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { activations, forward, type Model } from "../../algorithms/models/model.ts";
import { conv4 } from "../../algorithms/models/conv4.ts";
import { sharedStates } from "../../algorithms/blocks/parameters.ts";
import { Graph, sizeOf } from "../../algorithms/tensor/graph.ts";
import { program } from "../../algorithms/tensor/program.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { dataSets } from "../../data/mod.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { rng } from "../../common/random.ts";
import { evaluate } from "./evaluate.ts";
import { RepresentationMeter, WATCHED_EPISODES } from "./representations.ts";
import { train } from "./train.ts";
import type { EvaluationSpec, LayerSimilarity, TrainSpec } from "../store/types.ts";

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
    hyper: testHyper({ iterations: 60, metaBatch: 4, queries: 5, innerLr: 0.02, outerLr: 2e-3, pool: 6 }),
    validation: null,
  };
}

const EVALUATION: EvaluationSpec = {
  adapter: "gradient",
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
      (await similarities("maml", dataSet, backend, { adapter: "ridge", innerSteps: [], innerLrs: [] })).size,
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
});

/** CKA with the unbiased HSIC term by term over Gram matrices that are not centred (Song et al. 2012, equation 5). */
function reference(x: readonly number[][], y: readonly number[][]): number {
  const n = x.length;
  const gram = (rows: readonly number[][]) =>
    rows.map((a, i) => rows.map((b, j) => i === j ? 0 : a.reduce((total, value, k) => total + value * b[k], 0)));
  const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const hsic = (k: number[][], l: number[][]) => {
    const [rowsK, rowsL] = [k.map(total), l.map(total)];
    return total(k.flatMap((row, i) => row.map((value, j) => value * l[i][j]))) +
      total(rowsK) * total(rowsL) / ((n - 1) * (n - 2)) -
      2 / (n - 2) * total(rowsK.map((value, i) => value * rowsL[i]));
  };
  const [k, l] = [gram(x), gram(y)];
  return hsic(k, l) / Math.sqrt(hsic(k, k) * hsic(l, l));
}

Deno.test("what a backend puts out for it gives the CKA of the activations, for layers narrower and wider than there are examples, images among them", async () => {
  const [tasks, examples] = [2, 9];
  const shapes = [[tasks, examples, 4], [tasks, examples, 3, 2, 5]];
  const graph = new Graph();
  const inputs = (when: string) => shapes.map((shape, layer) => graph.input(`${when}${layer}`, shape));
  const [before, after] = [inputs("before"), inputs("after")];
  // Of a model, the meter asks for the names of its layers only.
  const model = { layers: [{ name: "narrow" }, { name: "wide" }] } as unknown as Model;
  const meter = new RepresentationMeter(model, [true, true], [1]);
  const outputs = Object.fromEntries([...meter.watch(before, before, 0), ...meter.watch(after, before, 1)]);
  equal(Object.keys(outputs), meter.outputs);
  const executable = (await wasmBackend()).compile(program({ outputs }));
  const draw = rng(["representations test"]);
  const feeds: Record<string, Float32Array> = {};
  shapes.forEach((shape, layer) => {
    const first = Float32Array.from({ length: sizeOf(shape) }, () => 3 + draw.normal());
    feeds[`before${layer}`] = first;
    feeds[`after${layer}`] = first.map((value) => Math.max(0, 2 * value - 4 + draw.normal()));
  });
  executable.run(feeds);
  const read = await Promise.all(meter.outputs.map(async (name) => [name, await executable.read(name)] as const));
  meter.see({ tasks } as EpisodeBatch, Object.fromEntries(read));
  executable.dispose();
  shapes.forEach((shape, layer) => {
    const width = sizeOf(shape) / tasks / examples;
    const rows = (values: Float32Array, task: number) =>
      Array.from(
        { length: examples },
        (_, i) => [...values.subarray((task * examples + i) * width, (task * examples + i + 1) * width)],
      );
    const expected = [0, 1].map((task) =>
      reference(rows(feeds[`before${layer}`], task), rows(feeds[`after${layer}`], task))
    );
    const { cka, sd, name } = meter.at(1).layers[layer];
    ok(expected.every((value) => value > 0.05 && value < 0.95), `${name}: ${expected}`);
    ok(Math.abs((cka ?? NaN) - (expected[0] + expected[1]) / 2) < 1e-5, `${name}: ${cka} instead of ${expected}`);
    ok(Math.abs((sd ?? NaN) - Math.abs(expected[0] - expected[1]) / Math.SQRT2) < 1e-5, `${name}: sd ${sd}`);
    equal(meter.at(0).layers[layer].cka, 1);
  });
});
