/** Gradients through the solution of an inner problem, from that solution alone: how it was found does not matter. */
import type { LayerParams } from "../models/model.ts";
import { grad } from "../tensor/grad.ts";
import type { Node } from "../tensor/graph.ts";
import { add, div, mul, offset, reshape, scale, stopGradient, sub, sum, sumAll } from "../tensor/ops.ts";
import type { Params } from "./network.ts";

/** Keeps what is divided by from being zero once the residual is. */
const TINY = 1e-30;

/** What the linear system is made of. */
export interface ImplicitSystem {
  /** φ: one set of parameters for each task, leading axis T. */
  readonly solution: Params;
  /** L_support(φ) of every task, [T]. */
  readonly losses: Node;
  /** v = ∇L_query(φ), in the structure of φ. */
  readonly right: Params;
  /** λ */
  readonly strength: number;
  /** δ ≥ 0, added to the system's diagonal. */
  readonly damping: number;
  /** Steps of conjugate gradients; with none the answer is v. */
  readonly steps: number;
}

/**
 * ((1 + δ) I + ∇²L_support(φ) / λ)⁻¹ v for every task, by conjugate gradients from v on: only products of the Hessian with vectors are formed.
 *
 * Source: Rajeswaran et al. 2019 (arXiv:1909.04630), equation 6 and Algorithm 2.
 */
export function implicitGradient({ solution, losses, right, strength, damping, steps }: ImplicitSystem): LayerParams[] {
  const flat = solution.flatMap((layer) => Object.values(layer));
  const slope = grad(sumAll(losses), flat);
  const times = (vector: readonly Node[]) => {
    // Vectors are made of φ too, but a product with the Hessian takes them as they are.
    const curved = grad(slope.map((node, i) => sumAll(mul(node, stopGradient(vector[i])))).reduce(add), flat);
    return vector.map((node, i) => add(scale(node, 1 + damping), scale(curved[i], 1 / strength)));
  };
  const start = right.flatMap((layer) => Object.values(layer));
  let x = start;
  if (steps > 0) {
    const product = times(x);
    let residual = x.map((node, i) => sub(node, product[i]));
    let direction = residual;
    let square = dot(residual, residual);
    for (let step = 0; step < steps; step++) {
      const along = times(direction);
      const length = div(square, offset(dot(direction, along), TINY));
      x = plus(x, direction, length);
      residual = plus(residual, along, scale(length, -1));
      const next = dot(residual, residual);
      direction = plus(residual, direction, div(next, offset(square, TINY)));
      square = next;
    }
  }
  let next = 0;
  return solution.map((layer) => Object.fromEntries(Object.keys(layer).map((name) => [name, x[next++]])));
}

/** Every task's product of vectors, [T]. */
function dot(a: readonly Node[], b: readonly Node[]): Node {
  return a.map((node, i) => {
    const [tasks, ...rest] = node.shape;
    return reshape(sum(mul(node, b[i]), rest.map((_, axis) => axis + 1)), [tasks]);
  }).reduce(add);
}

/** a + w b, with a weight w [T] for every task. */
function plus(a: readonly Node[], b: readonly Node[], weights: Node): Node[] {
  return a.map((node, i) => {
    const fitting = reshape(weights, node.shape.map((extent, axis) => axis === 0 ? extent : 1));
    return add(node, mul(b[i], fitting));
  });
}
