/**
 * Which elementwise operations and sums run in which loop.
 *
 * A loop passes once over one space and computes everything of one level there. Levels see to it that nothing else of the program lies
 * between the values of a loop: reading a value of the same space, place by place, stays on its level, any other reading is one level up.
 * Values that few operations give from one operand of full size are computed anew by every loop that uses them instead of being written.
 */
import { isOp, type Node, sameShape, sizeOf } from "../graph.ts";
import { OPCODE } from "./encode.ts";
import { isElementwise, type Loop, loopCode, readsOf, sourceOf, spaceOf } from "./loop_code.ts";
import { ownerOf, type Step } from "./step.ts";

/** Operations up to which a value is rather computed anew than read. */
const CHEAP = 8;

/** Operands of full size from which a value is written, so that not all need be in memory at once; fewer where they are large together. */
const MANY = 8;
const SOME = 3;

/** Elements of operands that are large together. */
const LARGE = 2 ** 22;

/** Elements of a space up to which all values of a level share a loop, related or not. */
const SMALL = 8192;

/**
 * Puts elementwise operations and sums into loops.
 *
 * @param steps one per value, operands first
 * @param kept values that are read after the run
 */
export function fuseLoops(steps: readonly Step[], kept: ReadonlySet<Node>): Step[] {
  const stored = storedValues(steps, kept);
  const { named, closed } = namedValues(steps, stored);
  const loops = groupsOf(steps, named, closed).map((members): Loop => ({
    space: spaceOf(members[0]),
    written: members.filter(isElementwise),
    sums: members.filter((node) => isOp(node, "sum")),
    computes: (node) => isElementwise(node) && (!named.has(node) || members.includes(node)),
  }));
  const read = new Set([...stored, ...loops.flatMap(readsOf)]);
  const others = steps.filter(({ outputs: [node] }) => !isLooped(node) && (!isFree(node) || stored.has(node)));
  return [
    ...others,
    ...loops.map((loop) => loopStep({ ...loop, written: loop.written.filter((node) => read.has(node)) })),
  ];
}

function loopStep(loop: Loop): Step {
  return {
    outputs: [...loop.written, ...loop.sums as readonly Node[]],
    inputs: readsOf(loop),
    encode: ({ at, define, emit }) => emit(OPCODE.loop, [define(loopCode(loop, at))]),
  };
}

function isLooped(node: Node): boolean {
  return isElementwise(node) || isOp(node, "sum");
}

/** Whether loops read a value without its being there. */
function isFree(node: Node): boolean {
  return isOp(node, "constant") || isOp(node, "broadcast");
}

/** Whether a loop over `space` reads a value place by place as a result of its own kind. */
function isInner(source: Node, space: readonly number[]): boolean {
  return isElementwise(source) && sameShape(source.shape, space);
}

/** Values that must be in memory: kept ones, and those that are not read place by place by a loop over their own space. */
function storedValues(steps: readonly Step[], kept: ReadonlySet<Node>): Set<Node> {
  const stored = new Set(kept);
  for (const { outputs: [node], inputs } of steps.toReversed()) {
    if (isFree(node) && !stored.has(node)) continue;
    for (const input of inputs) {
      const source = isLooped(node) ? sourceOf(input) : input;
      if (isLooped(node) && (isOp(source, "constant") || isInner(source, spaceOf(node)))) continue;
      stored.add(ownerOf(source));
    }
  }
  return stored;
}

/** Elementwise values by how they are computed. */
interface Named {
  /** Computed once: those that are stored, that several others use and that are not cheap, or that are closed. */
  readonly named: ReadonlySet<Node>;
  /** What reads them is in another loop. */
  readonly closed: ReadonlySet<Node>;
}

function namedValues(steps: readonly Step[], stored: ReadonlySet<Node>): Named {
  const looped = steps.map(({ outputs: [node] }) => node).filter(isLooped);
  const users = new Map<Node, number>();
  for (const node of looped) {
    for (const source of new Set(node.inputs.map(sourceOf))) users.set(source, (users.get(source) ?? 0) + 1);
  }
  const named = new Set<Node>();
  const closed = new Set<Node>();
  /** What it takes to compute a value anew: operands of full size, and operations. */
  const needs = new Map<Node, { readonly operands: ReadonlySet<Node>; readonly operations: number }>();
  for (const node of looped.filter(isElementwise)) {
    const operands = new Set<Node>();
    let operations = 1;
    for (const source of node.inputs.map(sourceOf)) {
      const inner = named.has(source) ? undefined : needs.get(source);
      if (inner !== undefined && sameShape(source.shape, node.shape)) {
        inner.operands.forEach((operand) => operands.add(operand));
        operations += inner.operations;
      } else if (sizeOf(source.shape) === sizeOf(node.shape)) operands.add(source);
    }
    needs.set(node, { operands, operations });
    const shared = (users.get(node) ?? 0) > 1 && (operands.size > 1 || operations > CHEAP);
    const large = operands.size * sizeOf(node.shape) >= LARGE;
    if (operands.size >= (large ? SOME : MANY)) closed.add(node);
    if (stored.has(node) || shared || closed.has(node)) named.add(node);
  }
  return { named, closed };
}

/** Named values and sums, grouped by loop. */
function groupsOf(steps: readonly Step[], named: ReadonlySet<Node>, closed: ReadonlySet<Node>): Node[][] {
  const levels = levelsOf(steps, closed);
  const groups = new Map<string, Node[]>();
  const members = new Map<Node, Node[]>();
  for (const { outputs: [node] } of steps) {
    if (!named.has(node) && !isOp(node, "sum")) continue;
    const space = spaceOf(node);
    const key = `${space}@${levels.get(node)}`;
    // Everything that this value shares a loop with: what it is computed from, and what reads the same operands.
    const links = sizeOf(space) <= SMALL ? [key] : operandsOf(node, named).map(({ id }) => `${key}#${id}`);
    const joined = [
      ...new Set(links.flatMap((link) => groups.get(link) ?? []).map((other) => members.get(other) as Node[])),
    ];
    const group = [...joined.flat(), node];
    for (const other of group) members.set(other, group);
    if (named.has(node)) links.push(`${key}#${node.id}`);
    for (const link of links) groups.set(link, group);
  }
  return [...new Set(members.values())];
}

/** Named values and values of full size that a value is computed from in its own loop. */
function operandsOf(node: Node, named: ReadonlySet<Node>): Node[] {
  const space = spaceOf(node);
  return node.inputs.map(sourceOf).flatMap((source) => {
    if (isInner(source, space) && !named.has(source)) return operandsOf(source, named);
    return sizeOf(source.shape) === sizeOf(space) ? [source] : [];
  });
}

/** The level of every value; leaves are on level 0. */
function levelsOf(steps: readonly Step[], closed: ReadonlySet<Node>): ReadonlyMap<Node, number> {
  const levels = new Map<Node, number>();
  for (const { outputs: [node], inputs } of steps) {
    const reached = inputs.map((input) => {
      const source = isLooped(node) ? sourceOf(input) : input;
      const inner = isLooped(node) && isInner(source, spaceOf(node)) && !closed.has(source);
      return (levels.get(ownerOf(source)) ?? 0) + (inner ? 0 : 1);
    });
    levels.set(node, Math.max(0, ...reached));
  }
  return levels;
}

/** Puts steps into an order in which everything is computed before it is read, as near the given order of values as that allows. */
export function scheduled(steps: readonly Step[], order: readonly Node[]): Step[] {
  const position = new Map(order.map((node, index) => [node, index]));
  const writer = new Map(steps.flatMap((step) => step.outputs.map((node) => [node, step] as const)));
  const first = ({ outputs }: Step) => Math.min(...outputs.map((node) => position.get(node) as number));
  const done = new Set<Step>();
  const result: Step[] = [];
  const visit = (step: Step) => {
    if (done.has(step)) return;
    done.add(step);
    for (const input of step.inputs) {
      const before = writer.get(ownerOf(input));
      if (before !== undefined) visit(before);
    }
    result.push(step);
  };
  steps.map((step) => ({ step, at: first(step) })).sort((a, b) => a.at - b.at).forEach(({ step }) => visit(step));
  return result;
}
