/** Reverse-mode differentiation, graph to graph: the result is made of ordinary nodes and can be differentiated again. */
import { type Node, type PrimitiveName, sameShape } from "./graph.ts";
import { add, zerosLike } from "./ops.ts";
import { primitives, type Rule } from "./primitives.ts";

/**
 * The gradient of a scalar: ∂y/∂x for every x of `wrt`, in their order and shapes.
 *
 * `wrt` may be any nodes, not only leaves: what lies before them is not looked at. An x that y does not depend on gets zeros.
 *
 * @param y a node with one element
 * @throws when y has more than one element
 */
export function grad(y: Node, wrt: readonly Node[]): Node[] {
  if (y.shape.some((extent) => extent !== 1)) {
    throw new Error(`internal: grad of a tensor of shape [${y.shape.join(", ")}]`);
  }
  return vjp(y, y.graph.constant(1, y.shape), wrt);
}

/** The vector-Jacobian product: cotangent (y's shape) -> Σ cotangent · ∂y/∂x for every x of `wrt`. */
export function vjp(y: Node, cotangent: Node, wrt: readonly Node[]): Node[] {
  const dependent = dependentNodes(y, wrt);
  const cotangents = new Map<number, Node>([[y.id, cotangent]]);
  const stops = new Set(wrt.map((x) => x.id));
  const nodes = y.graph.nodes;
  // Operands have smaller ids, so descending ids visit a node only after all its users. New nodes come after y and are not visited.
  for (let id = y.id; id >= 0; id--) {
    const g = cotangents.get(id);
    if (g === undefined || !dependent[id]) continue;
    const node = nodes[id];
    if (!node.inputs.some((input) => dependent[input.id])) continue;
    const rule = primitives[node.op] as Rule<PrimitiveName>;
    const contributions = rule.vjp(node, g);
    node.inputs.forEach((input, position) => {
      const contribution = contributions[position];
      if (contribution === undefined || !dependent[input.id]) return;
      if (!sameShape(contribution.shape, input.shape)) {
        throw new Error(
          `internal: the gradient of ${node.op} has shape [${contribution.shape}] for an operand [${input.shape}]`,
        );
      }
      const known = cotangents.get(input.id);
      cotangents.set(input.id, known === undefined ? contribution : add(known, contribution));
    });
    if (!stops.has(id)) cotangents.delete(id);
  }
  return wrt.map((x) => cotangents.get(x.id) ?? zerosLike(x));
}

/** Marks the nodes up to y that depend on any of `wrt`, those included. */
function dependentNodes(y: Node, wrt: readonly Node[]): Uint8Array {
  const dependent = new Uint8Array(y.id + 1);
  for (const x of wrt) if (x.id <= y.id) dependent[x.id] = 1;
  for (let id = 0; id <= y.id; id++) {
    if (dependent[id] || y.graph.nodes[id].op === "stopGradient") continue;
    if (y.graph.nodes[id].inputs.some((input) => dependent[input.id])) dependent[id] = 1;
  }
  return dependent;
}
