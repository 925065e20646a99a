/** Trains one unit: the same loop, optimiser and bookkeeping for every algorithm. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { initialState, parameterSlots, type TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend, Executable } from "../../algorithms/tensor/backend.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { batchSource } from "./batches.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { algorithmOf, modelOf } from "./subject.ts";
import { iterate, type TrainingProgress } from "./training_loop.ts";
import { isTaskSpecific, stepGraph, trainingProgram } from "./training_program.ts";
import type { TrainingResult, TrainSpec } from "../store/types.ts";
import { trendOf, validationScore } from "./validation.ts";
import { ValidationMonitor } from "./validation_monitor.ts";

export type { TrainedState } from "../../algorithms/blocks/parameters.ts";
export type { TrainingProgress } from "./training_loop.ts";

/** What a training yields. */
export interface Training {
  readonly result: TrainingResult;
  readonly state: TrainedState;
  /** Seconds it took, without watching it, in all processes that had a part in it. */
  readonly trainS: number;
  /** Seconds spent on watching it. */
  readonly validateS: number;
}

/**
 * Runs `spec.hyper.iterations` outer iterations. The result depends on the spec, the data and the backend's arithmetic alone.
 *
 * @param checkpointer where the training can be left and taken up again; without one it runs from its beginning to its end
 * @returns the learned state; status "diverged" when it stopped being finite again and again
 * @throws InterruptedError when the checkpointer wants to stop
 */
export async function train(
  spec: TrainSpec,
  dataSet: DataSet,
  backend: Backend,
  onProgress?: (progress: TrainingProgress) => void,
  checkpointer?: Checkpointer,
): Promise<Training> {
  const began = performance.now();
  const algorithm = algorithmOf(spec);
  const model = modelOf(spec, dataSet);
  const start = initialState(model, spec.seed, "init");
  if (algorithm.objective === undefined) {
    const result = {
      status: "ok",
      reason: "",
      iterations: 0,
      curve: [],
      restarts: 0,
      flops: 0,
      validation: [],
      trend: null,
    } as const;
    return { result, state: start, trainS: (performance.now() - began) / 1000, validateS: 0 };
  }
  const source = batchSource(spec, algorithm, dataSet);
  const executable = backend.compile(
    trainingProgram(stepGraph(algorithm, model, spec, source, dataSet), model, spec.hyper),
  );
  const monitor = new ValidationMonitor(spec, model, dataSet, backend);
  try {
    initialise(executable, spec, algorithm, model, start);
    const learned = () => learnedState(executable, spec, algorithm, model, start);
    const states = parameterSlots(model).flatMap(({ key }) => [key, `m:${key}`, `v:${key}`]);
    const parts = { exe: executable, hyper: spec.hyper, source, monitor, states, learned, onProgress, checkpointer };
    const { earlierS, ...outcome } = await iterate(parts);
    return {
      result: {
        ...outcome,
        flops: executable.flops * outcome.iterations,
        validation: monitor.seen.map(({ iteration, scores }) => ({
          iteration,
          score: validationScore(dataSet.kind, scores),
          flops: executable.flops * iteration,
        })),
        trend: outcome.status === "ok" ? trendOf(dataSet.kind, monitor.seen, outcome.iterations) : null,
      },
      state: await learned(),
      trainS: earlierS + (performance.now() - began) / 1000 - monitor.seconds,
      validateS: monitor.seconds,
    };
  } finally {
    monitor.dispose();
    executable.dispose();
  }
}

function initialise(exe: Executable, spec: TrainSpec, algorithm: Algorithm, model: Model, start: TrainedState): void {
  for (const { key, layer } of parameterSlots(model)) {
    const draw = start[key];
    const copies = isTaskSpecific(algorithm, spec.sharingDepth ?? 0, layer) ? spec.hyper.pool : 1;
    const values = new Float32Array(copies * draw.length);
    for (let copy = 0; copy < copies; copy++) values.set(draw, copy * draw.length);
    exe.setState(key, values);
    exe.setState(`m:${key}`, new Float32Array(values.length));
    exe.setState(`v:${key}`, new Float32Array(values.length));
  }
}

/** Shared parameters under their own names; of task-specific ones, the pool's mean and the common draw they started from. */
async function learnedState(
  exe: Executable,
  spec: TrainSpec,
  algorithm: Algorithm,
  model: Model,
  start: TrainedState,
): Promise<TrainedState> {
  const state: Record<string, Float32Array> = {};
  const slots = parameterSlots(model);
  // All at once: where a GPU is waited for, the readings overlap.
  const read = await Promise.all(slots.map(({ key }) => exe.getState(key)));
  for (const [index, { key, layer }] of slots.entries()) {
    const values = read[index];
    if (isTaskSpecific(algorithm, spec.sharingDepth ?? 0, layer)) {
      state[`mean:${key}`] = meanOfRows(values, start[key].length);
      state[`common:${key}`] = start[key];
    } else {
      state[key] = Float32Array.from(values);
    }
  }
  return state;
}

function meanOfRows(values: ArrayLike<number>, length: number): Float32Array {
  const sums = new Float64Array(length);
  for (let i = 0; i < values.length; i++) sums[i % length] += values[i];
  return Float32Array.from(sums, (total) => total * length / values.length);
}
