/** Gradient descent of every task on its own support set, inside a graph: the inner loop of the MAML family, and fine-tuning of any trained state. */
import type { LayerParams } from "../models/model.ts";
import { grad } from "../tensor/grad.ts";
import type { Node } from "../tensor/graph.ts";
import { broadcastTo, mul, scale, stopGradient, sub, sumAll } from "../tensor/ops.ts";
import type { Examples } from "./examples.ts";
import type { Network, Params } from "./network.ts";
import type { LossPerTask } from "./training_step.ts";

/** Step size of one parameter: the same number for all, or a node that broadcasts against the parameter. */
export type InnerRate = number | Node;

/** Step sizes that differ by parameter or step; layers are counted from 0, steps too. */
export type InnerRates = (layer: number, parameter: string, step: number) => InnerRate;

/** What is made of a parameter's gradient before it meets the step size: a learned linear map; layers are counted from 0. */
export type Precondition = (gradient: Node, layer: number, parameter: string) => Node;

/** The parameters as an inner step sees them, counted from 0, where steps have some of their own. */
export type AtStep = (params: Params, step: number) => Params;

/** A copy of the masked layers for every task, leading axis T; the others stay as they are. */
export function perTask(params: Params, mask: readonly boolean[], tasks: number): Params {
  return params.map((layer, index) =>
    mask[index] ? mapParams(layer, (node) => broadcastTo(node, [tasks, ...node.shape.slice(1)])) : layer
  );
}

/**
 * ∇ of every task's own loss with respect to the masked layers; undefined for the others.
 *
 * The losses [T] are summed, and each task's copy of a parameter takes part in its own loss only, so it sees that one's gradient.
 */
export function taskGradients(
  losses: Node,
  params: Params,
  mask: readonly boolean[],
): readonly (LayerParams | undefined)[] {
  const masked = params.filter((_, index) => mask[index]);
  const gradients = layerGradients(sumAll(losses), masked);
  return params.map((_, index) => mask[index] ? gradients[mask.slice(0, index).filter(Boolean).length] : undefined);
}

/** θ − α ∇L, layer by layer; layers without a gradient stay as they are. */
export function descend(
  params: Params,
  gradients: readonly (LayerParams | undefined)[],
  rate: InnerRate | ((layer: number, parameter: string) => InnerRate),
): Params {
  return params.map((layer, index) => {
    const gradient = gradients[index];
    if (gradient === undefined) return layer;
    return mapParams(layer, (node, name) => {
      const alpha = typeof rate === "function" ? rate(index, name) : rate;
      return sub(node, typeof alpha === "number" ? scale(gradient[name], alpha) : mul(gradient[name], alpha));
    });
  });
}

/** What a preconditioner makes of the gradients; they themselves where there is none. */
export function preconditioned(
  gradients: readonly (LayerParams | undefined)[],
  precondition: Precondition | undefined,
): readonly (LayerParams | undefined)[] {
  if (precondition === undefined) return gradients;
  return gradients.map((layer, index) =>
    layer === undefined ? undefined : mapParams(layer, (gradient, name) => precondition(gradient, index, name))
  );
}

/** The same gradients, held constant by differentiation: first order. */
export function heldConstant(gradients: readonly (LayerParams | undefined)[]): readonly (LayerParams | undefined)[] {
  return gradients.map((layer) => layer === undefined ? undefined : mapParams(layer, stopGradient));
}

/** What an adaptation needs. */
export interface InnerLoop {
  readonly network: Network;
  /** θ: one entry per layer, leading axis 1 or T. */
  readonly params: Params;
  readonly support: Examples;
  /** Per layer: whether the inner loop changes it. */
  readonly mask: readonly boolean[];
  /** α, or step sizes by parameter and step. */
  readonly rates: number | InnerRates;
  /** What the algorithm has learned to make of gradients; undefined where it is nothing. */
  readonly precondition?: Precondition | undefined;
  /** What steps have of their own; undefined where it is nothing. */
  readonly atStep?: AtStep | undefined;
  /** S */
  readonly innerSteps: number;
  readonly lossPerTask: LossPerTask;
}

/**
 * θ_0, θ_1, ..., θ_S with θ_{s+1} = θ_s − α P(∇L_support(θ_s)) on the masked layers, for every task at once; P changes nothing unless it is
 * learned. Where steps have parameters of their own, θ_s has those of the step before. Differentiation sees through it.
 *
 * Source: Finn et al. 2017 (arXiv:1703.03400), Algorithm 1, line 6; the masks are those of ANIL (Raghu et al. 2020) and BOIL (Oh et al. 2021).
 */
export function trajectory(loop: InnerLoop): Params[] {
  const { network, support, mask, rates, precondition, atStep = (params) => params, lossPerTask } = loop;
  let theta = perTask(loop.params, mask, support.x.shape[0]);
  const passed = [atStep(theta, 0)];
  for (let step = 0; step < loop.innerSteps; step++) {
    const losses = lossPerTask(network.outputs(atStep(theta, step), support.x), support.y);
    const rate = typeof rates === "number" ? rates : (layer: number, name: string) => rates(layer, name, step);
    theta = descend(theta, preconditioned(taskGradients(losses, theta, mask), precondition), rate);
    passed.push(atStep(theta, step));
  }
  return passed;
}

/** The gradient of a scalar with respect to layers of parameters, in their structure. */
export function layerGradients(loss: Node, layers: Params): LayerParams[] {
  const flat = grad(loss, layers.flatMap((layer) => Object.values(layer)));
  let next = 0;
  return layers.map((layer) => mapParams(layer, () => flat[next++]));
}

/** Applies f to every parameter of a layer, in the layer's order. */
export function mapParams(layer: LayerParams, f: (node: Node, name: string) => Node): LayerParams {
  return Object.fromEntries(Object.entries(layer).map(([name, node]) => [name, f(node, name)]));
}
