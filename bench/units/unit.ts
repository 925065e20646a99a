/** Computes what the store lacks of one training unit. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { InterruptedError, oneLine, StorageError } from "../../common/errors.ts";
import { type CheckpointerOptions, storeCheckpointer } from "./checkpointer.ts";
import type { StoredState } from "../store/state_file.ts";
import type { Store } from "../store/store.ts";
import { testOnOf } from "../store/tested_on.ts";
import { traced } from "../../common/tracing.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";
import type { EvaluationSpec, TrainingResult, TrainingUnit, TrainSpec } from "../store/types.ts";

/** What computes; the real one is made of `train.ts`, `evaluate.ts` and a backend. */
export interface Engine {
  readonly backend: string;
  open(spec: TrainSpec): Promise<DataSet>;
  train(
    spec: TrainSpec,
    dataSet: DataSet,
    onProgress: (progress: { iteration: number; iterations: number; loss: number }) => void,
    checkpointer: Checkpointer,
  ): Promise<{ result: TrainingResult; state: StoredState; trainS: number; validateS: number }>;
  evaluate(
    spec: TrainSpec,
    evaluation: EvaluationSpec,
    state: StoredState,
    dataSet: DataSet,
    /** Told once, where it was measured: wall time per test episode of adapting and predicting, milliseconds. */
    onTimed: (adaptMs: number) => void,
  ): Promise<MeasuredEvaluation>;
  /** Highest resident memory of this process so far, MiB. */
  peakRssMib(): number;
}

/** How far a unit is. */
export interface UnitProgress {
  readonly phase: "train" | "evaluate";
  readonly iteration: number;
  readonly iterations: number;
  /** Null where it is not known or not finite. */
  readonly loss: number | null;
}

/** What a computation says and asks on its way. */
export interface Control extends CheckpointerOptions {
  report(progress: UnitProgress): void;
}

/**
 * Trains the unit unless the store has it, then evaluates what the store has not; every result is kept as soon as it is there.
 *
 * @returns reasons of what failed, by address: the unit's own, or its evaluations'
 * @throws StorageError when results can no longer be kept, InterruptedError when it was asked to stop
 */
export async function computeUnit(
  unit: TrainingUnit,
  store: Store,
  engine: Engine,
  control: Control,
): Promise<Record<string, string>> {
  try {
    const dataSet = await engine.open(unit.spec);
    const { result, state } = stored(unit, store) ?? await trained(unit, store, engine, dataSet, control);
    // A state that diverged has nothing to say about adaptation.
    return result.status === "ok" ? await evaluateMissing(unit, state, store, engine, dataSet, control) : {};
  } catch (error) {
    if (endsTheRun(error)) throw error;
    return { [unit.id]: oneLine(error) };
  }
}

/** Errors that are no unit's own. */
function endsTheRun(error: unknown): boolean {
  return error instanceof StorageError || error instanceof InterruptedError;
}

interface Trained {
  readonly result: TrainingResult;
  readonly state: StoredState;
}

function stored(unit: TrainingUnit, store: Store): Trained | undefined {
  const result = store.training(unit.id);
  const state = result === undefined ? undefined : store.state(unit.id);
  return result === undefined || state === undefined ? undefined : { result, state };
}

async function trained(
  unit: TrainingUnit,
  store: Store,
  engine: Engine,
  dataSet: DataSet,
  control: Control,
): Promise<Trained> {
  const { iterations } = unit.spec.hyper;
  control.report({ phase: "train", iteration: 0, iterations, loss: null });
  const onProgress: Parameters<Engine["train"]>[2] = ({ iteration, iterations, loss }) => {
    control.report({ phase: "train", iteration, iterations, loss: Number.isFinite(loss) ? loss : null });
  };
  const outcome = await traced("training", { backend: engine.backend, ...describeSpec(unit.spec) }, async (note) => {
    const trained = await engine.train(unit.spec, dataSet, onProgress, storeCheckpointer(unit.id, store, control));
    const { status, flops, restarts } = trained.result;
    note({ status, flops, restarts, train_s: trained.trainS, validate_s: trained.validateS });
    return trained;
  });
  const { trainS } = outcome;
  store.putTraining(unit.id, outcome.result, outcome.state);
  store.removeCheckpoint(unit.id);
  store.putTrainingTiming(unit.id, {
    spec: unit.spec,
    trainS,
    iterationsPerS: outcome.result.iterations / trainS,
    validateS: outcome.validateS,
    peakRssMib: engine.peakRssMib(),
    backend: engine.backend,
  });
  return outcome;
}

async function evaluateMissing(
  unit: TrainingUnit,
  state: StoredState,
  store: Store,
  engine: Engine,
  dataSet: DataSet,
  control: Control,
): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  const missing = unit.evaluations.filter(({ id }) => store.evaluation(id) === undefined);
  for (const [index, { id, spec }] of missing.entries()) {
    if (await control.stopping()) throw new InterruptedError("Stopped between two evaluations");
    control.report({ phase: "evaluate", iteration: index, iterations: missing.length, loss: null });
    try {
      const start = performance.now();
      let adaptMs: number | undefined;
      const facts = {
        backend: engine.backend,
        evaluation: id,
        ...describeSpec(unit.spec),
        ...describeEvaluation(spec),
      };
      const result = await traced("evaluation", facts, async (note) => {
        const testOn = testOnOf(spec);
        const tested = testOn === undefined ? dataSet : await engine.open({ ...unit.spec, dataset: testOn });
        const evaluated = await engine.evaluate(unit.spec, spec, state, tested, (ms) => adaptMs = ms);
        note({ status: "ok", adapt_ms: adaptMs ?? null });
        return evaluated;
      });
      store.putEvaluation(id, result);
      const evaluateS = (performance.now() - start) / 1000;
      store.putEvaluationTiming(id, {
        ...{ evaluateS, peakRssMib: engine.peakRssMib() },
        ...(adaptMs === undefined ? {} : { adaptMs }),
      });
    } catch (error) {
      if (endsTheRun(error)) throw error;
      failures[id] = oneLine(error);
    }
  }
  return failures;
}

/** What says which training a span is about. */
export function describeSpec(spec: TrainSpec) {
  const { dataset, algorithm, seed, sharingDepth, shots, innerSteps, hyper: { iterations } } = spec;
  return { dataset, algorithm, seed, sharing_depth: sharingDepth, shots, inner_steps: innerSteps, iterations };
}

/** What says which evaluation of it. */
function describeEvaluation({ adapter, shots, adaptDepth, taskStart, episodes }: EvaluationSpec) {
  return { adapter, shots, adapt_depth: String(adaptDepth), task_start: taskStart, episodes };
}
