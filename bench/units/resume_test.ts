import { deepStrictEqual as equal, ok, rejects } from "node:assert";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { cpuBackend } from "../../algorithms/tensor/cpu.ts";
import { openTensorflow, tensorflowMissing } from "../../algorithms/tensor/tensorflow/open.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { kindOf, TABLE, tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint } from "../store/checkpoint.ts";
import { type Checkpointer } from "./checkpointer.ts";
import { InterruptedError } from "../../common/errors.ts";
import { train, type Training } from "./train.ts";
import type { TrainSpec } from "../store/types.ts";

const UNIT = "ab".repeat(32);
const ITERATIONS = 120;

const WATCHED = { episodes: 10, points: 10, shots: 5, innerSteps: 2, queries: 5 };

function specOf(
  algorithm: string,
  change: Partial<TrainSpec> = {},
  hyper: Partial<TrainSpec["hyper"]> = {},
  kind = kindOf(algorithm),
): TrainSpec {
  return tinySpec(algorithm, kind, { validation: WATCHED, ...change }, { iterations: ITERATIONS, ...hyper });
}

/** Everything that a training leaves, down to the last bit. */
function bits({ result, state }: Training): unknown {
  return [result, Object.entries(state).map(([name, values]) => [name, [...new Uint8Array(values.slice().buffer)]])];
}

/** Stops after some iteration. */
class Stopping implements Checkpointer {
  saved: Checkpoint | undefined;
  #iterations: number;

  constructor(readonly from: Checkpoint | undefined, after: number) {
    this.#iterations = after - (from?.iteration ?? 0);
  }

  action(): Promise<"go on" | "stop"> {
    return Promise.resolve(--this.#iterations === 0 ? "stop" : "go on");
  }

  save(checkpoint: Checkpoint): void {
    this.saved = checkpoint;
  }
}

function throughFile(checkpoint: Checkpoint | undefined): Checkpoint | undefined {
  if (checkpoint === undefined) return undefined;
  const pieces = [...encodeCheckpoint(UNIT, checkpoint)].map((bytes) => bytes.slice());
  return decodeCheckpoint(UNIT, new Uint8Array(pieces.flatMap((bytes) => [...bytes])));
}

/** Trains in several processes, as it were: the program, the data and the checkpointer are made anew after each stop. */
async function inParts(spec: TrainSpec, stops: readonly number[], open: () => Promise<[DataSet, Backend]>) {
  let from: Checkpoint | undefined;
  for (const stop of stops) {
    const checkpointer: Stopping = new Stopping(from, stop);
    const [dataSet, backend] = await open();
    await rejects(train(spec, dataSet, backend, undefined, checkpointer), InterruptedError);
    from = throughFile(checkpointer.saved);
    equal(from?.iteration, stop);
  }
  const [dataSet, backend] = await open();
  return await train(spec, dataSet, backend, undefined, new Stopping(from, Infinity));
}

const sinusoid = () => tinyDataSet("regression");
const dataOf = (spec: TrainSpec) => tinyDataSet(spec.dataset === "sinusoid" ? "regression" : "classification");

/** A data set whose batches at these iterations ruin a training. */
async function poisoned(iterations: readonly number[]): Promise<DataSet> {
  const dataSet = await sinusoid();
  return {
    ...dataSet,
    trainBatch(tasks, shots, queries, key) {
      const batch = dataSet.trainBatch(tasks, shots, queries, key);
      if (iterations.includes(Number(key.at(-1)))) batch.queryY[0] = NaN;
      return batch;
    },
  };
}

const BACKENDS: Readonly<Record<string, () => Promise<Backend>>> = {
  wasm: wasmBackend,
  cpu: () => Promise.resolve(cpuBackend()),
  tensorflow: openTensorflow,
};

for (const [name, open] of Object.entries(BACKENDS)) {
  Deno.test({
    name: `a training left at any points and taken up again from files ends in the same bits (${name})`,
    ignore: name === "tensorflow" && tensorflowMissing() !== undefined,
    async fn() {
      const backend = await open();
      // Before the first point of the curve (every 3 iterations), on one, after one, beside a look at the validation episodes (every 12), at the end.
      const stops = name === "wasm" ? [[1], [2, 3, 4], [59, 60, 61], [83, 84, 85, 119]] : [[2, 60, 61, 85]];
      for (const algorithm of name === "wasm" ? TRAINED : ["mtl", "maml", "mtl-class-rows"]) {
        for (const spec of [specOf(algorithm), specOf(algorithm, { validation: null })]) {
          const whole = bits(await train(spec, await dataOf(spec), backend));
          for (const points of spec.validation === null ? stops.slice(-1) : stops) {
            const parts = await inParts(spec, points, async () => [await dataOf(spec), backend]);
            equal(bits(parts), whole, `${algorithm} ${points}`);
          }
        }
      }
    },
  });
}

type Hyper = Partial<TrainSpec["hyper"]>;

/** What a training keeps from one iteration to the next beyond what the settings above have. */
const KEPT: Readonly<Record<string, Hyper>> = {
  "RAdam, whose first steps differ from the later ones": {
    optimiser: { name: "radam" },
    schedule: { name: "cosine", final: 0.1 },
  },
  "a velocity": {
    optimiser: { name: "sgd", momentum: 0.9, nesterov: true },
    schedule: { name: "step", factor: 0.5, steps: 4 },
    weightDecay: 0.01,
  },
  "the same finite set of tasks for all": { pool: 7 },
  "clipping by the norm of each task": { clip: { by: "task-norm", limit: 0.5 } },
};

for (const [what, hyper] of Object.entries(KEPT)) {
  Deno.test(`a training with ${what} ends in the same bits wherever it is left`, async () => {
    const backend = await wasmBackend();
    for (const algorithm of ["mtl", "meta-sgd", "reptile", "mtl-class-rows", "mtl-all-rows"]) {
      for (const poolMoments of TABLE[algorithm].data === "pool" ? ["lazy", "dense"] as const : ["lazy"] as const) {
        const spec = specOf(algorithm, { validation: null }, { outerLr: 1e-3, ...hyper, poolMoments });
        const whole = await train(spec, await dataOf(spec), backend);
        equal(whole.result.status, "ok");
        for (const stops of [[3, 60], [85]]) {
          const parts = await inParts(spec, stops, async () => [await dataOf(spec), backend]);
          equal(bits(parts), bits(whole), `${algorithm} ${stops}`);
        }
      }
    }
  });
}

Deno.test("a step size that waits for plateaus falls at the same points wherever a training is left", async () => {
  const backend = await wasmBackend();
  for (const algorithm of ["mtl", "meta-sgd", "protonet"]) {
    const schedule = { name: "plateau", factor: 0.3, patience: 1 } as const;
    const spec = specOf(algorithm, {}, { schedule, outerLr: 0.05 });
    const whole = await train(spec, await dataOf(spec), backend);
    const steady = await train(specOf(algorithm, {}, { outerLr: 0.05 }), await dataOf(spec), backend);
    ok(JSON.stringify(bits(whole)) !== JSON.stringify(bits(steady)), `${algorithm}: the step size never fell`);
    // Beside looks at the validation episodes, which come every 12 iterations.
    for (const stops of [[11, 12, 13], [36, 60], [84, 97]]) {
      const parts = await inParts(spec, stops, async () => [await dataOf(spec), backend]);
      equal(bits(parts), bits(whole), `${algorithm} ${stops}`);
    }
  }
});

Deno.test("a training that ends once it is flat ends at the same point wherever it is left", async () => {
  const backend = await wasmBackend();
  const validation = { ...WATCHED, points: 20 };
  for (const algorithm of ["mtl", "maml", "protonet"]) {
    const spec = specOf(algorithm, { validation }, { untilFlat: { tolerance: 0.5 }, outerLr: 3e-3 });
    const whole = await train(spec, await dataOf(spec), backend);
    ok(whole.result.iterations < ITERATIONS, `${algorithm} was never flat`);
    for (const stops of [[11, 12, 13], [36, 59]]) {
      const parts = await inParts(spec, stops, async () => [await dataOf(spec), backend]);
      equal(bits(parts), bits(whole), `${algorithm} ${stops}`);
    }
  }
});

Deno.test("a training under batch-inductive normalisation ends in the same bits wherever it is left", async () => {
  const backend = await wasmBackend();
  for (const algorithm of TRAINED.filter((name) => TABLE[name].supports.includes("classification"))) {
    const validation = { ...WATCHED, points: 3 };
    const spec = specOf(algorithm, { norm: "batch-inductive", validation }, { iterations: 30 }, "classification");
    const whole = bits(await train(spec, await dataOf(spec), backend));
    equal(bits(await inParts(spec, [10, 21], async () => [await dataOf(spec), backend])), whole, algorithm);
  }
});

Deno.test("a checkpoint keeps an algorithm's own learned state with the optimiser's slots, and rows of every pool task", async () => {
  const backend = await wasmBackend();
  const savedOf = async (spec: TrainSpec) => {
    const checkpointer = new Stopping(undefined, 5);
    await rejects(train(spec, await dataOf(spec), backend, undefined, checkpointer), InterruptedError);
    return new Map(throughFile(checkpointer.saved)?.states);
  };
  const rows = await savedOf(specOf("mtl-class-rows"));
  for (const key of ["meta:rows", "m:meta:rows", "v:meta:rows"]) equal(rows.get(key)?.length, 8 * 7, key);
  const rates = await savedOf(specOf("meta-sgd", {}, { optimiser: { name: "sgd", momentum: 0.9, nesterov: false } }));
  for (const key of ["meta:rate1.weight", "u:meta:rate1.weight"]) equal(rates.get(key)?.length, 8 * 7, key);
  ok(rates.get("u:meta:rate1.weight")?.some((value) => value !== 0));
  const pool = await savedOf(specOf("mtl", { sharingDepth: 2 }));
  for (const key of ["head.weight", "m:head.weight"]) equal(pool.get(key)?.length, 7 * 7, key);
});

Deno.test("returns to the last finite state are the same wherever a training is left, before, between and after them", async () => {
  const backend = await wasmBackend();
  const spec = specOf("maml", { sharingDepth: 0 });
  const ill = [20, 50];
  const whole = await train(spec, await poisoned(ill), backend);
  equal([whole.result.status, whole.result.restarts], ["ok", 2]);
  for (const stop of [19, 20, 21, 22, 49, 50, 51, 52]) {
    equal(bits(await inParts(spec, [stop], async () => [await poisoned(ill), backend])), bits(whole), `${stop}`);
  }
  const always = Array.from({ length: ITERATIONS }, (_, i) => i + 1);
  const diverged = await train(spec, await poisoned(always), backend);
  equal(diverged.result.status, "diverged");
  equal(bits(await inParts(spec, [8, 12], async () => [await poisoned(always), backend])), bits(diverged));
});

Deno.test("a checkpoint of another layout is ignored: the training starts anew, to the same bits", async () => {
  const [dataSet, backend] = [await sinusoid(), await wasmBackend()];
  const other = new Stopping(undefined, 50);
  await rejects(train(specOf("mtl", { hidden: [8, 6] }), dataSet, backend, undefined, other), InterruptedError);
  const spec = specOf("mtl");
  const seen: number[] = [];
  const resumed = await train(
    spec,
    dataSet,
    backend,
    ({ iteration }) => seen.push(iteration),
    new Stopping(other.saved, Infinity),
  );
  equal(bits(resumed), bits(await train(spec, dataSet, backend)));
  equal(seen[0], 3);
});

Deno.test("a resumed training does not repeat what is done, and its time is the sum of its parts", async () => {
  const [dataSet, backend] = [await sinusoid(), await wasmBackend()];
  const first = new Stopping(undefined, 100);
  await rejects(train(specOf("mtl"), dataSet, backend, undefined, first), InterruptedError);
  const [from, earlierS] = [throughFile(first.saved), 1000];
  ok(from !== undefined && from.trainS > 0 && from.validateS > 0);
  let iterations = 0;
  const counting: DataSet = {
    ...dataSet,
    pool: (...request) => {
      const pool = dataSet.pool(...request);
      return { ...pool, size: pool.size, batch: (...drawn) => (iterations++, pool.batch(...drawn)) };
    },
  };
  const { trainS } = await train(
    specOf("mtl"),
    counting,
    backend,
    undefined,
    new Stopping({ ...from, trainS: earlierS }, Infinity),
  );
  equal(iterations, 20);
  ok(trainS > earlierS && trainS < earlierS + 10);
});

Deno.test("a checkpoint with any byte changed or missing, or of another unit, is none", async () => {
  const checkpointer = new Stopping(undefined, 5);
  await rejects(train(specOf("mtl"), await sinusoid(), await wasmBackend(), undefined, checkpointer), InterruptedError);
  ok(checkpointer.saved !== undefined);
  const bytes = new Uint8Array([...encodeCheckpoint(UNIT, checkpointer.saved)].flatMap((piece) => [...piece]));
  ok(decodeCheckpoint(UNIT, bytes) !== undefined);
  equal(decodeCheckpoint("cd".repeat(32), bytes), undefined);
  for (let at = 0; at < bytes.length; at += 101) {
    equal(decodeCheckpoint(UNIT, bytes.with(at, bytes[at] ^ 1)), undefined);
    equal(decodeCheckpoint(UNIT, bytes.subarray(0, at)), undefined);
  }
});

Deno.test("a training that drops activations and augments images ends in the same bits wherever it is left", async () => {
  const backend = await wasmBackend();
  for (const algorithm of ["maml", "mtl"]) {
    const spec = specOf(
      algorithm,
      {
        ...{ model: "resnet12", hidden: [3, 3], norm: "batch-inductive", shots: 2, validation: null },
        modelOptions: { dropout: 0.3, dropBlock: 2 },
        augment: { crop: 1, flip: true, jitter: 0.2 },
      },
      { iterations: 8, metaBatch: 2, queries: 2 },
      "classification",
    );
    const whole = bits(await train(spec, await dataOf(spec), backend));
    equal(bits(await inParts(spec, [2, 5], async () => [await dataOf(spec), backend])), whole, algorithm);
  }
});
