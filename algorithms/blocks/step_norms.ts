/** γ and β of norms that every inner step has for itself. */
import type { Model, ParameterSpec } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import { broadcastTo } from "../tensor/ops.ts";
import { type AtStep, mapParams } from "./inner_loop.ts";

/** Whether a parameter is a norm's. */
function isOfNorm(name: string): boolean {
  return name.startsWith("gamma") || name.startsWith("beta");
}

/** The name of a norm's parameter at an inner step; layers and steps are counted from 0. */
export function normOfStep(layer: number, parameter: string, step: number): string {
  return `norm${layer}.${parameter}.${step}`;
}

/** γ and β of every norm of a model for every inner step, [1, 1, F] each, which start as the model's own do. */
export function normsPerStep(model: Model, steps: number): ParameterSpec[] {
  return model.layers.flatMap(({ parameters }, layer) =>
    parameters.filter(({ name }) => isOfNorm(name)).flatMap(({ name, shape, init }) =>
      Array.from({ length: steps }, (_, step) => ({
        name: normOfStep(layer, name, step),
        shape: [1, ...shape],
        init,
      }))
    )
  );
}

/**
 * The parameters with the norms of an inner step; beyond the steps that there are, with those of the last.
 *
 * Source: Antoniou et al. 2019 (arXiv:1810.09502), section 4, "per-step batch normalization weights and biases".
 */
export function normsFrom(meta: Readonly<Record<string, Node>>): AtStep {
  const ofStep = (layer: number, name: string, step: number): Node | undefined =>
    meta[normOfStep(layer, name, step)] ?? (step > 0 ? ofStep(layer, name, step - 1) : undefined);
  return (params, step) =>
    params.map((layer, index) =>
      mapParams(layer, (node, name) => {
        const own = ofStep(index, name, step);
        return own === undefined ? node : broadcastTo(own, node.shape);
      })
    );
}
