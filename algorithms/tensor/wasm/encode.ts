/** One instruction of the virtual machine per primitive: an exhaustive table from nodes to words. */
import type { Attributes, Node, NodeOf, PrimitiveName } from "../graph.ts";
import { samePadded } from "../ops.ts";
import { sizeOf } from "../graph.ts";
import { broadcastStrides, collapse, stridesOf } from "../strides.ts";

/** Opcodes of kernels/index.ts. */
export const OPCODE = {
  fill: 0,
  copy: 1,
  unary: 2,
  binary: 3,
  binaryStrided: 4,
  sum: 5,
  maxLast: 6,
  matmul: 7,
  stridedCopy: 8,
  im2col: 9,
  col2im: 10,
  takeRows: 11,
  putRows: 12,
  convolve: 13,
  filterGradient: 14,
  imageGradient: 15,
} as const;

const UNARY = { scale: 0, offset: 1, exp: 2, log: 3, sqrt: 4, tanh: 5, relu: 6, step: 7 } as const;
const BINARY = { add: 0, sub: 1, mul: 2, div: 3, maximum: 4, minimum: 5 } as const;

/** Axes that the strided kernels loop over. */
const RANK = 4;

/** An operand of an instruction: an integer word, or a float32 stored in one. */
export type Word = number | { readonly float: number };

/** Where things are while a node is encoded. */
export interface Places {
  /** Byte address of a node's value. */
  readonly at: (node: Node) => number;
  /** Reserves bytes that are free again after this node, and returns their address. */
  readonly scratch: (bytes: number) => number;
  /** Appends an instruction. */
  readonly emit: (opcode: number, words: readonly Word[]) => void;
}

type Encoder<P extends PrimitiveName> = (node: NodeOf<P>, places: Places) => void;

const nothing = () => {};

/** Encoders of all primitives. */
export const encoders: { readonly [P in PrimitiveName]: Encoder<P> } = {
  input: nothing,
  state: nothing,
  constant: (node, { at, emit }) =>
    emit(OPCODE.fill, [at(node as Node), sizeOf(node.shape), { float: node.attributes.value }]),
  scale: (node, places) => unary(node as Node, UNARY.scale, places, node.attributes.factor),
  offset: (node, places) => unary(node as Node, UNARY.offset, places, node.attributes.addend),
  exp: (node, places) => unary(node as Node, UNARY.exp, places),
  log: (node, places) => unary(node as Node, UNARY.log, places),
  sqrt: (node, places) => unary(node as Node, UNARY.sqrt, places),
  tanh: (node, places) => unary(node as Node, UNARY.tanh, places),
  relu: (node, places) => unary(node as Node, UNARY.relu, places),
  step: (node, places) => unary(node as Node, UNARY.step, places),
  add: (node, places) => binary(node as Node, BINARY.add, places),
  sub: (node, places) => binary(node as Node, BINARY.sub, places),
  mul: (node, places) => binary(node as Node, BINARY.mul, places),
  div: (node, places) => binary(node as Node, BINARY.div, places),
  maximum: (node, places) => binary(node as Node, BINARY.maximum, places),
  minimum: (node, places) => binary(node as Node, BINARY.minimum, places),
  sum: sum,
  maxLast(node, { at, emit }) {
    const n = node.inputs[0].shape[node.inputs[0].shape.length - 1];
    emit(OPCODE.maxLast, [at(node as Node), at(node.inputs[0]), sizeOf(node.shape), n]);
  },
  matmul: matmul,
  reshape: nothing, // an alias
  stopGradient: nothing, // an alias
  transpose(node, places) {
    const strides = stridesOf(node.inputs[0].shape);
    stridedCopy(node as Node, node.attributes.perm.map((axis) => strides[axis]), places);
  },
  broadcast: (node, places) => stridedCopy(node as Node, broadcastStrides(node.inputs[0].shape), places),
  im2col: (node, { at, emit }) =>
    emit(OPCODE.im2col, [at(node as Node), at(node.inputs[0]), ...geometry(node.inputs[0].shape, node.attributes)]),
  col2im: (node, { at, emit }) =>
    emit(OPCODE.col2im, [at(node as Node), at(node.inputs[0]), ...geometry(node.shape, node.attributes)]),
  takeRows(node, { at, emit }) {
    const [table, indices] = node.inputs;
    emit(OPCODE.takeRows, [at(node as Node), at(table), at(indices), node.shape[0], sizeOf(node.shape.slice(1))]);
  },
};

function unary(node: Node, kind: number, { at, emit }: Places, parameter = 0): void {
  emit(OPCODE.unary, [kind, at(node), at(node.inputs[0]), sizeOf(node.shape), { float: parameter }]);
}

function binary(node: Node, kind: number, { at, emit }: Places): void {
  const [a, b] = node.inputs;
  const { extents, strides } = collapse({
    extents: node.shape,
    strides: [broadcastStrides(a.shape), broadcastStrides(b.shape)],
  });
  const [stridesA, stridesB] = strides;
  if (extents.length === 1 && stridesA[0] === 1 && stridesB[0] === 1) {
    return emit(OPCODE.binary, [kind, at(node), at(a), at(b), extents[0]]);
  }
  emit(OPCODE.binaryStrided, [
    kind,
    at(node),
    at(a),
    at(b),
    ...padded(node, extents, 1),
    ...padded(node, stridesA, 0),
    ...padded(node, stridesB, 0),
  ]);
}

/** Words for the strided kernels' fixed number of axes, filled up in front. */
function padded(node: Node, values: readonly number[], filler: number): number[] {
  if (values.length > RANK) {
    throw new Error(
      `internal: ${node.op} over ${values.length} separate axes of [${node.shape}]; at most ${RANK} are supported`,
    );
  }
  return [...Array<number>(RANK - values.length).fill(filler), ...values];
}

function stridedCopy(node: Node, sourceStrides: readonly number[], { at, emit }: Places): void {
  const { extents, strides: [strides] } = collapse({ extents: node.shape, strides: [sourceStrides] });
  emit(OPCODE.stridedCopy, [at(node), at(node.inputs[0]), ...padded(node, extents, 1), ...padded(node, strides, 0)]);
}

/** Reduces one run of neighbouring axes at a time, the last first. */
function sum(node: NodeOf<"sum">, { at, scratch, emit }: Places): void {
  const shape = [...node.inputs[0].shape];
  const runs = runsOf(node.attributes.axes);
  let source = at(node.inputs[0]);
  runs.toReversed().forEach(([first, last], pass) => {
    const outer = sizeOf(shape.slice(0, first));
    const reduced = sizeOf(shape.slice(first, last + 1));
    const inner = sizeOf(shape.slice(last + 1));
    shape.fill(1, first, last + 1);
    const target = pass === runs.length - 1 ? at(node as Node) : scratch(outer * inner * 4);
    emit(OPCODE.sum, [target, source, outer, reduced, inner]);
    source = target;
  });
}

/** Ascending numbers grouped into runs of neighbours. */
function runsOf(axes: readonly number[]): [first: number, last: number][] {
  const runs: [number, number][] = [];
  for (const axis of axes) {
    const run = runs[runs.length - 1];
    if (run !== undefined && run[1] === axis - 1) run[1] = axis;
    else runs.push([axis, axis]);
  }
  return runs;
}

/** Rows and depth of the kernel's packed panels; must agree with kernels/matmul.ts. */
const MATMUL = { depth: 256, rows: 96, panel: 8 } as const;

function matmul(node: NodeOf<"matmul">, { at, scratch, emit }: Places): void {
  const [batch, m, n] = node.shape;
  const { transposeA, transposeB } = node.attributes;
  const k = node.inputs[0].shape[transposeA ? 1 : 2];
  // A single column with a transposed left operand is computed as a single row of m columns.
  const columns = Math.max(n, m === 1 ? 1 : n === 1 && transposeA ? m : 1);
  const packedRows = Math.max(Math.ceil(columns / MATMUL.panel) * MATMUL.depth, k);
  const bytes = (packedRows + MATMUL.rows) * MATMUL.panel * 4;
  emit(OPCODE.matmul, [
    at(node as Node),
    at(node.inputs[0]),
    at(node.inputs[1]),
    batch,
    m,
    n,
    k,
    Number(transposeA),
    Number(transposeB),
    scratch(bytes),
  ]);
}

/** Geometry of patches over images [B, H, W, C], as the kernels read it. */
export function geometry(
  [batch, height, width, channels]: readonly number[],
  { kernel, stride }: Attributes["im2col"],
): number[] {
  const [rows, columns] = [samePadded(height, stride), samePadded(width, stride)];
  const before = (extent: number, count: number) => Math.floor(Math.max(0, (count - 1) * stride + kernel - extent) / 2);
  return [batch, height, width, channels, rows, columns, kernel, stride, before(height, rows), before(width, columns)];
}
