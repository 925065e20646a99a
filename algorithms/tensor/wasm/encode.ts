/** One instruction of the virtual machine per primitive: an exhaustive table from nodes to words. */
import type { Attributes, Node, NodeOf, PrimitiveName } from "../graph.ts";
import { samePadded } from "../ops.ts";
import { sizeOf } from "../graph.ts";
import { broadcastStrides, collapse, stridesOf } from "../strides.ts";

/** Opcodes of kernels/index.ts. */
export const OPCODE = {
  fill: 0,
  copy: 1,
  exp: 2,
  log: 3,
  tanh: 4,
  maxLast: 5,
  matmul: 6,
  stridedCopy: 7,
  im2col: 8,
  col2im: 9,
  takeRows: 10,
  putRows: 11,
  convolve: 12,
  filterGradient: 13,
  imageGradient: 14,
  loop: 15,
  addRows: 16,
  takeMax: 17,
  putMax: 18,
} as const;

/** Axes that the strided copy loops over. */
const RANK = 4;

/** An operand of an instruction: an integer word, or a float32 stored in one. */
export type Word = number | { readonly float: number };

/** Where things are while a node is encoded. */
export interface Places {
  /** Byte address of a node's value. */
  readonly at: (node: Node) => number;
  /** Reserves bytes that are free again after this node, and returns their address. */
  readonly scratch: (bytes: number) => number;
  /** Adds a generated function (see loop_code.ts), and returns its number, from 1. */
  readonly define: (code: readonly number[]) => number;
  /** Appends an instruction. */
  readonly emit: (opcode: number, words: readonly Word[]) => void;
}

type Encoder<P extends PrimitiveName> = (node: NodeOf<P>, places: Places) => void;

const nothing = () => {};

const inLoop = () => {
  throw new Error("internal: elementwise operations and sums are computed by loops");
};

/** Encoders of all primitives. */
export const encoders: { readonly [P in PrimitiveName]: Encoder<P> } = {
  input: nothing,
  state: nothing,
  constant: (node, { at, emit }) =>
    emit(OPCODE.fill, [at(node as Node), sizeOf(node.shape), { float: node.attributes.value }]),
  scale: inLoop,
  offset: inLoop,
  exp: (node, places) => unary(node as Node, OPCODE.exp, places),
  log: (node, places) => unary(node as Node, OPCODE.log, places),
  sqrt: inLoop,
  tanh: (node, places) => unary(node as Node, OPCODE.tanh, places),
  relu: inLoop,
  step: inLoop,
  add: inLoop,
  sub: inLoop,
  mul: inLoop,
  div: inLoop,
  maximum: inLoop,
  minimum: inLoop,
  select: inLoop,
  sum: inLoop,
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
  takeMax: (node, places) => pool(node as Node, OPCODE.takeMax, node.inputs[1].shape, node.attributes.window, places),
  putMax: (node, places) => pool(node as Node, OPCODE.putMax, node.shape, node.attributes.window, places),
  takeRows(node, { at, emit }) {
    const [table, indices] = node.inputs;
    emit(OPCODE.takeRows, [at(node as Node), at(table), at(indices), node.shape[0], sizeOf(node.shape.slice(1))]);
  },
  addRows(node, { at, emit }) {
    const [x, indices] = node.inputs;
    const size = sizeOf(node.shape);
    emit(OPCODE.addRows, [at(node as Node), at(x), at(indices), x.shape[0], size / node.shape[0], size]);
  },
};

function unary(node: Node, opcode: number, { at, emit }: Places): void {
  emit(opcode, [at(node), at(node.inputs[0]), sizeOf(node.shape)]);
}

/** Words for the strided copy's fixed number of axes, filled up in front. */
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

function pool(node: Node, opcode: number, image: readonly number[], window: number, { at, emit }: Places): void {
  const [first, keys] = node.inputs;
  emit(opcode, [at(node), at(first), at(keys), ...image, window]);
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
