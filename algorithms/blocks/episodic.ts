/** The outer objective of the MAML family. */
import type { Objective, TrainingStep } from "./training_step.ts";
import { adapt, layerGradients } from "./inner_loop.ts";
import { forward } from "../models/model.ts";
import { meanAll } from "../tensor/ops.ts";

/** The mean query loss after adaptation of the masked layers, and its gradient with respect to the initial parameters. */
export function episodicObjective(step: TrainingStep, mask: readonly boolean[], secondOrder: boolean): Objective {
  const [support, query] = step.batch;
  const trajectory = adapt({ ...step, support, mask, secondOrder });
  const adapted = trajectory[step.innerSteps];
  const loss = meanAll(step.lossPerTask(forward(step.model, adapted, query.x), query.y));
  return { loss, gradients: layerGradients(loss, step.params) };
}
