/** Algebraic simplification of a graph before it is compiled: the same values for fewer operations. */
import { Graph, isOp, type Node, reachable } from "./graph.ts";

/**
 * Rebuilds everything that `roots` need in a new graph.
 *
 * @returns the new node for every needed old node's id
 */
export function simplify(roots: readonly Node[]): ReadonlyMap<number, Node> {
  const graph = new Graph();
  const rebuilt = new Map<number, Node>();
  for (const node of reachable(roots)) {
    const inputs = node.inputs.map((input) => rebuilt.get(input.id) as Node);
    rebuilt.set(node.id, rebuild(graph, node, inputs));
  }
  return rebuilt;
}

function rebuild(graph: Graph, node: Node, inputs: readonly Node[]): Node {
  if (isOp(node, "stopGradient")) return inputs[0];
  return graph.node(node.op, inputs, node.shape, node.attributes);
}
