/** Trains one unit: the same loop, optimiser and bookkeeping for every algorithm. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Model, ParameterSpec } from "../../algorithms/models/model.ts";
import type { Optimiser } from "../../algorithms/optimisers/optimiser.ts";
import {
  initialDraw,
  initialMeta,
  initialState,
  metaKey,
  parameterSlots,
  type TrainedState,
} from "../../algorithms/blocks/parameters.ts";
import type { Backend, Executable } from "../../algorithms/tensor/backend.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { batchSource } from "./batches.ts";
import type { Checkpointer } from "./checkpointer.ts";
import { withDrops } from "./drops.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { iterate, type TrainingProgress } from "./training_loop.ts";
import { isTaskSpecific, optimiserOf, stateNames, stepGraph, trainingProgram } from "./training_program.ts";
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
  const metaSpecs = metaSpecsOf(spec, model, dataSet);
  const start: TrainedState = { ...initialState(model, spec.seed, "init"), ...initialMeta(metaSpecs, spec.seed) };
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
  const step = stepGraph({ algorithm, model, spec, batch: source, dataSet, metaSpecs });
  const executable = backend.compile(trainingProgram(step, model, spec.hyper));
  const monitor = new ValidationMonitor(spec, model, dataSet, backend);
  try {
    const optimiser = optimiserOf(spec.hyper);
    const parts: Learned = { exe: executable, spec, algorithm, model, metaSpecs, start };
    initialise(parts, optimiser);
    const learned = () => learnedState(parts);
    const states = stateNames(model, metaSpecs, optimiser);
    const { earlierS, ...outcome } = await iterate({
      ...{
        exe: executable,
        hyper: spec.hyper,
        kind: dataSet.kind,
        source: withDrops(source, step.masks, spec.seed),
        monitor,
        states,
        learned,
        onProgress,
        checkpointer,
      },
    });
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

/** What the learned state is read from and written to. */
interface Learned {
  readonly exe: Executable;
  readonly spec: TrainSpec;
  readonly algorithm: Algorithm;
  readonly model: Model;
  readonly metaSpecs: readonly ParameterSpec[];
  readonly start: TrainedState;
}

function initialise({ exe, spec, algorithm, model, metaSpecs, start }: Learned, { slots }: Optimiser): void {
  const begin = (key: string, copies: number, own?: (copy: number) => Float32Array) => {
    const draw = start[key];
    const values = new Float32Array(copies * draw.length);
    for (let copy = 0; copy < copies; copy++) values.set(own?.(copy) ?? draw, copy * draw.length);
    exe.setState(key, values);
    for (const slot of slots) exe.setState(`${slot}:${key}`, new Float32Array(values.length));
  };
  const { seed, sharingDepth, hyper: { pool, taskLayers } } = spec;
  const headOnly = sharingDepth === model.layers.length - 1;
  const independent = taskLayers === "independent" || (taskLayers === "auto" && headOnly);
  for (const slot of parameterSlots(model)) {
    const ofTask = isTaskSpecific(algorithm, sharingDepth ?? 0, slot.layer);
    const own = (task: number) => initialDraw(model, slot, seed, `init of task ${task}`);
    begin(slot.key, ofTask ? pool : 1, ofTask && independent ? own : undefined);
  }
  for (const { name } of metaSpecs) begin(metaKey(name), 1);
}

/** Shared parameters and the algorithm's own state under their own names; of task-specific ones, the pool's mean and the common draw they started from. */
async function learnedState({ exe, spec, algorithm, model, metaSpecs, start }: Learned): Promise<TrainedState> {
  const state: Record<string, Float32Array> = {};
  const slots = [
    ...parameterSlots(model).map(({ key, layer }) => {
      return { key, ofTask: isTaskSpecific(algorithm, spec.sharingDepth ?? 0, layer) };
    }),
    ...metaSpecs.map(({ name }) => ({ key: metaKey(name), ofTask: false })),
  ];
  // All at once: where a GPU is waited for, the readings overlap.
  const read = await Promise.all(slots.map(({ key }) => exe.getState(key)));
  for (const [index, { key, ofTask }] of slots.entries()) {
    const values = read[index];
    if (ofTask) {
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
