/** What training and prediction come to in floating-point operations: counted from the very programs that would run, without data. */
import { UsageError } from "../../common/errors.ts";
import type { DataSetEntry } from "../../data/contract/dataset.ts";
import { toLayers } from "../../algorithms/blocks/parameters.ts";
import { forward } from "../../algorithms/models/model.ts";
import { Graph } from "../../algorithms/tensor/graph.ts";
import { program } from "../../algorithms/tensor/program.ts";
import type { TrainSpec } from "../store/types.ts";
import { batchShape } from "./batches.ts";
import { algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { stepGraph, trainingProgram } from "./training_program.ts";

/** What has to be known of a data set, which need not be there. */
type CountedData = Pick<DataSetEntry, "name" | "kind" | "inputShape" | "classes">;

function shapeOf({ name, kind, inputShape, classes: trainClasses }: CountedData, { ways }: TrainSpec) {
  return { name, kind, inputShape, trainClasses, outputs: kind === "classification" ? ways : 1 };
}

/** Operations of one outer iteration of a training; 0 where nothing is trained. @throws UsageError where its gradient cannot be clipped as it says */
export function iterationFlops(spec: TrainSpec, data: CountedData, algorithm = algorithmOf(spec)): number {
  if (algorithm.objective === undefined) return 0;
  const dataSet = shapeOf(data, spec);
  const model = modelOf(spec, dataSet);
  const batch = batchShape(spec, algorithm, dataSet);
  const metaSpecs = metaSpecsOf(spec, model, dataSet);
  try {
    const step = stepGraph({ algorithm, model, spec, batch, dataSet, metaSpecs });
    return trainingProgram(step, model, spec.hyper).flops;
  } catch (error) {
    throw asUsage(error, algorithm.name);
  }
}

/** What a training refuses because of how it is asked to clip is for the user; anything else is a mistake in code, whose place has to be seen. */
function asUsage(error: unknown, algorithm: string): unknown {
  if (!(error instanceof Error && error.message.startsWith("Cannot clip the outer gradient"))) return error;
  return new UsageError(
    `${error.message}, for this algorithm alone by overrides.${algorithm}.clip, or let its objective return taskGradients`,
  );
}

/** Operations of predicting one example. */
export function predictionFlops(spec: TrainSpec, data: CountedData): number {
  const model = modelOf(spec, shapeOf(data, spec));
  const graph = new Graph();
  const params = toLayers(model, ({ key, shape }) => graph.state(key, [1, ...shape]));
  return program({ outputs: { outputs: forward(model, params, graph.input("x", [1, 1, ...data.inputShape])) } }).flops;
}
