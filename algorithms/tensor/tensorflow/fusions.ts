/** Elementwise operations that take fewer passes over memory than their primitives: on large tensors, passes are what they cost. */
import { isOp, type Node, sameShape } from "../graph.ts";
import { broadcastShape } from "../ops.ts";
import type { Lowering } from "./graph_builder.ts";

/** g · step(x), the derivative of relu, as the one kernel that there is for it. */
export function reluGradientOf(node: Node): Lowering | undefined {
  if (!isOp(node, "mul")) return undefined;
  for (const [step, other] of [node.inputs, node.inputs.toReversed()]) {
    if (!isOp(step, "step") || !sameShape(step.shape, node.shape) || !sameShape(other.shape, node.shape)) continue;
    const [x] = step.inputs;
    return { reads: [other, x], add: (b, value) => b.float("ReluGrad", [value(other), value(x)]) };
  }
  return undefined;
}

const BINARY = {
  add: "AddV2",
  sub: "Sub",
  mul: "Mul",
  div: "RealDiv",
  maximum: "Maximum",
  minimum: "Minimum",
} as const;

/** An operation on repeated values, which the kernels repeat as they read them. */
export function unrepeatedOf(node: Node): Lowering | undefined {
  const op = BINARY[node.op as keyof typeof BINARY];
  if (op === undefined || !node.inputs.some((input) => isOp(input, "broadcast"))) return undefined;
  const narrow = node.inputs.map((input) => isOp(input, "broadcast") ? input.inputs[0] : input);
  // Where both repeat along one axis, one of them has to be made.
  const reads = sameShape(broadcastShape(narrow[0].shape, narrow[1].shape), node.shape)
    ? narrow
    : [narrow[0], node.inputs[1]];
  if (!sameShape(broadcastShape(reads[0].shape, reads[1].shape), node.shape)) return undefined;
  return { reads, add: (b, value) => b.float(op, reads.map(value)) };
}
