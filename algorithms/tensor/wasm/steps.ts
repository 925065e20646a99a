/** What a program computes, step by step: one primitive, or several that a kernel computes at once. */
import { isOp, type Node, type NodeOf, type PrimitiveName } from "../graph.ts";
import type { Program } from "../program.ts";
import { convolutionOf } from "./convolution.ts";
import { encoders, type Places } from "./encode.ts";
import { fuseLoops, scheduled } from "./loops.ts";
import { ownerOf, type Step } from "./step.ts";

/** The nodes that are read after the run. */
export function keptNodes(program: Program): Set<Node> {
  return new Set([...Object.values(program.outputs), ...program.updates.map(({ value }) => value)].map(ownerOf));
}

/** The steps of a program, operands first; leaves and aliases take none, and neither do values that only steps which compute them anew need. */
export function stepsOf(program: Program): Step[] {
  const users = new Map<Node, Node[]>();
  for (const node of program.nodes) {
    if (ownerOf(node) !== node) continue;
    for (const input of new Set(node.inputs.map(ownerOf))) users.set(input, [...users.get(input) ?? [], node]);
  }
  const kept = keptNodes(program);
  const soleUser = (node: Node) =>
    kept.has(node) ? undefined : users.get(node)?.length === 1 ? users.get(node)?.[0] : undefined;
  const fused = new Map<Node, Step>();
  for (const node of program.nodes) {
    const step = convolutionOf(node, soleUser);
    if (step !== undefined) fused.set(node, step);
  }
  // From the last to the first: a value is computed if a later step reads it.
  const needed = new Set(kept);
  const steps: Step[] = [];
  for (const node of program.nodes.toReversed()) {
    if (isLeaf(node) || ownerOf(node) !== node || !needed.has(node)) continue;
    const step = fused.get(node) ?? primitive(node);
    for (const input of step.inputs) needed.add(ownerOf(input));
    steps.push(step);
  }
  const order = steps.reverse();
  return scheduled(fuseLoops(order, kept), order.map(({ outputs: [node] }) => node));
}

function isLeaf(node: Node): boolean {
  return isOp(node, "input") || isOp(node, "state");
}

function primitive(node: Node): Step {
  const encode = encoders[node.op] as (node: NodeOf<PrimitiveName>, places: Places) => void;
  return { outputs: [node], inputs: node.inputs, encode: (places) => encode(node, places) };
}
