/** Computes what the store lacks of one training unit. */
import type { DataSet } from "../data/dataset.ts";
import { DiskFullError, oneLine } from "./errors.ts";
import type { ProgressMessage } from "./protocol.ts";
import type { StoredState } from "./state_file.ts";
import type { Store } from "./store.ts";
import type { EvaluationResult, EvaluationSpec, TrainingResult, TrainingUnit, TrainSpec } from "./types.ts";

/** What computes; the real one is made of `train.ts`, `evaluate.ts` and a backend. */
export interface Engine {
  readonly backend: string;
  open(spec: TrainSpec): Promise<DataSet>;
  train(
    spec: TrainSpec,
    dataSet: DataSet,
    onProgress: (progress: { iteration: number; iterations: number; loss: number }) => void,
  ): Promise<{ result: TrainingResult; state: StoredState; validateS: number }>;
  evaluate(
    spec: TrainSpec,
    evaluation: EvaluationSpec,
    state: StoredState,
    dataSet: DataSet,
  ): Promise<EvaluationResult>;
  /** Highest resident memory of this process so far, MiB. */
  peakRssMib(): number;
}

/**
 * Trains the unit unless the store has it, then evaluates what the store has not; every result is kept as soon as it is there.
 *
 * @returns reasons of what failed, by address: the unit's own, or its evaluations'
 * @throws DiskFullError when results can no longer be kept
 */
export async function computeUnit(
  unit: TrainingUnit,
  store: Store,
  engine: Engine,
  report: (progress: Omit<ProgressMessage, "type" | "unit">) => void,
): Promise<Record<string, string>> {
  try {
    const dataSet = await engine.open(unit.spec);
    const { result, state } = stored(unit, store) ?? await trained(unit, store, engine, dataSet, report);
    // A state that diverged has nothing to say about adaptation.
    return result.status === "ok" ? await evaluateMissing(unit, state, store, engine, dataSet, report) : {};
  } catch (error) {
    if (error instanceof DiskFullError) throw error;
    return { [unit.id]: oneLine(error) };
  }
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
  report: (progress: Omit<ProgressMessage, "type" | "unit">) => void,
): Promise<Trained> {
  const { iterations } = unit.spec.hyper;
  report({ phase: "train", iteration: 0, iterations, loss: null });
  const start = performance.now();
  const outcome = await engine.train(unit.spec, dataSet, ({ iteration, iterations, loss }) => {
    report({ phase: "train", iteration, iterations, loss: Number.isFinite(loss) ? loss : null });
  });
  const trainS = (performance.now() - start) / 1000 - outcome.validateS;
  store.putTraining(unit.id, outcome.result, outcome.state);
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
  report: (progress: Omit<ProgressMessage, "type" | "unit">) => void,
): Promise<Record<string, string>> {
  const failures: Record<string, string> = {};
  const missing = unit.evaluations.filter(({ id }) => store.evaluation(id) === undefined);
  for (const [index, { id, spec }] of missing.entries()) {
    report({ phase: "evaluate", iteration: index, iterations: missing.length, loss: null });
    try {
      const start = performance.now();
      const result = await engine.evaluate(unit.spec, spec, state, dataSet);
      store.putEvaluation(id, result);
      const evaluateS = (performance.now() - start) / 1000;
      store.putEvaluationTiming(id, { evaluateS, peakRssMib: engine.peakRssMib() });
    } catch (error) {
      if (error instanceof DiskFullError) throw error;
      failures[id] = oneLine(error);
    }
  }
  return failures;
}
