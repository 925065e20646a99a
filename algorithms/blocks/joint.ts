/** Joint training: one loss over all examples of all tasks, without a support/query split. */
import type { Objective, TrainingStep } from "./training_step.ts";
import { layerGradients } from "./inner_loop.ts";
import { forward } from "../models/model.ts";
import { add, meanAll, scale } from "../tensor/ops.ts";

/** min over θ of the mean over tasks of each task's mean loss over all its examples: every task weighs the same. */
export function jointObjective(step: TrainingStep): Objective {
  const loss = meanAll(jointLossPerTask(step, step.params));
  return { loss, gradients: layerGradients(loss, step.params) };
}

/** Each task's mean loss over all parts of the batch, weighted by their numbers of examples: [T]. */
export function jointLossPerTask({ model, batch, lossPerTask }: TrainingStep, params: TrainingStep["params"]) {
  const total = batch.reduce((count, part) => count + part.x.shape[1], 0);
  return batch
    .map(({ x, y }) => scale(lossPerTask(forward(model, params, x), y), x.shape[1] / total))
    .reduce(add);
}
