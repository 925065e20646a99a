import { deepStrictEqual as equal, notDeepStrictEqual as differs, ok } from "node:assert/strict";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { TABLE, tinyDataSet, tinySpec } from "../testing/trainings.ts";
import { batchSource } from "./batches.ts";
import { evaluate } from "./evaluate.ts";
import { nativeAdapterOf } from "./subject.ts";
import { train } from "./train.ts";
import type { EvaluationSpec, TrainSpec } from "../store/types.ts";

const [dataSet, backend] = [await tinyDataSet("classification"), await wasmBackend()];

const DROPPING = { dropout: 0.3, dropBlock: 2 };
const AUGMENT = { crop: 1, flip: true, jitter: 0.2 };

function specOf(algorithm: string, change: Partial<TrainSpec> = {}): TrainSpec {
  return tinySpec(algorithm, "classification", {
    ...{ model: "resnet12", hidden: [4, 3], norm: "batch-inductive", shots: 2 },
    ...change,
  }, { iterations: 3, metaBatch: 2, queries: 2 });
}

async function stateOf(spec: TrainSpec) {
  return (await train(spec, dataSet, backend)).state;
}

const EVALUATION: EvaluationSpec = {
  ...{ adapter: "gradient", shots: 2, innerSteps: [0, 2], adaptDepth: "native", taskStart: null, innerLrs: [0.05] },
  ...{ episodes: 6, testQueries: 3 },
};

Deno.test("dropping activations and augmenting images are drawn by the seed: twice the same bits, and others than without", async () => {
  for (const algorithm of ["maml", "protonet", "mtl"]) {
    const spec = specOf(algorithm, { modelOptions: DROPPING, augment: AUGMENT });
    const state = await stateOf(spec);
    ok(Object.values(state).every((values) => values.every(Number.isFinite)));
    equal(await stateOf(spec), state);
    differs(await stateOf(specOf(algorithm, { augment: AUGMENT })), state);
    differs(await stateOf(specOf(algorithm, { modelOptions: DROPPING })), state);
  }
});

Deno.test("a new task meets the whole network and images as they are", async () => {
  for (const algorithm of ["maml", "protonet"]) {
    const adapter = algorithm === "maml"
      ? EVALUATION
      : { ...EVALUATION, adapter: "prototypes", innerSteps: [], innerLrs: [] };
    const state = await stateOf(specOf(algorithm));
    const scores = async (change: Partial<TrainSpec>) =>
      (await evaluate(specOf(algorithm, change), adapter, state, dataSet, backend)).curve.map(({ scores }) => scores);
    // Statistics of training are those of augmented images, so images alone are compared without them.
    equal(await scores({ modelOptions: DROPPING }), await scores({}));
    if (algorithm === "maml") equal(await scores({ modelOptions: DROPPING, augment: AUGMENT }), await scores({}));
  }
});

Deno.test("every kind of batch is augmented, part by part and iteration by iteration, and labels are left alone", () => {
  for (const algorithm of ["maml", "mtl", "reptile", "baseline-plus-plus"]) {
    const draw = (augment?: typeof AUGMENT, iteration = 4) =>
      batchSource(specOf(algorithm, { augment }), TABLE[algorithm], dataSet).draw(iteration).feeds;
    const [plain, changed] = [draw(), draw(AUGMENT)];
    for (const name of Object.keys(plain)) {
      if (name.startsWith("x")) differs(changed[name], plain[name], `${algorithm} ${name}`);
      else equal(changed[name], plain[name]);
    }
    equal(draw(AUGMENT), changed);
    ok(Object.keys(plain).length > 1);
  }
});

Deno.test("every algorithm for classification trains and meets new tasks on max-pooled convolutions and on ResNet-12", async () => {
  const networks: Partial<TrainSpec>[] = [
    { model: "conv4", hidden: [4, 3], modelOptions: { pooling: "max", features: "flatten" } },
    { model: "resnet12", hidden: [3, 4], modelOptions: DROPPING, augment: AUGMENT },
  ];
  for (const network of networks) {
    for (const [name, algorithm] of Object.entries(TABLE)) {
      if (!algorithm.supports.includes("classification")) continue;
      const spec = specOf(name, network);
      const { name: adapter, readsInnerSteps } = nativeAdapterOf(algorithm, "classification");
      const asked = { ...EVALUATION, adapter, ...(readsInnerSteps ? {} : { innerSteps: [], innerLrs: [] }) };
      const taskStart = algorithm.reads.includes("taskStart") ? "mean" : null;
      const { curve } = await evaluate(spec, { ...asked, taskStart }, await stateOf(spec), dataSet, backend);
      const scores = curve.flatMap(({ scores }) => scores);
      ok(
        scores.length > 0 && scores.every((score) => score !== null && score >= 0 && score <= 1),
        `${name}: ${scores}`,
      );
    }
  }
});
