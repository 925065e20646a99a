/** One pass over an iteration space that computes many values: elementwise expressions in registers, sums on the way. */
import { isOp, type Node, type NodeOf, type PrimitiveName, sameShape, type Shape, sizeOf } from "../graph.ts";
import { broadcastStrides, collapse } from "../strides.ts";
import * as asm from "./assembler.ts";

/** Instructions of elementwise primitives on four lanes, after their operands. */
const instructions: { readonly [P in PrimitiveName]?: (node: NodeOf<P>) => asm.Code } = {
  scale: (node) => [...asm.splat(node.attributes.factor), ...asm.vector.mul],
  offset: (node) => [...asm.splat(node.attributes.addend), ...asm.vector.add],
  sqrt: () => asm.vector.sqrt,
  relu: () => [...asm.splat(0), ...asm.vector.notLess],
  step: () => [...asm.splat(0), ...asm.vector.greater, ...asm.splat(1), ...asm.vector.and],
  add: () => asm.vector.add,
  sub: () => asm.vector.sub,
  mul: () => asm.vector.mul,
  div: () => asm.vector.div,
  maximum: () => asm.vector.maximum,
  minimum: () => asm.vector.minimum,
  select: () => [...asm.splat(0), ...asm.vector.greater, ...asm.vector.and],
};

/** Whether a loop can compute a node elementwise. */
export function isElementwise(node: Node): boolean {
  return instructions[node.op] !== undefined;
}

/** The space that a loop over a node runs through. */
export function spaceOf(node: Node): Shape {
  return isOp(node, "sum") ? node.inputs[0].shape : node.shape;
}

/** What one loop computes. */
export interface Loop {
  readonly space: Shape;
  /** Elementwise values that are written, in this space. */
  readonly written: readonly Node[];
  /** Sums over axes of this space. */
  readonly sums: readonly NodeOf<"sum">[];
  /** Whether the loop computes a value of its space itself; others are read. */
  readonly computes: (node: Node) => boolean;
}

/** The values that a loop reads. */
export function readsOf(loop: Loop): Node[] {
  const read = new Set<Node>();
  const seen = new Set<Node>();
  const visit = (node: Node) => {
    if (seen.has(node)) return;
    seen.add(node);
    const source = sourceOf(node);
    if (isOp(source, "constant")) return;
    if (source === node && sameShape(node.shape, loop.space) && loop.computes(node)) node.inputs.forEach(visit);
    else read.add(source);
  };
  for (const node of loop.written) node.inputs.forEach(visit);
  for (const node of loop.sums) visit(node.inputs[0]);
  return [...read];
}

/** What stands behind a repeated value. */
export function sourceOf(node: Node): Node {
  return isOp(node, "broadcast") ? sourceOf(node.inputs[0]) : node;
}

/** The function that runs a loop; `at` gives byte addresses. */
export function loopCode(loop: Loop, at: (node: Node) => number): number[] {
  return new Writer(loop, at).code();
}

/** Operands whose addresses move alike share one offset; strides are in elements, per axis. */
interface Walk {
  readonly strides: readonly number[];
  readonly local: number;
}

class Writer {
  readonly #loop: Loop;
  readonly #at: (node: Node) => number;
  readonly #extents: readonly number[];
  readonly #walks: readonly Walk[];
  readonly #walkOf: ReadonlyMap<Node, Walk>;
  readonly #uses = new Map<Node, number>();
  readonly #integers: number;
  #vectors = 0;
  /** Vectors that hold a value during one pass of the inner loop, resp. throughout it. */
  #known = new Map<Node, number>();
  readonly #hoisted = new Map<Node, number>();
  readonly #totals = new Map<Node, number>();

  constructor(loop: Loop, at: (node: Node) => number) {
    this.#loop = loop;
    this.#at = at;
    const operands = [...new Set([...readsOf(loop), ...loop.written, ...loop.sums as readonly Node[]])];
    const space = collapse({ extents: loop.space, strides: operands.map(({ shape }) => broadcastStrides(shape)) });
    this.#extents = space.extents;
    const walks = new Map<string, Walk>();
    const counters = space.extents.length;
    operands.forEach((_, index) => {
      const strides = space.strides[index];
      const key = strides.join();
      if (!walks.has(key)) walks.set(key, { strides, local: counters + walks.size });
    });
    this.#walks = [...walks.values()];
    this.#walkOf = new Map(operands.map((node, index) => [node, walks.get(space.strides[index].join()) as Walk]));
    this.#integers = counters + walks.size;
    this.#countUses();
  }

  code(): number[] {
    const cleared = this.#loop.sums.flatMap((node) => asm.clear(this.#at(node as Node), sizeOf(node.shape) * 4));
    const body = this.#axis(0);
    return asm.withLocals(this.#integers, this.#vectors, [...cleared, ...body]);
  }

  #countUses(): void {
    const count = (node: Node) => {
      const uses = (this.#uses.get(node) ?? 0) + 1;
      this.#uses.set(node, uses);
      if (uses === 1 && this.#isComputed(node)) node.inputs.forEach((input) => count(sourceOf(input)));
    };
    for (const node of this.#loop.written) count(node);
    for (const node of this.#loop.sums) count(sourceOf(node.inputs[0]));
  }

  #isComputed(node: Node): boolean {
    return sameShape(node.shape, this.#loop.space) && isElementwise(node) && this.#loop.computes(node);
  }

  #newVector(): number {
    return this.#integers + this.#vectors++;
  }

  #axis(axis: number): number[] {
    if (axis === this.#extents.length - 1) return this.#inner(axis);
    const body = this.#axis(axis + 1);
    const moves = this.#walks.flatMap(({ strides, local }) =>
      asm.advance(local, 4 * (strides[axis] - this.#extents[axis + 1] * strides[axis + 1]))
    );
    return asm.repeat(axis, this.#extents[axis], [...body, ...moves]);
  }

  /** The innermost axis: four elements at a time, then the rest one by one. */
  #inner(axis: number): number[] {
    const whole = Math.floor(this.#extents[axis] / 4);
    const rest = this.#extents[axis] % 4;
    const before: number[] = [];
    for (const [node, walk] of this.#walkOf) {
      if (walk.strides[axis] !== 0 || this.#loop.sums.includes(node as NodeOf<"sum">)) continue;
      const local = this.#newVector();
      this.#hoisted.set(node, local);
      before.push(...asm.get(walk.local), ...asm.loadSplat(this.#at(node)), ...asm.set(local));
    }
    const rowSums = this.#loop.sums.filter((node) => this.#walkOf.get(node as Node)?.strides[axis] === 0);
    const after = rowSums.flatMap((node) => {
      const [lanes, single] = [this.#newVector(), this.#newVector()];
      this.#totals.set(node as Node, lanes);
      before.push(...asm.splat(0), ...asm.tee(lanes), ...asm.set(single));
      const { local } = this.#walkOf.get(node as Node) as Walk;
      const pick = (index: number) => [...asm.get(lanes), ...asm.lane(index)];
      const total = [
        ...[...pick(0), ...pick(1), ...asm.addScalar, ...pick(2), ...pick(3), ...asm.addScalar, ...asm.addScalar],
        ...[...asm.get(single), ...asm.lane(0), ...asm.addScalar],
      ];
      const address = this.#at(node as Node);
      return [
        ...[...asm.get(local), ...asm.get(local), ...asm.loadScalar(address), ...total, ...asm.addScalar],
        ...asm.storeScalar(address),
      ];
    });
    const pass = (single: boolean) => [
      ...this.#pass(axis, single),
      ...this.#walks.flatMap(({ strides, local }) => asm.advance(local, strides[axis] * (single ? 4 : 16))),
    ];
    return [
      ...before,
      ...(whole > 0 ? asm.repeat(axis, whole, pass(false)) : []),
      ...(rest > 0 ? asm.repeat(axis, rest, pass(true)) : []),
      ...after,
    ];
  }

  /** The body for four elements, or for a single one that is on all lanes. */
  #pass(axis: number, single: boolean): number[] {
    this.#known = new Map(this.#hoisted);
    const code: number[] = [];
    const put = (node: Node, value: asm.Code, add: boolean) => {
      const { local } = this.#walkOf.get(node) as Walk;
      const address = this.#at(node);
      const from = single ? asm.loadSplat(address) : asm.load(address);
      const sum = add ? [...asm.get(local), ...from, ...value, ...asm.vector.add] : value;
      code.push(...asm.get(local), ...sum, ...(single ? asm.storeFirst(address) : asm.store(address)));
    };
    for (const node of this.#loop.written) put(node, this.#value(node, single), false);
    for (const node of this.#loop.sums as readonly Node[]) {
      const value = this.#value(node.inputs[0], single);
      if (this.#walkOf.get(node)?.strides[axis] !== 0) put(node, value, true);
      else {
        const total = (this.#totals.get(node) as number) + Number(single);
        code.push(...asm.get(total), ...value, ...asm.vector.add, ...asm.set(total));
      }
    }
    return code;
  }

  /** Code that leaves a value on the stack; values used more than once stay in a local. */
  #value(used: Node, single: boolean): number[] {
    const node = sourceOf(used);
    const known = this.#known.get(node);
    if (known !== undefined) return asm.get(known);
    if (isOp(node, "constant")) return asm.splat(node.attributes.value);
    const code: number[] = [];
    if (this.#isComputed(node)) {
      const instruction = instructions[node.op] as (node: Node) => asm.Code;
      for (const input of node.inputs) code.push(...this.#value(input, single));
      code.push(...instruction(node));
    } else {
      const address = this.#at(node);
      const { local } = this.#walkOf.get(node) as Walk;
      code.push(...asm.get(local), ...(single ? asm.loadSplat(address) : asm.load(address)));
    }
    if ((this.#uses.get(node) ?? 0) < 2) return code;
    const local = this.#newVector();
    this.#known.set(node, local);
    return [...code, ...asm.tee(local)];
  }
}
