/** The batches that a training sees: the same for every algorithm of a kind, drawn by name. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { rng } from "../../common/random.ts";
import { augmented } from "../../data/augmentation/augment.ts";
import type { DataSet, EpisodeBatch, ExampleBatch, TaskPool } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";

/** The shape of a training batch. */
export interface BatchShape {
  /** T */
  readonly tasks: number;
  /** Examples per task of each part: [support, query], or [all]. */
  readonly parts: readonly number[];
  /** Length of a target row: 1, N in training, or all training classes. */
  readonly outputs: number;
  /** N in training; 0 where labels stand for no classes (regression). */
  readonly ways: number;
}

/** What one iteration is fed, step sizes apart. */
export interface DrawnBatch {
  readonly feeds: Record<string, Float32Array>;
  /** Indices of the pool's tasks; [] without a pool. */
  readonly rows: readonly number[];
}

/** Draws batches. */
export interface BatchSource extends BatchShape {
  /** Size of the pool; 0 without one. */
  readonly pool: number;
  readonly draw: (iteration: number) => DrawnBatch;
}

/**
 * Where the batches of a training come from.
 *
 * @param purpose names the draws; others than those of training itself have a purpose of their own
 */
export function batchSource(spec: TrainSpec, algorithm: Algorithm, dataSet: DataSet, purpose = "train"): BatchSource {
  const place: Place = { spec, dataSet, purpose, shape: batchShape(spec, algorithm, dataSet) };
  return augmentedSource(place, sourceOf(place, algorithm));
}

function sourceOf(place: Place, algorithm: Algorithm): BatchSource {
  switch (algorithm.data) {
    case "pool":
      return poolSource(place);
    case "tasks":
      return taskSource(place);
    case "labelled":
      return labelledSource(place);
    default:
      return episodeSource(place);
  }
}

/** Batches whose images are augmented, where the spec says so. */
function augmentedSource({ spec: { seed, augment }, dataSet, purpose }: Place, source: BatchSource): BatchSource {
  if (augment === undefined) return source;
  return {
    ...source,
    draw(iteration) {
      const { feeds, rows } = source.draw(iteration);
      const images = source.parts.map((_, part) => {
        const name = `x${part}`;
        const key = [seed, purpose, iteration, "augment", name];
        return [name, augmented(feeds[name], dataSet.inputShape, augment, key)] as const;
      });
      return { feeds: { ...feeds, ...Object.fromEntries(images) }, rows };
    },
  };
}

/** The shape of a training's batches, which follows from its spec; the data itself need not be there. */
export function batchShape(
  { hyper: { metaBatch, queries, pool, trainWays }, shots }: TrainSpec,
  algorithm: Algorithm,
  { name, kind, outputs: testWays, trainClasses }: Pick<DataSet, "name" | "kind" | "outputs" | "trainClasses">,
): BatchShape {
  const classification = kind === "classification";
  const ways = !classification ? 0 : algorithm.anyWays === true ? trainWays ?? testWays : testWays;
  const perTask = Math.max(1, ways);
  const shape = { tasks: metaBatch, outputs: classification ? ways : 1, ways };
  switch (algorithm.data) {
    case "pool":
      return { ...shape, tasks: Math.min(metaBatch, pool), parts: [queries * perTask] };
    case "tasks":
      return { ...shape, parts: [(sharedShots(queries) + 1) * perTask] };
    case "labelled":
      if (trainClasses === undefined) throw new Error(`internal: "${name}" has no labelled examples`);
      return { ...shape, tasks: 1, outputs: trainClasses, parts: [metaBatch * perTask * queries] };
    default:
      return { ...shape, parts: [(shots ?? queries) * perTask, queries * perTask] };
  }
}

/** Of tasks whose examples are not split: the shots of the support set that holds them all but one per class. */
const sharedShots = (queries: number) => Math.max(1, queries - 1);

interface Place {
  readonly spec: TrainSpec;
  readonly dataSet: DataSet;
  readonly purpose: string;
  readonly shape: BatchShape;
}

function classFeeds({ classes }: { readonly classes?: Int32Array }): Record<string, Float32Array> {
  return classes === undefined ? {} : { classes: Float32Array.from(classes) };
}

/** Draws fresh episodes: of ever new tasks, or of the same finite set of tasks that joint training has. */
function episodesOf({ spec: { seed, hyper: { pool: size } }, dataSet, purpose, shape: { tasks, ways } }: Place) {
  const pool = size === 0 ? undefined : dataSet.pool(size, seed, trainingWays(ways));
  return (iteration: number, shots: number, queries: number): EpisodeBatch => {
    const key = [seed, purpose, iteration];
    if (pool === undefined) return dataSet.trainBatch(tasks, shots, queries, key, trainingWays(ways));
    return pool.episodes(poolTasks(seed, purpose, iteration, tasks, pool.size), shots, queries, key);
  };
}

/** Which tasks of a pool a batch has: the same for every algorithm with batches of that size. */
function poolTasks(seed: number, purpose: string, iteration: number, tasks: number, size: number): number[] {
  const random = rng([seed, purpose === "train" ? "pool-tasks" : purpose, iteration]);
  const whole = Array.from({ length: Math.floor(tasks / size) }, () => random.choose(size, size)).flat();
  return tasks % size === 0 ? whole : [...whole, ...random.choose(tasks % size, size)];
}

function episodeSource(place: Place): BatchSource {
  const { spec: { shots: own, hyper: { queries } }, shape } = place;
  const shots = own ?? queries;
  const episodes = episodesOf(place);
  return {
    ...shape,
    pool: 0,
    draw(iteration) {
      const batch = episodes(iteration, shots, queries);
      const { supportX: x0, supportY: y0, queryX: x1, queryY: y1 } = batch;
      return { feeds: { x0, y0, x1, y1, ...classFeeds(batch) }, rows: [] };
    },
  };
}

/** Fresh tasks whose examples are not split: the support set holds them all but one per class, which the query set adds. */
function taskSource(place: Place): BatchSource {
  const { spec: { hyper: { queries } }, shape } = place;
  const shots = sharedShots(queries);
  const episodes = episodesOf(place);
  return {
    ...shape,
    pool: 0,
    draw(iteration) {
      const batch = episodes(iteration, shots, 1);
      return { feeds: { ...withoutSplit(batch), ...classFeeds(batch) }, rows: [] };
    },
  };
}

const trainingWays = (ways: number) => ways === 0 ? undefined : ways;

/** Support and query examples of every task one after the other. */
function withoutSplit({ tasks, supportX, supportY, queryX, queryY }: EpisodeBatch): Record<"x0" | "y0", Float32Array> {
  const joined = (a: Float32Array, b: Float32Array) => {
    const [perA, perB] = [a.length / tasks, b.length / tasks];
    const all = new Float32Array(a.length + b.length);
    for (let t = 0; t < tasks; t++) {
      all.set(a.subarray(t * perA, (t + 1) * perA), t * (perA + perB));
      all.set(b.subarray(t * perB, (t + 1) * perB), t * (perA + perB) + perA);
    }
    return all;
  };
  return { x0: joined(supportX, queryX), y0: joined(supportY, queryY) };
}

/** Labelled examples of all training classes, as many as a batch of tasks would have. */
function labelledSource({ spec: { seed }, dataSet, purpose, shape }: Place): BatchSource {
  const { classBatch } = dataSet;
  if (classBatch === undefined) throw new Error(`internal: "${dataSet.name}" has no labelled examples`);
  const { outputs: trainClasses, parts: [examples] } = shape;
  return {
    ...shape,
    pool: 0,
    draw(iteration) {
      const { x, classes } = classBatch(examples, [seed, purpose, iteration]);
      const y0 = new Float32Array(examples * trainClasses);
      classes.forEach((id, example) => y0[example * trainClasses + id] = 1);
      return { feeds: { x0: x, y0 }, rows: [] };
    },
  };
}

function poolSource({ spec, dataSet, purpose, shape }: Place): BatchSource {
  const { seed, hyper: { queries, pool: size } } = spec;
  const { tasks, ways } = shape;
  const pool: TaskPool = dataSet.pool(size, seed, trainingWays(ways));
  return {
    ...shape,
    pool: pool.size,
    draw(iteration) {
      const rows = poolTasks(seed, purpose, iteration, tasks, pool.size);
      const batch: ExampleBatch = pool.batch(rows, queries, [seed, purpose, iteration]);
      return { feeds: { x0: batch.x, y0: batch.y, rows: Float32Array.from(rows), ...classFeeds(batch) }, rows };
    },
  };
}
