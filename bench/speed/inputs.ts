/** Synthetic inputs of a workload: the right shapes, values of the right kind, the same for every system. */
import { initialState, parameterSlots } from "../../algorithms/blocks/parameters.ts";
import { type Rng, rng } from "../../common/random.ts";
import { algorithmOf, modelOf } from "../units/subject.ts";
import { isTaskSpecific, optimiserOf, rowScalarName, scalarName } from "../units/training_program.ts";
import { isPooled, OUTER_LR, type Sizes, trainSpecOf, type Workload } from "./workloads.ts";

/** Share of a synthetic image that is ink, as in Omniglot at 28 x 28. */
const INK = 0.1;

/** Numbers with their shape. */
export interface Values {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The parameters that training starts from: [1, ...], or [P, ...] where task-specific. Key: "layer.parameter". */
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
  return Object.fromEntries(entries);
}

/**
 * One batch: `x0`, `y0`, ... of the parts, and for a pool `rows`. Regression: points of sine curves; classification: sparse ink at
 * random, and labels class by class.
 *
 * @param index different numbers give different batches
 */
export function batchOf(workload: Workload, sizes: Sizes, index: number): Record<string, Values> {
  const { data } = workload.setting;
  const random = rng(["speed", workload.setting.dataset, index]);
  const batch: Record<string, Values> = {};
  sizes.parts.forEach((examples, part) => {
    const [x, y] = data.kind === "regression"
      ? curves(random, sizes.tasks, examples)
      : drawings(random, sizes.tasks, examples, data.inputShape, data.outputs);
    batch[`x${part}`] = x;
    batch[`y${part}`] = y;
  });
  if (isPooled(workload)) {
    batch.rows = { shape: [sizes.tasks], data: Float32Array.from(random.choose(sizes.tasks, sizes.pool)) };
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

function drawings(
  random: Rng,
  tasks: number,
  examples: number,
  inputShape: readonly number[],
  ways: number,
): [Values, Values] {
  const pixels = tasks * examples * inputShape.reduce((product, extent) => product * extent, 1);
  const x = Float32Array.from({ length: pixels }, () => random.uniform() < INK ? 1 : 0);
  const y = new Float32Array(tasks * examples * ways);
  for (let t = 0; t < tasks; t++) {
    for (let i = 0; i < examples; i++) y[(t * examples + i) * ways + Math.floor(i * ways / examples)] = 1;
  }
  return [{ shape: [tasks, examples, ...inputShape], data: x }, { shape: [tasks, examples, ways], data: y }];
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
  const feeds: Record<string, Float32Array> = { ...values };
  for (const [i, value] of optimiserOf(hyper).scalars(OUTER_LR, t, hyper.optimiser).entries()) {
    feeds[scalarName(i)] = Float32Array.of(value);
    if (values.rows !== undefined) feeds[rowScalarName(i)] = new Float32Array(values.rows.length).fill(value);
  }
  return feeds;
}
