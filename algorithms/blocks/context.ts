/** Context vectors: a few numbers for each task, which are all of a network that a task adapts. */
import type { Model, ParameterSpec } from "../models/model.ts";
import { heNormal } from "../models/layers.ts";
import { grad } from "../tensor/grad.ts";
import type { Node } from "../tensor/graph.ts";
import { add, matmul, scale, sub, sumAll } from "../tensor/ops.ts";
import { type InnerLoop, mapParams } from "./inner_loop.ts";
import type { Params } from "./network.ts";

/** What context vectors do to a network. */
export interface Context {
  /** C: numbers of a task's context vector. */
  readonly size: number;
  /** The parameters under context vectors [T, 1, C]. */
  apply(params: Params, vectors: Node): Params;
}

/** Parameters of a layer that context vectors add to: all but the weights. */
function isOffset(name: string): boolean {
  return !name.startsWith("weight");
}

function specName(parameter: string): string {
  return `context.${parameter}`;
}

/**
 * Weights [1, C, F] from context vectors to what the first layer adds, or scales by, after its weights: its bias; or its norm's γ and β.
 */
export function contextWeights(model: Model, size: number): ParameterSpec[] {
  const { parameters } = model.layers[0];
  const inputs = parameters.find(({ name }) => !isOffset(name))?.shape[0] ?? 0;
  return parameters.filter(({ name }) => isOffset(name)).map(({ name, shape: [, width] }) => ({
    name: specName(name),
    shape: [1, size, width],
    // As PyTorch starts a layer whose inputs these are, uniform within ±1 / √inputs, but for the distribution.
    init: heNormal(name === "bias" ? inputs + size : size, 1 / 3),
  }));
}

/** The context that such weights make: b + φ W, which for a bias is what further inputs φ of the layer are; γ + φ W and β + φ W. */
export function contextOf(meta: Readonly<Record<string, Node>>, size: number): Context {
  return {
    size,
    apply: (params, vectors) =>
      params.map((own, index) =>
        index > 0 ? own : mapParams(own, (node, name) => {
          return isOffset(name) ? add(node, matmul(vectors, meta[specName(name)])) : node;
        })
      ),
  };
}

/** What an adaptation of contexts needs. */
export interface ContextLoop extends Pick<InnerLoop, "network" | "params" | "support" | "innerSteps" | "lossPerTask"> {
  readonly context: Context;
  /** α */
  readonly rate: number;
}

/**
 * The parameters under φ_0 = 0, φ_1, ..., φ_S with φ_{s+1} = φ_s − α ∇_φ L_support(φ_s), for every task at once. Differentiation sees through it.
 *
 * Source: Zintgraf et al. 2019 (arXiv:1810.03642), equation 3 and Algorithm 1, line 6.
 */
export function contextTrajectory(loop: ContextLoop): Params[] {
  const { network, params, context, support, rate, lossPerTask } = loop;
  let vectors = support.x.graph.constant(0, [support.x.shape[0], 1, context.size]);
  const passed = [context.apply(params, vectors)];
  for (let step = 0; step < loop.innerSteps; step++) {
    const losses = lossPerTask(network.outputs(passed[step], support.x), support.y);
    const [slope] = grad(sumAll(losses), [vectors]);
    vectors = sub(vectors, scale(slope, rate));
    passed.push(context.apply(params, vectors));
  }
  return passed;
}
