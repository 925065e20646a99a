/** Joint training: one loss over all examples of all tasks, without a support/query split. */
import type { Node } from "../tensor/graph.ts";
import { add, scale } from "../tensor/ops.ts";
import type { Params } from "./network.ts";
import type { Objective, TrainingStep } from "./training_step.ts";

/** min over θ of the mean over tasks of each task's mean loss over all its examples: every task weighs the same. */
export function jointObjective(step: TrainingStep): Objective {
  return { losses: jointLosses(step, step.params) };
}

/** Each task's mean loss over all parts of the batch, weighted by their numbers of examples: [T]. */
export function jointLosses({ network, batch, lossPerTask }: TrainingStep, params: Params): Node {
  const total = batch.reduce((count, part) => count + part.x.shape[1], 0);
  return batch
    .map(({ x, y }) => scale(lossPerTask(network.outputs(params, x), y), x.shape[1] / total))
    .reduce(add);
}
