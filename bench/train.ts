/** Trains one unit: the same loop, optimiser and bookkeeping for every algorithm. */
import { adamRate } from "../algorithms/adam.ts";
import type { Algorithm } from "../algorithms/algorithm.ts";
import type { Model } from "../algorithms/models/model.ts";
import { initialState, parameterSlots, type TrainedState } from "../algorithms/parameters.ts";
import type { Backend, Data, Executable } from "../algorithms/tensor/backend.ts";
import type { DataSet, ExampleBatch, TaskPool } from "../data/dataset.ts";
import { rng } from "../data/random.ts";
import { algorithmOf, modelOf } from "./subject.ts";
import { isTaskSpecific, stepGraph, trainingProgram } from "./training_program.ts";
import type { CurvePoint, TrainingResult, TrainSpec } from "./types.ts";
import { trendOf, validationScore, Validator, watchedIterations, type WatchedScores } from "./validation.ts";

export type { TrainedState } from "../algorithms/parameters.ts";

/** Points of the training curve. */
const CURVE_POINTS = 50;

/**
 * Times that a training whose objective or parameters stop being finite goes back to its state at the last point of the curve and on with the batches
 * after it, before it counts as diverged. One exploding inner loop in a batch is enough to lose a MAML training otherwise.
 */
const MOST_RESTARTS = 5;

/** Where a training is. */
export interface TrainingProgress {
  readonly iteration: number;
  readonly iterations: number;
  /** Mean objective since the last report; NaN before the first. */
  readonly loss: number;
}

/** What a training yields. */
export interface Training {
  readonly result: TrainingResult;
  readonly state: TrainedState;
  /** Seconds spent on watching it. */
  readonly validateS: number;
}

/**
 * Runs `spec.hyper.iterations` outer iterations. The result depends on the spec, the data and the backend's arithmetic alone.
 *
 * @returns the learned state; status "diverged" when it stopped being finite more than `MOST_RESTARTS` times
 */
export async function train(
  spec: TrainSpec,
  dataSet: DataSet,
  backend: Backend,
  onProgress?: (progress: TrainingProgress) => void,
): Promise<Training> {
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
    return { result, state: start, validateS: 0 };
  }
  const source = batchSource(spec, algorithm, dataSet);
  const executable = backend.compile(
    trainingProgram(stepGraph(algorithm, model, spec, source, dataSet), model, spec.hyper),
  );
  const watch = new Watch(spec, model, dataSet, backend);
  try {
    initialise(executable, spec, algorithm, model, start);
    const learned = () => learnedState(executable, spec, algorithm, model, start);
    const states = parameterSlots(model).flatMap(({ key }) => [key, `m:${key}`, `v:${key}`]);
    const outcome = await iterate(executable, spec, source, onProgress, watch, learned, states);
    return {
      result: {
        ...outcome,
        flops: executable.flops * outcome.iterations,
        validation: watch.seen.map(({ iteration, scores }) => ({
          iteration,
          score: validationScore(dataSet.kind, scores),
          flops: executable.flops * iteration,
        })),
        trend: outcome.status === "ok" ? trendOf(dataSet.kind, watch.seen, outcome.iterations) : null,
      },
      state: await learned(),
      validateS: watch.seconds,
    };
  } finally {
    watch.dispose();
    executable.dispose();
  }
}

/** Looks at a training from time to time; what it sees changes nothing. */
class Watch {
  readonly seen: WatchedScores[] = [];
  seconds = 0;
  readonly #iterations: ReadonlySet<number>;
  readonly #validator: Validator | undefined;

  constructor(spec: TrainSpec, model: Model, dataSet: DataSet, backend: Backend) {
    const { validation, hyper } = spec;
    this.#iterations = watchedIterations(hyper.iterations, validation?.points ?? 0);
    this.#validator = validation === null ? undefined : new Validator(spec, validation, model, dataSet, backend);
  }

  watches(iteration: number): boolean {
    return this.#validator !== undefined && this.#iterations.has(iteration);
  }

  async at(iteration: number, state: () => Promise<TrainedState>): Promise<void> {
    if (this.#validator === undefined) return;
    const start = performance.now();
    this.seen.push({ iteration, scores: await this.#validator.scores(await state()) });
    this.seconds += (performance.now() - start) / 1000;
  }

  dispose(): void {
    this.#validator?.dispose();
  }
}

/** Draws the feeds of an iteration, apart from the step sizes. */
interface BatchSource {
  readonly tasks: number;
  readonly parts: readonly number[];
  readonly draw: (iteration: number) => Record<string, Float32Array>;
}

function batchSource(spec: TrainSpec, algorithm: Algorithm, dataSet: DataSet): BatchSource {
  const { metaBatch: tasks, queries, pool: size, outerLr } = spec.hyper;
  const classes = dataSet.kind === "classification" ? dataSet.outputs : 1;
  if (algorithm.data === "pool") return poolSource(dataSet.pool(size, spec.seed), spec, classes, outerLr);
  const shots = spec.shots ?? queries;
  return {
    tasks,
    parts: [shots * classes, queries * classes],
    draw(iteration) {
      const batch = dataSet.trainBatch(tasks, shots, queries, [spec.seed, "train", iteration]);
      return { x0: batch.supportX, y0: batch.supportY, x1: batch.queryX, y1: batch.queryY };
    },
  };
}

function poolSource(pool: TaskPool, spec: TrainSpec, classes: number, outerLr: number): BatchSource {
  const tasks = Math.min(spec.hyper.metaBatch, pool.size);
  const visits = new Uint32Array(pool.size);
  return {
    tasks,
    parts: [spec.hyper.queries * classes],
    draw(iteration) {
      const rows = rng([spec.seed, "pool-tasks", iteration]).choose(tasks, pool.size);
      const batch: ExampleBatch = pool.batch(rows, spec.hyper.queries, [spec.seed, "train", iteration]);
      const rowRates = Float32Array.from(rows, (row) => adamRate(outerLr, ++visits[row]));
      return { x0: batch.x, y0: batch.y, rows: Float32Array.from(rows), rowRates };
    },
  };
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

async function iterate(
  exe: Executable,
  { hyper }: TrainSpec,
  source: BatchSource,
  onProgress: ((progress: TrainingProgress) => void) | undefined,
  watch: Watch,
  learned: () => Promise<TrainedState>,
  states: readonly string[],
): Promise<Pick<TrainingResult, "status" | "reason" | "iterations" | "curve" | "restarts">> {
  const interval = Math.max(1, Math.ceil(hyper.iterations / CURVE_POINTS));
  const curve: CurvePoint[] = [];
  const zero = new Float32Array(1);
  let restarts = 0;
  let checkpoint = await snapshot(exe, states);
  exe.setState("lossSum", zero);
  for (let iteration = 1, since = 0; iteration <= hyper.iterations; iteration++) {
    exe.run({ ...source.draw(iteration), rate: Float32Array.of(adamRate(hyper.outerLr, iteration)) });
    since++;
    const due = iteration % interval === 0 || iteration === hyper.iterations;
    if (due) {
      const loss = (await exe.getState("lossSum"))[0] / since;
      exe.setState("lossSum", zero);
      since = 0;
      onProgress?.({ iteration, iterations: hyper.iterations, loss });
      const reached = await snapshot(exe, states);
      if (Number.isFinite(loss) && allFinite(reached)) {
        checkpoint = reached;
        curve.push({ iteration, loss });
      } else if (restarts === MOST_RESTARTS) {
        const reason =
          `the training was not finite by iteration ${iteration}, after ${restarts} returns to its last finite state`;
        return { status: "diverged", reason, iterations: iteration, curve, restarts };
      } else {
        restarts++;
        for (const [name, values] of checkpoint) exe.setState(name, values);
      }
    }
    if (watch.watches(iteration)) await watch.at(iteration, learned);
  }
  return { status: "ok", reason: "", iterations: hyper.iterations, curve, restarts };
}

/** Parameters and moments, by name. */
type Snapshot = readonly (readonly [name: string, values: Data])[];

async function snapshot(exe: Executable, states: readonly string[]): Promise<Snapshot> {
  const found: [string, Data][] = [];
  for (const name of states) found.push([name, await exe.getState(name)]);
  return found;
}

function allFinite(values: Snapshot): boolean {
  return values.every(([, data]) => data.every(Number.isFinite));
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
  for (const { key, layer } of parameterSlots(model)) {
    const values = await exe.getState(key);
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
