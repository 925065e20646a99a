/** What a spec names: its algorithm and its model. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import { type ModelName, models } from "../../algorithms/models/registry.ts";
import type { Model } from "../../algorithms/models/model.ts";
import { type AlgorithmName, algorithms } from "../../algorithms/registry.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";

/** The algorithm of a spec. @throws for a name that is not in the table */
export function algorithmOf(spec: Pick<TrainSpec, "algorithm">): Algorithm {
  const found = algorithms[spec.algorithm as AlgorithmName];
  if (found === undefined) throw new Error(`internal: unknown algorithm "${spec.algorithm}"`);
  return found;
}

/** The model of a spec on a data set. @throws for a name that is not in the table */
export function modelOf(
  spec: Pick<TrainSpec, "model" | "hidden" | "norm">,
  dataSet: Pick<DataSet, "inputShape" | "outputs">,
): Model {
  const entry = models[spec.model as ModelName];
  if (entry === undefined) throw new Error(`internal: unknown model "${spec.model}"`);
  return entry.build({
    inputShape: dataSet.inputShape,
    outputs: dataSet.outputs,
    hidden: spec.hidden,
    norm: spec.norm,
  });
}
