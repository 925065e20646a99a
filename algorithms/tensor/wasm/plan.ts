/** Plans a program for the virtual machine: where values live, and which instructions compute them. */
import { isOp, type Node, sizeOf } from "../graph.ts";
import type { Program } from "../program.ts";
import { Arena } from "./arena.ts";
import { OPCODE, type Word } from "./encode.ts";
import { ownerOf, type Step } from "./step.ts";
import { keptNodes, stepsOf } from "./steps.ts";

/** Memory and instructions of a program. */
export interface Plan {
  readonly words: Uint32Array;
  /** Code of the generated functions that instructions call by number, from 1. */
  readonly functions: readonly (readonly number[])[];
  readonly at: (node: Node) => number;
  /** One past the last byte of all values. */
  readonly end: number;
}

/**
 * Gives every node an address and encodes the instructions. Leaves, constants, outputs and updates keep theirs for good (so that outputs can
 * be read after the run, and constants are filled once per run before use); others only while they are needed.
 */
export function planMemory(program: Program, base: number): Plan {
  const arena = new Arena(base);
  const address = new Map<Node, number>();
  const at = (node: Node) => address.get(ownerOf(node)) as number;
  const kept = keptNodes(program);
  const steps = stepsOf(program);
  const last = lastUses(steps);
  const words: number[] = [];
  const functions: (readonly number[])[] = [];
  const define = (code: readonly number[]) => functions.push(code);
  const emit = (opcode: number, operands: readonly Word[]) =>
    words.push(opcode, operands.length + 2, ...operands.map(bits));

  for (const node of program.nodes) {
    if (isOp(node, "input") || isOp(node, "state")) address.set(node, arena.allocate(sizeOf(node.shape) * 4));
  }
  steps.forEach(({ outputs, inputs, encode }, position) => {
    const scratches: [start: number, bytes: number][] = [];
    const scratch = (bytes: number) => {
      const start = arena.allocate(bytes);
      scratches.push([start, bytes]);
      return start;
    };
    for (const node of outputs) address.set(node, arena.allocate(sizeOf(node.shape) * 4));
    encode({ at, scratch, define, emit });
    for (const [start, bytes] of scratches) arena.release(start, bytes);
    for (const used of new Set([...outputs, ...inputs].map(ownerOf))) {
      const persistent = used.op === "input" || used.op === "state" || kept.has(used);
      if (last.get(used) === position && !persistent) arena.release(at(used), sizeOf(used.shape) * 4);
    }
  });
  emitUpdates(program, at, emit, (bytes) => arena.allocate(bytes));
  return { words: Uint32Array.from(words), functions, at, end: arena.end };
}

/** For every value, the last step that writes or reads its storage. */
function lastUses(steps: readonly Step[]): Map<Node, number> {
  const last = new Map<Node, number>();
  steps.forEach(({ outputs, inputs }, position) => {
    for (const node of [...outputs, ...inputs]) last.set(ownerOf(node), position);
  });
  return last;
}

/** States change together: a value that is itself another state is saved first. */
function emitUpdates(
  program: Program,
  at: (node: Node) => number,
  emit: (opcode: number, operands: readonly Word[]) => void,
  allocate: (bytes: number) => number,
): void {
  const sources = program.updates.map(({ value }) => {
    if (ownerOf(value).op !== "state") return at(value);
    const copy = allocate(sizeOf(value.shape) * 4);
    emit(OPCODE.copy, [copy, at(value), sizeOf(value.shape)]);
    return copy;
  });
  program.updates.forEach(({ state, value, rows }, index) => {
    if (rows === undefined) emit(OPCODE.copy, [at(state), sources[index], sizeOf(value.shape)]);
    else emit(OPCODE.putRows, [at(state), sources[index], at(rows), value.shape[0], sizeOf(value.shape.slice(1))]);
  });
}

const converter = new DataView(new ArrayBuffer(4));

function bits(word: Word): number {
  if (typeof word === "number") return word;
  converter.setFloat32(0, word.float, true);
  return converter.getUint32(0, true);
}
