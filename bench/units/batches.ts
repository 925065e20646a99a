/** The batches that a training sees: the same for every algorithm of a kind, drawn by name. */
import { adamRate } from "../../algorithms/optimisers/adam.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { DataSet, ExampleBatch, TaskPool } from "../../data/contract/dataset.ts";
import { rng } from "../../common/random.ts";
import type { TrainSpec } from "../store/types.ts";

/** Draws the feeds of an iteration, apart from the step sizes of what is shared. */
export interface BatchSource {
  readonly tasks: number;
  readonly parts: readonly number[];
  /** Of iterations 1, 2, ..., each once and in order. */
  readonly draw: (iteration: number) => Record<string, Float32Array>;
  /** How often each task of the pool was drawn, which decides its rate; empty without a pool. */
  readonly visits: Uint32Array;
}

/** Where the batches of a training come from. */
export function batchSource(spec: TrainSpec, algorithm: Algorithm, dataSet: DataSet): BatchSource {
  const { metaBatch: tasks, queries, pool: size, outerLr } = spec.hyper;
  const classes = dataSet.kind === "classification" ? dataSet.outputs : 1;
  if (algorithm.data === "pool") return poolSource(dataSet.pool(size, spec.seed), spec, classes, outerLr);
  const shots = spec.shots ?? queries;
  return {
    tasks,
    parts: [shots * classes, queries * classes],
    visits: new Uint32Array(0),
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
    visits,
    draw(iteration) {
      const rows = rng([spec.seed, "pool-tasks", iteration]).choose(tasks, pool.size);
      const batch: ExampleBatch = pool.batch(rows, spec.hyper.queries, [spec.seed, "train", iteration]);
      const rowRates = Float32Array.from(rows, (row) => adamRate(outerLr, ++visits[row]));
      return { x0: batch.x, y0: batch.y, rows: Float32Array.from(rows), rowRates };
    },
  };
}
