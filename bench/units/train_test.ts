import { testHyper } from "../testing/hyper.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import { dataSets } from "../../data/mod.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { evaluate } from "./evaluate.ts";
import { train, type TrainedState } from "./train.ts";
import type { EvaluationSpec, TrainSpec } from "../store/types.ts";

const open = () => dataSets.sinusoid.open({ dataDir: "", ways: 1 });

function specOf(algorithm: string, change: Partial<TrainSpec> = {}, iterations = 20): TrainSpec {
  const declared = algorithms[algorithm as keyof typeof algorithms];
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
    hyper: testHyper({ iterations, metaBatch: 4, queries: 5, innerLr: 0.02, outerLr: 1e-3, pool: 6 }),
    validation: null,
    ...change,
  };
}

const evaluation = (change: Partial<EvaluationSpec> = {}): EvaluationSpec => ({
  adapter: "gradient",
  shots: 5,
  innerSteps: [0, 1, 3],
  adaptDepth: "native",
  taskStart: null,
  innerLrs: [0.02],
  episodes: 30,
  testQueries: 15,
  ...change,
});

function sameState(a: TrainedState, b: TrainedState): boolean {
  return Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([key, values]) => values.every((value, index) => Object.is(value, b[key]?.[index])));
}

async function withTools(use: (dataSet: DataSet, backend: Backend) => Promise<void>): Promise<void> {
  await use(await open(), await wasmBackend());
}

Deno.test("training twice from one spec gives the same bits, and so does evaluating twice", () =>
  withTools(async (dataSet, backend) => {
    for (const algorithm of Object.keys(algorithms)) {
      const spec = specOf(algorithm);
      const [a, b] = [await train(spec, dataSet, backend), await train(spec, dataSet, backend)];
      if (!sameState(a.state, b.state)) throw new Error(`${algorithm}: two trainings differ`);
      const scores = async (state: TrainedState) =>
        JSON.stringify(await evaluate(spec, evaluation(), state, dataSet, backend));
      if (await scores(a.state) !== await scores(b.state)) throw new Error(`${algorithm}: two evaluations differ`);
    }
  }));

Deno.test("every pair of algorithms is distinguishable on the same seed", () =>
  withTools(async (dataSet, backend) => {
    const seen = new Map<string, string>();
    for (const algorithm of Object.keys(algorithms)) {
      const spec = specOf(algorithm, { sharingDepth: algorithms[algorithm as "mtl"].sharingDepth(1, 3) });
      const { state } = await train(spec, dataSet, backend);
      const scores = JSON.stringify(
        (await evaluate(spec, evaluation({ taskStart: "mean" }), state, dataSet, backend)).curve,
      );
      const other = seen.get(scores);
      if (other !== undefined) throw new Error(`${algorithm} and ${other} give the same scores`);
      seen.set(scores, algorithm);
    }
  }));

Deno.test("all algorithms of a seed start from the same point, and another seed starts elsewhere", () =>
  withTools(async (dataSet, backend) => {
    const start = async (algorithm: string, seed: number) =>
      (await train(specOf(algorithm, { seed }, 0), dataSet, backend)).state;
    const expected = await start("scratch", 3);
    for (const algorithm of ["maml", "fomaml", "reptile", "pooled"]) {
      if (!sameState(await start(algorithm, 3), expected)) throw new Error(`${algorithm} starts elsewhere`);
    }
    if (sameState(await start("maml", 4), expected)) throw new Error("two seeds start from the same point");
  }));

Deno.test("multi-task learning keeps the mean and the common start of its task-specific layers, and each start is another curve", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("mtl", { shots: null, innerSteps: null });
    const { state } = await train(spec, dataSet, backend);
    const starts = ["mean", "common", "random"] as const;
    const curves = await Promise.all(
      starts.map(async (taskStart) =>
        JSON.stringify(await evaluate(spec, evaluation({ taskStart }), state, dataSet, backend))
      ),
    );
    if (new Set(curves).size !== 3) throw new Error("two starts give the same scores");
    if (!("mean:head.weight" in state) || "head.weight" in state || !("dense1.weight" in state)) {
      throw new Error(`kept ${Object.keys(state)}`);
    }
  }));

Deno.test("pooled training without adaptation sits at its analytic floor of 3.006", async () => {
  // The best predictor that ignores the task is E[y | x]; on the same episodes it scores `floor`, in expectation 3.006.
  await withTools(async (dataSet, backend) => {
    const spec = specOf("pooled", {
      hidden: [40, 40],
      shots: null,
      innerSteps: null,
      hyper: testHyper({ iterations: 1500, metaBatch: 25, queries: 10, innerLr: 0.01, outerLr: 2e-3, pool: 1 }),
    });
    const { state } = await train(spec, dataSet, backend);
    const { curve } = await evaluate(spec, evaluation({ innerSteps: [0], episodes: 200 }), state, dataSet, backend);
    const mean = curve[0].scores.reduce<number>((total, score) => total + (score ?? NaN), 0) / 200;
    const { queryX, queryY } = dataSet.episodes("test", 0, 200, 1, 1);
    const floor = queryY.reduce((total, y, i) => total + (y + (2 * 2.55 / Math.PI) * Math.cos(queryX[i])) ** 2, 0) /
      queryY.length;
    if (Math.abs(mean - floor) > 0.12) throw new Error(`${mean} is not close to ${floor}`);
  });
});

Deno.test("a training that stops being finite goes back to its last finite state and on, and says so", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml", { sharingDepth: 0 }, 100);
    let draws = 0;
    const poisoned: DataSet = {
      ...dataSet,
      trainBatch(...request) {
        const batch = dataSet.trainBatch(...request);
        if (++draws === 41) batch.queryY[0] = NaN;
        return batch;
      },
    };
    const { result, state } = await train(spec, poisoned, backend);
    if (result.status !== "ok" || result.restarts !== 1) throw new Error(JSON.stringify(result));
    if (!Object.values(state).every((values) => values.every(Number.isFinite))) throw new Error("NaN is left");
    if (result.curve.some(({ iteration }) => iteration === 42)) throw new Error("the lost iterations are on the curve");
  }));

Deno.test("an objective that stops being finite again and again ends the training as diverged, with the iteration", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml", { innerSteps: 5 });
    const wild = { ...spec, sharingDepth: 0, hyper: { ...spec.hyper, innerLr: 1e8, clip: null } };
    const { result } = await train(wild, dataSet, backend);
    if (result.status !== "diverged" || !/not finite by iteration \d+/.test(result.reason)) {
      throw new Error(JSON.stringify(result));
    }
  }));

Deno.test("step sizes are chosen on validation episodes: a useless candidate changes nothing", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml", { sharingDepth: 0 }, 200);
    const { state } = await train(spec, dataSet, backend);
    const scores = async (innerLrs: number[]) =>
      await evaluate(spec, evaluation({ innerLrs, innerSteps: [3] }), state, dataSet, backend);
    const [alone, among] = [await scores([0.02]), await scores([1e6, 0.02])];
    if (JSON.stringify(alone) !== JSON.stringify(among)) throw new Error(JSON.stringify(among.curve[0].strength));
  }));

Deno.test("more frozen layers at test time leave less to adapt: with all frozen, steps change nothing", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("maml", { sharingDepth: 0 });
    const { state } = await train(spec, dataSet, backend);
    const { curve } = await evaluate(spec, evaluation({ adaptDepth: 3 }), state, dataSet, backend);
    const [before, , after] = curve.map(({ scores }) => JSON.stringify(scores));
    if (before !== after) throw new Error("frozen layers moved");
  }));
