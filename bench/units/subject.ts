/** What a spec names: its algorithm with its own learned state, and its model. */
import { type AdapterName, adapters, firstFor } from "../../algorithms/adapters/registry.ts";
import type { Adapter } from "../../algorithms/adapters/adapter.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Model, ParameterSpec } from "../../algorithms/models/model.ts";
import { type ModelName, models } from "../../algorithms/models/registry.ts";
import { type AlgorithmName, algorithms } from "../../algorithms/registry.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";

/** The algorithm of a spec. @throws for a name that is not in the table */
export function algorithmOf(spec: Pick<TrainSpec, "algorithm">): Algorithm {
  const found = algorithms[spec.algorithm as AlgorithmName];
  if (found === undefined) throw new Error(`internal: unknown algorithm "${spec.algorithm}"`);
  return found;
}

/** An adapter by its name. @throws for a name that is not in the table */
export function adapterOf(name: string): Adapter {
  const found = adapters[name as AdapterName];
  if (found === undefined) throw new Error(`internal: unknown adapter "${name}"`);
  return found;
}

/** How an algorithm's source adapts it on a kind of task. @throws where none of its adapters is for that kind */
export function nativeAdapterOf({ name, nativeAdapters }: Algorithm, kind: DataSet["kind"]): Adapter {
  const found = firstFor(nativeAdapters, kind);
  if (found === undefined) throw new Error(`internal: algorithm "${name}" has no adapter for ${kind}`);
  return adapters[found];
}

/** The model of a spec on a data set. @throws for a name that is not in the table */
export function modelOf(
  spec: Pick<TrainSpec, "model" | "modelOptions" | "hidden" | "norm">,
  dataSet: Pick<DataSet, "inputShape" | "outputs">,
): Model {
  const entry = models[spec.model as ModelName];
  if (entry === undefined) throw new Error(`internal: unknown model "${spec.model}"`);
  return entry.build({
    inputShape: dataSet.inputShape,
    outputs: dataSet.outputs,
    hidden: spec.hidden,
    norm: spec.norm,
    settings: spec.modelOptions,
  });
}

/** S of a training; one step where it has none of its own. */
export function innerStepsOf({ innerSteps }: Pick<TrainSpec, "innerSteps">): number {
  return Math.max(1, innerSteps ?? 1);
}

/** Specs of what a spec's algorithm learns beyond the model. */
export function metaSpecsOf(
  spec: Pick<TrainSpec, "algorithm" | "innerSteps" | "hyper">,
  model: Model,
  dataSet: Pick<DataSet, "trainClasses">,
): readonly ParameterSpec[] {
  const { innerLr, own } = spec.hyper;
  const innerSteps = innerStepsOf(spec);
  return algorithmOf(spec).metaParameters?.(model, {
    ...{ innerLr, innerSteps, own },
    trainClasses: dataSet.trainClasses ?? 0,
  }) ?? [];
}
