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

/** The program of a request, after algebraic simplification (see `simplify.ts`). */
export function program(request: ProgramRequest): Program {
  const simple = simplify(rootsOf(request));
  const found = (node: Node) => simple.get(node.id) as Node;
  return assemble({
    outputs: Object.fromEntries(Object.entries(request.outputs).map(([name, node]) => [name, found(node)])),
    updates: request.updates?.map(({ state, value, rows }) => ({
      state: found(state),
      value: found(value),
      ...(rows ? { rows: found(rows) } : {}),
    })),
  });
}

/** Collects what the request needs, as it stands; nothing else is ever executed. */
export function assemble(request: ProgramRequest): Program {
  const nodes = reachable(rootsOf(request));
  return {
    nodes,
    inputs: nodes.filter((node) => isOp(node, "input")),
    states: nodes.filter((node) => isOp(node, "state")),
    outputs: request.outputs,
    updates: request.updates ?? [],
    flops: nodes.reduce((total, node) => total + flopsOf(node), 0),
  };
}

function rootsOf({ outputs, updates = [] }: ProgramRequest): Node[] {
  return [
    ...Object.values(outputs),
    ...updates.flatMap(({ state, value, rows }) => rows === undefined ? [state, value] : [state, value, rows]),
  ];
}
