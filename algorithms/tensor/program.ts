/** A program: what a backend compiles once and runs many times. */
import { isOp, type Node, type NodeOf, reachable } from "./graph.ts";
import { flopsOf } from "./primitives.ts";
import { simplify } from "./simplify.ts";

/** Replaces a state after a run: wholly, or only the rows at `rows` (indices [T], without repeats). */
export interface Update {
  readonly state: Node;
  readonly value: Node;
  readonly rows?: Node;
}

/** What a program is asked for. */
export interface ProgramRequest {
  /** Values to read after a run, by name. */
  readonly outputs: Readonly<Record<string, Node>>;
  /** State changes, which take effect together after the run. */
  readonly updates?: readonly Update[];
}

/** A program ready to be compiled. */
export interface Program {
  /** All needed nodes, operands first. */
  readonly nodes: readonly Node[];
  readonly inputs: readonly NodeOf<"input">[];
  readonly states: readonly NodeOf<"state">[];
  readonly outputs: Readonly<Record<string, Node>>;
  readonly updates: readonly Update[];
  /** Floating-point operations of one run, counted from the operations executed. */
  readonly flops: number;
}

/** Collects what the request needs, after algebraic simplification (see `simplify.ts`); nothing else is ever executed. */
export function program(request: ProgramRequest): Program {
  const names = Object.keys(request.outputs);
  const updates = request.updates ?? [];
  const asked = [
    ...names.map((name) => request.outputs[name]),
    ...updates.flatMap((update) => [update.state, update.value, ...(update.rows ? [update.rows] : [])]),
  ];
  const simple = simplify(asked);
  const found = (node: Node) => simple.get(node.id) as Node;
  const nodes = reachable(asked.map(found));
  return {
    nodes,
    inputs: nodes.filter((node) => isOp(node, "input")),
    states: nodes.filter((node) => isOp(node, "state")),
    outputs: Object.fromEntries(names.map((name) => [name, found(request.outputs[name])])),
    updates: updates.map(({ state, value, rows }) => ({
      state: found(state),
      value: found(value),
      ...(rows ? { rows: found(rows) } : {}),
    })),
    flops: nodes.reduce((total, node) => total + flopsOf(node), 0),
  };
}
