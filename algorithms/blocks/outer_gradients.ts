/** What training descends along. */
import { grad } from "../tensor/grad.ts";
import type { Node } from "../tensor/graph.ts";
import { mapParams } from "./inner_loop.ts";
import type { Params } from "./network.ts";
import type { Gradients, Objective } from "./training_step.ts";

/** The objective's own gradients, else those of its mean loss, with respect to everything that is learned. */
export function outerGradients(
  objective: Objective,
  loss: Node,
  params: Params,
  meta: Readonly<Record<string, Node>>,
): Gradients {
  if (objective.gradients !== undefined) return objective.gradients;
  const flat = grad(loss, [...params.flatMap((layer) => Object.values(layer)), ...Object.values(meta)]);
  let next = 0;
  return {
    params: params.map((layer) => mapParams(layer, () => flat[next++])),
    meta: Object.fromEntries(Object.keys(meta).map((name) => [name, flat[next++]])),
  };
}
