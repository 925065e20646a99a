/** What a program is computed in: steps over values that may share storage. */
import { isOp, type Node } from "../graph.ts";
import type { Places } from "./encode.ts";

/** A part of a program that is computed at once. */
export interface Step {
  /** Values it writes. */
  readonly outputs: readonly Node[];
  /** Values it reads. */
  readonly inputs: readonly Node[];
  /** Emits its instructions. */
  readonly encode: (places: Places) => void;
}

/** The node whose storage a node shares. */
export function ownerOf(node: Node): Node {
  return isOp(node, "reshape") || isOp(node, "stopGradient") ? ownerOf(node.inputs[0]) : node;
}
