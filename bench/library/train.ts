/** Trains an algorithm as runs do, for other people's code. */
import type { Algorithm as Definition } from "../../algorithms/algorithm.ts";
import { type Algorithm, definitionOf, keyOf } from "../../algorithms/library/algorithm.ts";
import { openNamed } from "../../algorithms/library/tensor.ts";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";
import type { Norm } from "../../common/vocabulary.ts";
import { defaultsOf } from "../sweeps/defaults.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { TrainSpec } from "../store/types.ts";
import { train as trainSpec } from "../units/train.ts";
import { type Data, dataSetOf, entryOf } from "./data.ts";

/** Settings of a training; each is what the built-in sweeps have on the data set unless it is given. */
export interface TrainOptions {
  /** Outer iterations. */
  readonly iterations?: number;
  /** T: tasks per outer iteration. */
  readonly metaBatch?: number;
  /** Q: query examples of a training episode, per class or task. */
  readonly queries?: number;
  /** K of training episodes, where the algorithm trains on episodes. */
  readonly shots?: number;
  /** S of training, where the algorithm has an inner loop. */
  readonly innerSteps?: number;
  /** α: step size of the inner loop. */
  readonly innerLr?: number;
  /** β: step size of the optimiser, Adam. */
  readonly outerLr?: number;
  /** Training tasks there are, or "fresh" for ever new ones. */
  readonly trainingTasks?: number | "fresh";
  /** d: leading layers that all tasks share; as the algorithm's authors have it by default. */
  readonly sharingDepth?: number;
  /** A name in the table of models: "mlp", "conv4". */
  readonly model?: string;
  /** Widths of the hidden layers. */
  readonly hidden?: readonly number[];
  /** How hidden layers are normalised: "none", "batch", "batch-inductive", "layer". */
  readonly norm?: "none" | "batch" | "batch-inductive" | "layer";
  /** The algorithm's own settings, by name. */
  readonly own?: Readonly<Record<string, number | string | boolean>>;
  /** Names the initial draw, the training tasks and the batches; 0 by default. */
  readonly seed?: number;
  /** What computes; "wasm" by default. */
  readonly backend?: string;
  /** Called as training goes on. */
  readonly onProgress?: (progress: {
    /** Outer iterations done. */
    readonly iteration: number;
    /** The latest mean loss. */
    readonly loss: number;
  }) => void;
}

/** What a training left. */
export interface Learned {
  /** What was trained. */
  readonly algorithm: Algorithm;
  /** What it was trained on. */
  readonly data: Data;
  /** "ok"; "diverged" where it stopped being finite again and again. */
  readonly status: string;
  /** Why, unless ok. */
  readonly reason: string;
  /** The learned parameters, row-major, by "layer.parameter". */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** The mean training loss since the point before; null where it is not finite. */
  readonly losses: readonly {
    /** Outer iterations done. */
    readonly iteration: number;
    /** Mean loss since the point before. */
    readonly loss: number | null;
  }[];
  /** Operations of the training, in 10⁹. */
  readonly gflop: number;
}

const specs = new WeakMap<Learned, TrainSpec>();

/** The spec of a learned state. @throws UsageError where it was not trained by this library */
export function specOf(learned: Learned): TrainSpec {
  const spec = specs.get(learned);
  if (spec === undefined) throw new UsageError("This state was not trained by train: train it first");
  return spec;
}

/**
 * Trains an algorithm on a data set. The same algorithm, data and options give the same numbers.
 *
 * @param algorithm one of `algorithms`, or a variant
 * @param data opened by `openData`
 * @throws UsageError when the algorithm is not for such data, or an option cannot be used
 */
export async function train(algorithm: Algorithm, data: Data, options: TrainOptions = {}): Promise<Learned> {
  const spec = specFor(algorithm, data, options);
  const backend = await openNamed(options.backend ?? "wasm");
  const { result, state } = await trainSpec(spec, dataSetOf(data), backend, options.onProgress);
  const learned: Learned = {
    algorithm,
    data,
    status: result.status,
    reason: result.reason,
    state,
    losses: result.curve.map(({ iteration, loss }) => ({ iteration, loss })),
    gflop: result.flops / 1e9,
  };
  specs.set(learned, spec);
  return learned;
}

function specFor(algorithm: Algorithm, data: Data, options: TrainOptions): TrainSpec {
  const definition = definitionOf(algorithm);
  const dataSet = dataSetOf(data);
  if (!definition.supports.includes(dataSet.kind)) {
    throw new UsageError(
      `Cannot train ${algorithm.name} on "${data.name}", which is ${data.kind}: it is for ${
        definition.supports.join(" and ")
      } only`,
    );
  }
  const defaults = defaultsOf(entryOf(data.name));
  const { model = defaults.model, hidden = options.model === undefined ? defaults.hidden : [] } = options;
  if (!Object.hasOwn(models, model)) throw new UsageError(unknownName("model", model, Object.keys(models)));
  const layers = layerCount(model as ModelName, hidden);
  const shapes = new Set(definition.shapesTraining);
  const { trainShots: _, trainInnerSteps: __, adaptLrs: ___, ...hyper } = {
    ...defaults.hyper,
    ...defaults.overrides[algorithm.name],
  };
  const whole = (name: "iterations" | "metaBatch" | "queries" | "shots" | "innerSteps", normal: number) =>
    wholeNumber(name, options[name] ?? normal);
  return {
    dataset: data.name,
    ways: dataSet.kind === "regression" ? 1 : dataSet.outputs,
    model,
    hidden,
    norm: options.norm ?? defaults.norms[0] as Norm,
    algorithm: keyOf(algorithm),
    sharingDepth: depthOf(definition, layers, options.sharingDepth),
    shots: shapes.has("shots") ? whole("shots", Math.max(...defaults.shots)) : null,
    innerSteps: shapes.has("innerSteps") ? whole("innerSteps", stepsOf(defaults)) : null,
    seed: options.seed ?? 0,
    hyper: {
      ...hyper,
      iterations: whole("iterations", hyper.iterations),
      metaBatch: whole("metaBatch", hyper.metaBatch),
      queries: whole("queries", hyper.queries),
      innerLr: options.innerLr ?? hyper.innerLr,
      outerLr: options.outerLr ?? hyper.outerLr,
      pool: poolOf(definition, hyper.pool, options.trainingTasks ?? defaults.trainingTasks[0]),
      own: ownSettings(definition, { ...hyper.own, ...options.own }),
    },
    validation: null,
  };
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new UsageError(`${name} is ${value}, but takes a whole number of at least 1`);
}

function depthOf(definition: Definition, layers: number, asked: number | undefined): number | null {
  const depth = definition.sharingDepth(asked ?? definition.nativeSharingDepth?.(layers) ?? 0, layers);
  if (depth !== undefined && (asked === undefined || (Number.isInteger(asked) && asked >= 0 && asked <= layers))) {
    return depth;
  }
  throw new UsageError(`${definition.name} has no sharing depth ${asked} on a model of ${layers} layers`);
}

function stepsOf({ hyper: { trainInnerSteps } }: DataSetSweep): number {
  return typeof trainInnerSteps === "number" ? trainInnerSteps : 1;
}

function poolOf({ data }: Definition, own: number, trainingTasks: number | "fresh"): number {
  if (data === "labelled" || data === "none") return 0;
  if (trainingTasks !== "fresh") return wholeNumber("trainingTasks", trainingTasks);
  return data === "pool" ? own : 0;
}

function ownSettings({ name, hyper }: Definition, given: NonNullable<TrainOptions["own"]>) {
  if (hyper === undefined) {
    const [first] = Object.keys(given);
    if (first !== undefined) throw new UsageError(`own: ${name} has no settings of its own, so no "${first}"`);
    return {};
  }
  const parsed = hyper.safeParse(given);
  if (parsed.success) return parsed.data as NonNullable<TrainOptions["own"]>;
  const [{ path, message }] = parsed.error.issues;
  throw new UsageError(`own${path.map((part) => `.${String(part)}`).join("")} of ${name}: ${message}`);
}
