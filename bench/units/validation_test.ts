import { testHyper } from "../testing/hyper.ts";
import { deepStrictEqual as equal, ok } from "node:assert";
import { algorithms } from "../../algorithms/registry.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { dataSets } from "../../data/mod.ts";
import { modelOf } from "./subject.ts";
import { train } from "./train.ts";
import type { TrainSpec } from "../store/types.ts";
import {
  flatBy,
  flopsToTarget,
  isFlat,
  isUndertrained,
  trendOf,
  validationScore,
  Validator,
  watchedIterations,
} from "./validation.ts";

const dataSet = await dataSets.sinusoid.open({ dataDir: "", ways: 1 });
const backend = await wasmBackend();
const WATCHED = { episodes: 20, points: 10, shots: 10, innerSteps: 2, queries: 10 };

function specOf(algorithm: keyof typeof algorithms, change: Partial<TrainSpec["hyper"]> = {}): TrainSpec {
  const declared = algorithms[algorithm];
  return {
    dataset: "sinusoid",
    ways: 1,
    model: "mlp",
    hidden: [8, 8],
    norm: "none",
    algorithm,
    sharingDepth: declared.sharingDepth(1, 3) ?? null,
    shots: 5,
    innerSteps: 2,
    seed: 3,
    hyper: testHyper({ iterations: 40, metaBatch: 4, queries: 5, innerLr: 0.02, outerLr: 1e-2, pool: 6, ...change }),
    validation: WATCHED,
  };
}

Deno.test("watching a training leaves what it learns and what it costs as they are", async () => {
  for (const algorithm of ["mtl", "maml", "pooled", "reptile"] as const) {
    const spec = specOf(algorithm);
    const [watched, alone] = [
      await train(spec, dataSet, backend),
      await train({ ...spec, validation: null }, dataSet, backend),
    ];
    equal(watched.state, alone.state, algorithm);
    equal([watched.result.flops, watched.result.curve], [alone.result.flops, alone.result.curve]);
    equal([watched.result.validation.length, alone.result.validation.length, alone.result.trend], [10, 0, null]);
  }
});

Deno.test("the validation curve ends with the score of the learned state, at the whole cost", async () => {
  for (const algorithm of ["mtl", "maml"] as const) {
    const spec = specOf(algorithm);
    const { result, state } = await train(spec, dataSet, backend);
    const validator = new Validator(spec, WATCHED, modelOf(spec, dataSet), dataSet, backend);
    const scores = await validator.scores(state);
    validator.dispose();
    equal(scores.length, WATCHED.episodes);
    const last = { iteration: 40, score: validationScore("regression", scores), flops: result.flops };
    equal(result.validation.at(-1), last, algorithm);
    ok(result.validation[0].flops === result.flops / 10);
  }
});

Deno.test("a training that is still improving is flagged, and one that stands still is not", async () => {
  const undertrained = async (outerLr: number) => {
    const { result } = await train(specOf("maml", { outerLr }), dataSet, backend);
    ok(result.trend !== null);
    return isUndertrained(result.trend, 0.02);
  };
  equal([await undertrained(1e-2), await undertrained(1e-12)], [true, false]);
});

Deno.test("a trend is the paired gain of the last fifth over the fifth before it", () => {
  const point = (iteration: number, ...scores: (number | null)[]) => ({ iteration, scores });
  const accuracies = [
    point(20, 0, 0),
    point(70, 0.5, 0.4),
    point(80, 0.7, 0.4),
    point(90, 0.7, 0.6),
    point(100, 0.9, 0.6),
  ];
  const trend = trendOf("classification", accuracies, 100);
  ok(trend !== null && Math.abs(trend.improvement - 0.2) < 1e-12 && trend.standardError < 1e-12);
  const errors = [point(75, 1, Math.E), point(100, 1 / Math.E, Math.E ** 2)];
  // Gains of 1 and -1 in log MSE: no improvement, standard deviation √2.
  const noisy = trendOf("regression", errors, 100);
  ok(noisy !== null && Math.abs(noisy.improvement) < 1e-12 && Math.abs(noisy.standardError - 1) < 1e-12);
  equal(trendOf("classification", [point(100, 1)], 100), null);
  equal(isUndertrained({ improvement: 0.1, standardError: 0.02 }, 0.05), true);
  equal(isUndertrained({ improvement: 0.1, standardError: 0.04 }, 0.05), false);
});

Deno.test("a training is flat where it can no longer be improving by more than the tolerance", () => {
  equal(isFlat({ improvement: 0, standardError: 0.02 }, 0.05), true);
  equal(isFlat({ improvement: 0, standardError: 0.04 }, 0.05), false);
  equal(isFlat({ improvement: -0.5, standardError: 0.1 }, 0), true);
});

Deno.test("a flat training does not end on a spike", () => {
  const point = (iteration: number, score: number) => ({ iteration, scores: [score, score * 1.01] });
  const steady = Array.from({ length: 20 }, (_, i) => point(5 * (i + 1), 1 + 0.01 * (i % 2)));
  const ending = (score: number) => flatBy("regression", [...steady.slice(0, 19), point(100, score)], 100, 0.05);
  equal([ending(1), ending(1.2)], [true, false]);
  // Of accuracies more is better.
  equal(flatBy("classification", [...steady.slice(0, 19), point(100, 1.2)], 100, 0.5), true);
  equal(flatBy("classification", [...steady.slice(0, 19), point(100, 0.8)], 100, 0.5), false);
});

Deno.test("a training that waits until it is flat ends there as the one of so many iterations, which keeps its budget's points", async () => {
  const budget = { ...WATCHED, points: 20 };
  const of = (change: Partial<TrainSpec["hyper"]>) =>
    train({ ...specOf("maml", { iterations: 80, ...change }), validation: budget }, dataSet, backend);
  // No tolerance is larger than this one, so the training ends as soon as it may: at the tenth point.
  const flat = await of({ untilFlat: { tolerance: 1e9 } });
  const whole = await of({});
  equal([flat.result.iterations, flat.result.validation.length, whole.result.iterations], [40, 10, 80]);
  equal(flat.result.validation, whole.result.validation.slice(0, 10));
  equal(flat.result.flops, whole.result.flops / 2);
  const half = await train({ ...specOf("maml", { iterations: 40 }), validation: null }, dataSet, backend);
  equal(flat.state, half.state);
  // A step size too small to learn with is flat, and one that learns is not.
  const still = await of({ untilFlat: { tolerance: 1e-6 }, outerLr: 1e-12 });
  const learning = await of({ untilFlat: { tolerance: 1e-6 }, outerLr: 1e-2 });
  equal([still.result.iterations, learning.result.iterations], [40, 80]);
});

Deno.test("a training is watched at even intervals and at its end, however short it is", () => {
  equal([...watchedIterations(20, 5)], [4, 8, 12, 16, 20]);
  equal([...watchedIterations(3, 10)], [1, 2, 3]);
  equal([...watchedIterations(0, 10)], []);
});

Deno.test("the cost to reach a score is that of the first point as good", () => {
  const curve = [{ score: 2, flops: 10 }, { score: 1, flops: 20 }, { score: 0.5, flops: 30 }];
  equal(flopsToTarget("regression", curve, 1), 20);
  equal(flopsToTarget("classification", curve, 1), 10);
  equal(flopsToTarget("regression", curve, 0.1), undefined);
});
