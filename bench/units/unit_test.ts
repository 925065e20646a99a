import { deepStrictEqual as equal, ok, rejects } from "node:assert";
import type { DataSet } from "../../data/contract/dataset.ts";
import { InterruptedError, StorageError } from "../../common/errors.ts";
import { planSweep } from "../plan/plan.ts";
import { Store } from "../store/store.ts";
import { FAKES, fakeSweep, PLAIN_ADDRESSES } from "../testing/plan.ts";
import type { TrainingResult } from "../store/types.ts";
import { computeUnit, type Control, type Engine } from "./unit.ts";

const SWEEP = fakeSweep({ shots: [1, 5], adapters: ["gradient"], sharingDepths: [1] }, {
  algorithms: ["joint"],
  seeds: [0],
});
const UNIT = planSweep(SWEEP, FAKES, PLAIN_ADDRESSES).units[0];
const RESULT: TrainingResult = {
  status: "ok",
  reason: "",
  iterations: 5,
  curve: [],
  restarts: 0,
  flops: 1,
  validation: [],
  trend: null,
};

const QUIET: Control = {
  report: () => {},
  warn: () => {},
  checkpointS: 60,
  stopping: () => Promise.resolve(false),
};

/** An engine that writes down what it is asked for. */
function fakeEngine(change: Partial<Engine> = {}): { engine: Engine; calls: string[] } {
  const calls: string[] = [];
  const engine: Engine = {
    backend: "fake",
    open: () => Promise.resolve({} as DataSet),
    train(_, __, onProgress) {
      calls.push("train");
      onProgress({ iteration: 5, iterations: 5, loss: NaN });
      return Promise.resolve({ result: RESULT, state: { w: Float32Array.of(1) }, trainS: 2, validateS: 0 });
    },
    evaluate(_, { shots }, state) {
      calls.push(`evaluate ${shots} ${state.w}`);
      return Promise.resolve({ curve: [], illustrations: [] });
    },
    peakRssMib: () => 64,
    ...change,
  };
  return { engine, calls };
}

async function withStore(use: (store: Store) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(Store.open(folder));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a unit is trained once and evaluated once; what is stored is not computed again", () =>
  withStore(async (store) => {
    const { engine, calls } = fakeEngine();
    const seen: (number | null)[] = [];
    equal(await computeUnit(UNIT, store, engine, { ...QUIET, report: ({ loss }) => void seen.push(loss) }), {});
    equal(calls, ["train", "evaluate 1 1", "evaluate 5 1"]);
    ok(seen.every((loss) => loss === null));
    equal(store.trainingTiming(UNIT.id)?.backend, "fake");
    store.removeEvaluation(UNIT.evaluations[1].id);
    await computeUnit(UNIT, store, engine, QUIET);
    equal(calls.slice(3), ["evaluate 5 1"]);
    store.removeTraining(UNIT.id);
    await computeUnit(UNIT, store, engine, QUIET);
    equal(calls.slice(4), ["train"]);
  }));

Deno.test("an evaluation that throws leaves the others, and a training that throws leaves nothing", () =>
  withStore(async (store) => {
    const { engine } = fakeEngine({
      evaluate: (_, { shots }) =>
        shots === 1 ? Promise.reject(new Error("no\nroom")) : Promise.resolve({ curve: [], illustrations: [] }),
    });
    equal(await computeUnit(UNIT, store, engine, QUIET), { [UNIT.evaluations[0].id]: "no room" });
    ok(store.evaluation(UNIT.evaluations[1].id) !== undefined);
    store.removeTraining(UNIT.id);
    const broken = fakeEngine({ train: () => Promise.reject(new Error("bad shapes")) });
    equal(await computeUnit(UNIT, store, broken.engine, QUIET), { [UNIT.id]: "bad shapes" });
    equal(store.training(UNIT.id), undefined);
  }));

Deno.test("a diverged training is kept and not evaluated", () =>
  withStore(async (store) => {
    const diverged: TrainingResult = { ...RESULT, status: "diverged", reason: "not finite" };
    const { engine, calls } = fakeEngine({
      train: () => Promise.resolve({ result: diverged, state: {}, trainS: 1, validateS: 0 }),
    });
    equal(await computeUnit(UNIT, store, engine, QUIET), {});
    equal([store.training(UNIT.id)?.status, calls], ["diverged", []]);
  }));

Deno.test("a full disk is no failed unit but the end, and so is being asked to stop", () =>
  withStore(async (store) => {
    const full = fakeEngine({ evaluate: () => Promise.reject(new StorageError("No space left")) });
    await rejects(computeUnit(UNIT, store, full.engine, QUIET), StorageError);
    const { engine, calls } = fakeEngine();
    const stopping = () => Promise.resolve(calls.length === 1);
    await rejects(computeUnit(UNIT, store, engine, { ...QUIET, stopping }), InterruptedError);
    equal(calls, ["evaluate 1 1"]);
  }));
