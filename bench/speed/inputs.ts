/** Synthetic inputs of a workload: the right shapes, values of the right kind, the same for every system. */
import { initialMeta, initialState, metaKey, parameterSlots } from "../../algorithms/blocks/parameters.ts";
import { type Rng, rng } from "../../common/random.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "../units/subject.ts";
import { isTaskSpecific, optimiserOf, PROGRESS, rowScalarName, scalarName } from "../units/training_program.ts";
import { OUTER_LR, TRAINED_SHARE, trainSpecOf } from "./programs.ts";
import { hasClasses, isLabelled, isPooled, type Sizes, type Workload } from "./workloads.ts";

/** Share of a synthetic image that is ink, as in Omniglot at 28 x 28. */
const INK = 0.1;

/** Numbers with their shape. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * What training starts from: the parameters, [1, ...] or [P, ...] where task-specific, by "layer.parameter", and the algorithm's own learned state by
 * "meta:name".
 */
export function startOf(workload: Workload, sizes: Sizes): Record<string, Values> {
  const spec = trainSpecOf(workload, sizes);
  const model = modelOf(spec, workload.setting.data);
  const draw = initialState(model, spec.seed, "init");
  const entries = parameterSlots(model).map(({ key, layer, shape }) => {
    const copies = isTaskSpecific(algorithmOf(spec), spec.sharingDepth ?? 0, layer) ? sizes.pool : 1;
    const data = new Float32Array(copies * draw[key].length);
    for (let copy = 0; copy < copies; copy++) data.set(draw[key], copy * draw[key].length);
    return [key, { shape: [copies, ...shape], data }];
  });
  if (workload.kind === "adaptation") return Object.fromEntries(entries);
  const own = metaSpecsOf(spec, model, sizes);
  const drawn = initialMeta(own, spec.seed);
  return Object.fromEntries([
    ...entries,
    ...own.map(({ name, shape }) => [metaKey(name), { shape, data: drawn[metaKey(name)] }] as const),
  ]);
}

/**
 * The same, every number moved by about a tenth of itself and a hundredth: a peer that forgets a parameter which starts at zero or one, or takes one for another
 * that starts with the same value, is found out.
 */
export function movedStartOf(workload: Workload, sizes: Sizes): Record<string, Values> {
  const random = rng(["speed", "moved"]);
  const entries = Object.entries(startOf(workload, sizes)).map(([key, { shape, data }]) => {
    const moved = data.map((value) => value + (0.1 * Math.abs(value) + 0.01) * random.uniform(-1, 1));
    return [key, { shape, data: moved }] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * One batch: `x0`, `y0`, ... of the parts, for a pool `rows`, and where the program takes them in, the ids `classes` behind the labels. Regression: points of sine curves;
 * classification: sparse ink at random, and labels class by class, or at random where they are of all training classes.
 *
 * @param index different numbers give different batches
 */
export function batchOf(workload: Workload, sizes: Sizes, index: number): Record<string, Values> {
  const { data } = workload.setting;
  const random = rng(["speed", workload.setting.dataset, index]);
  const batch: Record<string, Values> = {};
  sizes.parts.forEach((examples, part) => {
    const [x, y] = data.kind === "regression" ? curves(random, sizes.tasks, examples) : [
      images(random, [sizes.tasks, examples, ...data.inputShape]),
      isLabelled(workload)
        ? labels(random, sizes.tasks, examples, sizes.trainClasses)
        : episodeLabels(sizes.tasks, examples, data.outputs),
    ];
    batch[`x${part}`] = x;
    batch[`y${part}`] = y;
  });
  if (isPooled(workload)) {
    batch.rows = { shape: [sizes.tasks], data: Float32Array.from(random.choose(sizes.tasks, sizes.pool)) };
  }
  if (hasClasses(workload)) {
    const ids = Array.from({ length: sizes.tasks }, () => random.choose(data.outputs, sizes.trainClasses)).flat();
    batch.classes = { shape: [ids.length], data: Float32Array.from(ids) };
  }
  return batch;
}

function curves(random: Rng, tasks: number, examples: number): [Values, Values] {
  const shape = [tasks, examples, 1];
  const x = new Float32Array(tasks * examples);
  const y = new Float32Array(tasks * examples);
  for (let t = 0; t < tasks; t++) {
    const [amplitude, phase] = [random.uniform(0.1, 5), random.uniform(0, Math.PI)];
    for (let i = t * examples; i < (t + 1) * examples; i++) {
      x[i] = random.uniform(-5, 5);
      y[i] = amplitude * Math.sin(x[i] - phase);
    }
  }
  return [{ shape, data: x }, { shape, data: y }];
}

function images(random: Rng, shape: readonly number[]): Values {
  const pixels = shape.reduce((product, extent) => product * extent, 1);
  return { shape, data: Float32Array.from({ length: pixels }, () => random.uniform() < INK ? 1 : 0) };
}

function oneHot(tasks: number, examples: number, classes: number, labelOf: (example: number) => number): Values {
  const data = new Float32Array(tasks * examples * classes);
  for (let i = 0; i < tasks * examples; i++) data[i * classes + labelOf(i % examples)] = 1;
  return { shape: [tasks, examples, classes], data };
}

function labels(random: Rng, tasks: number, examples: number, classes: number): Values {
  return oneHot(tasks, examples, classes, () => random.int(classes));
}

function episodeLabels(tasks: number, examples: number, ways: number): Values {
  return oneHot(tasks, examples, ways, (example) => Math.floor(example * ways / examples));
}

/** The feeds of the program for a batch, at the t-th update (t ≥ 1). */
export function feedsOf(
  workload: Workload,
  batch: Readonly<Record<string, Values>>,
  t: number,
): Record<string, Float32Array> {
  const values = Object.fromEntries(Object.entries(batch).map(([name, { data }]) => [name, data]));
  if (workload.kind === "adaptation") return { supportX: values.x0, supportY: values.y0, queryX: values.x1 };
  const { hyper } = trainSpecOf(workload);
  const feeds: Record<string, Float32Array> = { ...values, [PROGRESS]: Float32Array.of(TRAINED_SHARE) };
  for (const [i, value] of optimiserOf(hyper).scalars(OUTER_LR, t, hyper.optimiser).entries()) {
    feeds[scalarName(i)] = Float32Array.of(value);
    if (values.rows !== undefined) feeds[rowScalarName(i)] = new Float32Array(values.rows.length).fill(value);
  }
  return feeds;
}
