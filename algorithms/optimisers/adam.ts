/** Adam inside a graph, for shared parameters and for rows of a pool. */
import type { Node } from "../tensor/graph.ts";
import { add, div, mul, offset, scale, sqrt, square, sub } from "../tensor/ops.ts";

/** β₁, β₂ and ε of Kingma & Ba 2015 (arXiv:1412.6980), Algorithm 1. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** One step: the new parameters and moments. */
export interface AdamStep {
  readonly parameter: Node;
  readonly m: Node;
  readonly v: Node;
}

/**
 * m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate · m / (√v + ε).
 *
 * @param rate the bias-corrected step size of `adamRate`, as a node that broadcasts against the parameter
 *
 * Source: Kingma & Ba 2015, Algorithm 1 in the more efficient order of section 2, in which ε is not bias-corrected.
 */
export function adamStep(parameter: Node, gradient: Node, moments: { m: Node; v: Node }, rate: Node): AdamStep {
  const m = add(scale(moments.m, ADAM.beta1), scale(gradient, 1 - ADAM.beta1));
  const v = add(scale(moments.v, ADAM.beta2), scale(square(gradient), 1 - ADAM.beta2));
  return { parameter: sub(parameter, mul(div(m, offset(sqrt(v), ADAM.epsilon)), rate)), m, v };
}

/** β √(1 − β₂ᵗ) / (1 − β₁ᵗ) for the t-th update (t ≥ 1) at outer learning rate β. */
export function adamRate(outerLr: number, t: number): number {
  return outerLr * Math.sqrt(1 - ADAM.beta2 ** t) / (1 - ADAM.beta1 ** t);
}
