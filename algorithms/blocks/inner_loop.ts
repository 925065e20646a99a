/** Adaptation by gradient descent inside a graph: the inner loop of the MAML family, and fine-tuning of any trained state. */
import { grad } from "../tensor/grad.ts";
import type { Node } from "../tensor/graph.ts";
import { broadcastTo, scale, stopGradient, sub, sumAll } from "../tensor/ops.ts";
import type { Examples } from "./examples.ts";
import { forward, type LayerParams, type Model } from "../models/model.ts";

/** What an adaptation needs. */
export interface InnerLoop {
  readonly model: Model;
  /** θ: one entry per layer, leading axis 1 or T. */
  readonly params: readonly LayerParams[];
  readonly support: Examples;
  /** Per layer: whether the inner loop changes it. */
  readonly mask: readonly boolean[];
  /** α */
  readonly innerLr: number;
  /** S */
  readonly innerSteps: number;
  readonly lossPerTask: (prediction: Node, target: Node) => Node;
  /** Differentiate through the inner gradients (second order) or hold them constant. */
  readonly secondOrder: boolean;
}

/**
 * θ_0, θ_1, ..., θ_S with θ_{s+1} = θ_s − α ∇L_support(θ_s) on the masked layers, for every task at once.
 *
 * Masked layers get leading axis T; the others stay as they are. The support losses are summed over tasks, so each task's parameters see
 * the gradient of their own mean support loss alone.
 *
 * Source: Finn et al. 2017 (arXiv:1703.03400), Algorithm 1, line 6; the masks are those of ANIL (Raghu et al. 2020) and BOIL (Oh et al. 2021).
 */
export function adapt(loop: InnerLoop): (readonly LayerParams[])[] {
  const tasks = loop.support.x.shape[0];
  let params = loop.params.map((layer, index) =>
    loop.mask[index] ? mapParams(layer, (node) => broadcastTo(node, [tasks, ...node.shape.slice(1)])) : layer
  );
  const trajectory: (readonly LayerParams[])[] = [params];
  for (let step = 0; step < loop.innerSteps; step++) {
    const loss = sumAll(loop.lossPerTask(forward(loop.model, params, loop.support.x), loop.support.y));
    const adapted = params.filter((_, index) => loop.mask[index]);
    const gradients = layerGradients(loss, adapted);
    let next = 0;
    params = params.map((layer, index) => {
      if (!loop.mask[index]) return layer;
      const gradient = gradients[next++];
      return mapParams(layer, (node, name) => {
        const g = loop.secondOrder ? gradient[name] : stopGradient(gradient[name]);
        return sub(node, scale(g, loop.innerLr)); // θ − α∇L
      });
    });
    trajectory.push(params);
  }
  return trajectory;
}

/** The gradient of a scalar with respect to layers of parameters, in their structure. */
export function layerGradients(loss: Node, layers: readonly LayerParams[]): LayerParams[] {
  const flat = grad(loss, layers.flatMap((layer) => Object.values(layer)));
  let next = 0;
  return layers.map((layer) => mapParams(layer, () => flat[next++]));
}

/** Applies f to every parameter of a layer, in the layer's order. */
export function mapParams(layer: LayerParams, f: (node: Node, name: string) => Node): LayerParams {
  return Object.fromEntries(Object.entries(layer).map(([name, node]) => [name, f(node, name)]));
}
