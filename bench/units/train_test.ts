import { testHyper } from "../testing/hyper.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import { wasmBackend } from "../../algorithms/tensor/wasm/wasm.ts";
import type { DataSet, TaskKind } from "../../data/contract/dataset.ts";
import { kindOf, TABLE, tinyDataSet, tinySpec, TRAINED } from "../testing/trainings.ts";
import { evaluate } from "./evaluate.ts";
import { nativeAdapterOf } from "./subject.ts";
import { train, type TrainedState } from "./train.ts";
import type { EvaluationSpec, TrainSpec } from "../store/types.ts";

function specOf(algorithm: string, change: Partial<TrainSpec> = {}, iterations = 20): TrainSpec {
  return tinySpec(algorithm, kindOf(algorithm), change, { iterations, metaBatch: 4, outerLr: 1e-3 });
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

/** Adapted as the algorithm's source does it. */
function nativeEvaluation(algorithm: string, kind: TaskKind, change: Partial<EvaluationSpec> = {}): EvaluationSpec {
  const { name, readsInnerSteps } = nativeAdapterOf(TABLE[algorithm], kind);
  const steps = readsInnerSteps ? {} : { innerSteps: [], innerLrs: [] };
  return evaluation({ adapter: name, episodes: 20, testQueries: 5, ...steps, ...change });
}

const KINDS = ["regression", "classification"] as const;

/** Every kind of task with the algorithms that are for it. */
const BY_KIND = KINDS.map((kind) =>
  [kind, Object.keys(TABLE).filter((name) => TABLE[name].supports.includes(kind))] as const
);

function sameState(a: TrainedState, b: TrainedState): boolean {
  return Object.keys(a).length === Object.keys(b).length &&
    Object.entries(a).every(([key, values]) => values.every((value, index) => Object.is(value, b[key]?.[index])));
}

async function withTools(use: (dataSet: DataSet, backend: Backend) => Promise<void>): Promise<void> {
  await use(await tinyDataSet("regression"), await wasmBackend());
}

Deno.test("training twice from one spec gives the same bits, and so does evaluating twice", async () => {
  const backend = await wasmBackend();
  for (const [kind, names] of BY_KIND) {
    const dataSet = await tinyDataSet(kind);
    for (const algorithm of names) {
      const spec = tinySpec(algorithm, kind);
      const [a, b] = [await train(spec, dataSet, backend), await train(spec, dataSet, backend)];
      if (!sameState(a.state, b.state)) throw new Error(`${algorithm}: two trainings differ`);
      const scores = async (state: TrainedState) =>
        JSON.stringify(await evaluate(spec, nativeEvaluation(algorithm, kind), state, dataSet, backend));
      if (await scores(a.state) !== await scores(b.state)) throw new Error(`${algorithm}: two evaluations differ`);
    }
  }
});

Deno.test("every pair of algorithms is distinguishable on the same seed", async () => {
  const backend = await wasmBackend();
  for (const [kind, names] of BY_KIND) {
    const dataSet = await tinyDataSet(kind);
    const seen = new Map<string, string>();
    for (const algorithm of names) {
      const spec = tinySpec(algorithm, kind, { sharingDepth: TABLE[algorithm].sharingDepth(1, 3) }, { outerLr: 3e-2 });
      const { state } = await train(spec, dataSet, backend);
      const asked = nativeEvaluation(algorithm, kind, { taskStart: "mean" });
      const { curve } = await evaluate(spec, asked, state, dataSet, backend);
      const scores = JSON.stringify(curve.map(({ scores }) => scores));
      const other = seen.get(scores);
      if (other !== undefined) throw new Error(`${kind}: ${algorithm} and ${other} give the same scores`);
      seen.set(scores, algorithm);
    }
  }
});

Deno.test("all algorithms of a seed start from the same point, and another seed starts elsewhere", async () => {
  const backend = await wasmBackend();
  /** Without what is an algorithm's own. */
  const modelOnly = (state: TrainedState) =>
    Object.fromEntries(
      Object.entries(state).filter(([key]) => !/^(meta|mean):/.test(key)).map((
        [key, values],
      ) => [key.replace("common:", ""), values]),
    );
  for (const [kind, names] of BY_KIND) {
    const dataSet = await tinyDataSet(kind);
    const start = async (algorithm: string, seed: number) =>
      modelOnly((await train(tinySpec(algorithm, kind, { seed }, { iterations: 0 }), dataSet, backend)).state);
    const expected = await start("scratch", 3);
    for (const algorithm of names) {
      if (!sameState(await start(algorithm, 3), expected)) throw new Error(`${algorithm} starts elsewhere on ${kind}`);
    }
    if (sameState(await start("maml", 4), expected)) throw new Error("two seeds start from the same point");
  }
});

Deno.test("what an algorithm learns beyond the model moves in training and is kept", async () => {
  const backend = await wasmBackend();
  const withMeta = TRAINED.filter((algorithm) => TABLE[algorithm].metaParameters !== undefined);
  if (withMeta.length < 3) throw new Error(`only ${withMeta} have such a state`);
  for (const algorithm of withMeta) {
    const dataSet = await tinyDataSet(kindOf(algorithm));
    const own = async (seed: number, iterations: number) => {
      const { state } = await train(specOf(algorithm, { seed, sharingDepth: 0 }, iterations), dataSet, backend);
      return Object.entries(state).filter(([key]) => key.startsWith("meta:"));
    };
    const [before, after] = [await own(3, 0), await own(3, 20)];
    for (const [index, [key, values]] of after.entries()) {
      if (!values.some((value, i) => value !== before[index][1][i])) {
        throw new Error(`${algorithm}: ${key} stands still`);
      }
      if (!values.every(Number.isFinite)) throw new Error(`${algorithm}: ${key} is not finite`);
    }
  }
});

Deno.test("learned step sizes are what the gradient adapter goes by", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("meta-sgd", { sharingDepth: 0 });
    const { state } = await train(spec, dataSet, backend);
    const scores = async (changed: TrainedState, change: Partial<EvaluationSpec> = {}) =>
      (await evaluate(spec, evaluation(change), changed, dataSet, backend)).curve;
    const still = Object.fromEntries(
      Object.entries(state).map(([key, values]) => [key, key.startsWith("meta:") ? values.map(() => 0) : values]),
    );
    const [curve, unmoved] = [await scores(state), await scores(still)];
    const text = (points: typeof curve, index: number) => JSON.stringify(points[index].scores);
    if (text(curve, 0) !== text(unmoved, 0) || text(curve, 2) === text(unmoved, 2)) {
      throw new Error("rates are not used");
    }
    if (text(unmoved, 2) !== text(unmoved, 0)) throw new Error("rates of 0 move something");
    // The sweep's own step size has no say.
    const other = await scores(state, { innerLrs: [0.5] });
    if (JSON.stringify(other) !== JSON.stringify(curve)) throw new Error("another step size changes the scores");
    if (curve.some(({ strength }) => strength !== null)) throw new Error("a step size is said to be chosen");
  }));

Deno.test("learned matrices are what the gradient adapter multiplies by, with step sizes that are chosen as for any other state", () =>
  withTools(async (dataSet, backend) => {
    const spec = specOf("meta-curvature", { sharingDepth: 0 });
    const { state } = await train(spec, dataSet, backend);
    const changed = (factor: number) =>
      Object.fromEntries(
        Object.entries(state).map(([key, values]) => {
          return [key, key.startsWith("meta:") ? values.map((value) => factor * value) : values];
        }),
      );
    const scores = async (of: TrainedState, innerLrs: readonly number[]) =>
      (await evaluate(spec, evaluation({ innerLrs: [...innerLrs] }), of, dataSet, backend)).curve;
    const [curve, unmoved] = [await scores(state, [0.01]), await scores(changed(0), [0.01])];
    const text = (points: typeof curve, index: number) => JSON.stringify(points[index].scores);
    if (text(curve, 0) !== text(unmoved, 0) || text(curve, 2) === text(unmoved, 2)) {
      throw new Error("matrices are not used");
    }
    if (text(unmoved, 2) !== text(unmoved, 0)) throw new Error("matrices of 0 move something");
    if (text(await scores(state, [0.1]), 2) === text(curve, 2)) throw new Error("the step size is not used");
    if (curve.some(({ strength }) => strength !== 0.01)) throw new Error("the step size is not said");
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

Deno.test("task-specific layers start from one draw, or from one each where they are the head alone or a sweep says so", () =>
  withTools(async (dataSet, backend) => {
    /** Whether the mean of the tasks' layers is their common draw before training. */
    const common = async (sharingDepth: number, taskLayers: TrainSpec["hyper"]["taskLayers"], seed = 3) => {
      const spec = tinySpec("mtl", "regression", { sharingDepth, seed }, { iterations: 0, taskLayers });
      const { state } = await train(spec, dataSet, backend);
      const all = Object.keys(state).filter((key) => key.startsWith("mean:") && key.endsWith(".weight"));
      const [first] = all.map((key) => {
        const other = state[key.replace("mean:", "common:")];
        return { same: state[key].every((value, i) => Math.abs(value - other[i]) < 1e-7), mean: state[key] };
      });
      return first;
    };
    const seen = [];
    for (const taskLayers of ["auto", "common", "independent"] as const) {
      for (const depth of [1, 2]) seen.push((await common(depth, taskLayers)).same);
    }
    if (`${seen}` !== `${[true, false, true, true, false, false]}`) throw new Error(`${seen}`);
    const [a, b, c] = [await common(2, "auto"), await common(2, "auto"), await common(2, "auto", 4)];
    if (`${a.mean}` !== `${b.mean}` || `${a.mean}` === `${c.mean}`) throw new Error("draws do not go by the seed");
  }));

Deno.test("pooled training without adaptation sits at its analytic floor of 3.006", async () => {
  // The best predictor that ignores the task is E[y | x]; on the same episodes it scores `floor`, in expectation 3.006.
  await withTools(async (dataSet, backend) => {
    const spec = specOf("pooled", {
      hidden: [40, 40],
      shots: null,
      innerSteps: null,
      hyper: testHyper({ iterations: 1500, metaBatch: 25, queries: 10, innerLr: 0.01, outerLr: 2e-3, pool: 0 }),
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

Deno.test("MAML++ learns the losses on its way by how far its training is, and a step size for each of its steps", async () => {
  const [dataSet, backend] = [await tinyDataSet("classification"), await wasmBackend()];
  const stateAfter = async (iterations: number, multiStepShare: number) => {
    const own = { multiStep: true, multiStepShare, learnRates: true };
    const spec = tinySpec("maml-plus-plus", "classification", { innerSteps: 3 }, { iterations, own });
    return (await train(spec, dataSet, backend)).state;
  };
  // Shares end after 1 and after 3 of 4 iterations, so that it is the second one where they differ.
  const [early, late] = [await stateAfter(4, 0.25), await stateAfter(4, 0.75)];
  if (sameState(early, late)) throw new Error("the share of the losses on the way makes no difference");
  const [once, again] = [await stateAfter(1, 0.25), await stateAfter(1, 0.75)];
  if (!sameState(once, again)) throw new Error("trainings begin differently");
  const rates = Object.keys(early).filter((key) => key.startsWith("meta:rate0.weight."));
  if (rates.join() !== "meta:rate0.weight.0,meta:rate0.weight.1,meta:rate0.weight.2") throw new Error(rates.join());
});

Deno.test("MAML++ takes no more steps on a new task than training had", async () => {
  const [dataSet, backend] = [await tinyDataSet("classification"), await wasmBackend()];
  const spec = tinySpec("maml-plus-plus", "classification", { innerSteps: 2 });
  const { state } = await train(spec, dataSet, backend);
  const { illustrations } = await evaluate(spec, evaluation({ innerSteps: [0, 1, 2, 4] }), state, dataSet, backend);
  const [start, one, two, four] = illustrations.map(({ predictions }) => JSON.stringify(predictions));
  if (new Set([start, one, two]).size < 3 || four !== two) throw new Error("the steps are not those of training");
});

Deno.test("MAML++ meets a new task with the norms of each step, at every sharing depth, where it has them", async () => {
  const [dataSet, backend] = [await tinyDataSet("classification"), await wasmBackend()];
  for (const sharingDepth of [0, 1]) {
    const own = { multiStep: true, multiStepShare: 0.1, learnRates: true, stepNorms: true };
    const spec = tinySpec("maml-plus-plus", "classification", { norm: "batch", innerSteps: 2, sharingDepth }, { own });
    const { state } = await train(spec, dataSet, backend);
    const scores = async (changed: string) => {
      const other = Object.entries(state).map(([key, values]) => {
        return [key, key === changed ? values.map((value) => value + 0.5) : values];
      });
      const asked = evaluation({ innerSteps: [0, 1, 2, 3] });
      return (await evaluate(spec, asked, Object.fromEntries(other), dataSet, backend)).illustrations
        .map(({ predictions }) => JSON.stringify(predictions));
    };
    const plain = await scores("none");
    if (String(await scores("dense1.beta")) !== String(plain)) throw new Error("the model's own norms are used");
    const late = await scores("meta:norm0.beta.1");
    if (String(late.slice(0, 2)) !== String(plain.slice(0, 2))) throw new Error("a later step's norms are used before");
    if (late[2] === plain[2] || late[3] === plain[3]) throw new Error("the last step's norms are not used");
  }
});

Deno.test("UNICORN-MAML meets a new task with one row for all classes, so that without a step its logits are all the same", async () => {
  const [dataSet, backend] = [await tinyDataSet("classification"), await wasmBackend()];
  const spec = tinySpec("unicorn-maml", "classification", { sharingDepth: 0 });
  const { state } = await train(spec, dataSet, backend);
  const { illustrations } = await evaluate(spec, evaluation({ innerSteps: [0, 1] }), state, dataSet, backend);
  const spreads = illustrations.map(({ predictions }) =>
    Math.max(...predictions.map((row) => row.map(Number)).map((row) => Math.max(...row) - Math.min(...row)))
  );
  if (spreads[0] !== 0 || !(spreads[1] > 1e-3)) throw new Error(spreads.join());
});
