/** Programs as TensorFlow graphs. */
import { isOp, type Node, type NodeOf, type PrimitiveName } from "../graph.ts";
import { patchGeometry, pixelIndices } from "../patches.ts";
import type { Program } from "../program.ts";
import { convolutionOf } from "./convolutions.ts";
import { reluGradientOf, unrepeatedOf } from "./fusions.ts";
import { type AttributeValues, BOOL, FLOAT, GraphBuilder, INT, type Lowering } from "./graph_builder.ts";
import type { Operation } from "./graph_def.ts";
import { putMax, takeMax } from "./pooling.ts";

/** A program's graph and the names of what is fed, fetched and executed. */
export interface Translation {
  readonly operations: readonly Operation[];
  /** Placeholders of the inputs, in the program's order. */
  readonly inputs: readonly string[];
  /** Of each state: the placeholder and the operation that set it, and the operation that reads it. */
  readonly states: readonly { readonly feed: string; readonly set: string; readonly get: string }[];
  /** Values of the outputs, in the program's order. */
  readonly outputs: readonly string[];
  /** Operations that carry the updates out. */
  readonly updates: readonly string[];
}

type Rule<P extends PrimitiveName> = (b: GraphBuilder, node: NodeOf<P>, inputs: readonly string[]) => string;

const plain = (op: string) => (b: GraphBuilder, _: Node, inputs: readonly string[]) => b.float(op, inputs);
const leaf = (): never => {
  throw new Error("internal: leaves are not translated by rules");
};
const KEEP: AttributeValues = { Tidx: INT, keep_dims: { b: true } };

const rules: { readonly [P in PrimitiveName]: Rule<P> } = {
  input: leaf,
  state: leaf,
  constant: (b, node) => b.constant({ type: "float", shape: node.shape, values: [node.attributes.value] }),
  scale: (b, node, [x]) => b.float("Mul", [x, b.scalar(node.attributes.factor)]),
  offset: (b, node, [x]) => b.float("AddV2", [x, b.scalar(node.attributes.addend)]),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: plain("Sqrt"),
  tanh: plain("Tanh"),
  relu: plain("Relu"),
  step: (b, _, [x]) => b.add("Cast", [b.float("Greater", [x, b.scalar(0)])], { SrcT: BOOL, DstT: FLOAT }),
  add: plain("AddV2"),
  sub: plain("Sub"),
  mul: plain("Mul"),
  div: plain("RealDiv"),
  maximum: plain("Maximum"),
  minimum: plain("Minimum"),
  select: (b, _, [x, condition]) => b.float("SelectV2", [b.float("Greater", [condition, b.scalar(0)]), x, b.scalar(0)]),
  sum: (b, node, [x]) => b.float("Sum", [x, b.integers(node.attributes.axes)], KEEP),
  maxLast: (b, node, [x]) => b.float("Max", [x, b.integers([node.shape.length - 1])], KEEP),
  matmul,
  reshape: (b, node, [x]) => b.reshape(x, node.shape),
  transpose: (b, node, [x]) => b.float("Transpose", [x, b.integers(node.attributes.perm)], { Tperm: INT }),
  broadcast: (b, node, [x]) => b.float("BroadcastTo", [x, b.integers(node.shape)], { Tidx: INT }),
  im2col(b, node, [x]) {
    const { kernel, stride } = node.attributes;
    return b.float("ExtractImagePatches", [x], {
      ksizes: { list: [1, kernel, kernel, 1] },
      strides: { list: [1, stride, stride, 1] },
      rates: { list: [1, 1, 1, 1] },
      padding: { s: "SAME" },
    });
  },
  col2im,
  takeMax,
  putMax,
  takeRows: (b, _, [x, rows]) => b.gather(x, toIntegers(b, rows), 0),
  addRows: (b, node, [x, rows]) =>
    b.float("UnsortedSegmentSum", [x, toIntegers(b, rows), b.integer(node.shape[0])], {
      Tindices: INT,
      Tnumsegments: INT,
    }),
  stopGradient: (_, __, [x]) => x,
};

function matmul(b: GraphBuilder, node: NodeOf<"matmul">, [x, y]: readonly string[]): string {
  const { transposeA, transposeB } = node.attributes;
  if (node.shape[0] !== 1) {
    return b.float("BatchMatMulV2", [x, y], { adj_x: { b: transposeA }, adj_y: { b: transposeB } });
  }
  const [left, right] = [x, y].map((operand, i) => b.reshape(operand, node.inputs[i].shape.slice(1)));
  const product = b.float("MatMul", [left, right], { transpose_a: { b: transposeA }, transpose_b: { b: transposeB } });
  return b.reshape(product, node.shape);
}

/** For every pixel, adds up the patch elements that hold it. */
function col2im(b: GraphBuilder, node: NodeOf<"col2im">, [x]: readonly string[]): string {
  const [batch, height, width, channels] = node.shape;
  const { rows, columns } = patchGeometry(node.attributes);
  const { indices, overlap } = pixelIndices(node.attributes);
  const elements = b.reshape(x, [batch, rows * columns * node.attributes.kernel ** 2, channels]);
  const paddings = b.constant({ type: "int32", shape: [3, 2], values: [0, 0, 0, 1, 0, 0] });
  const padded = b.float("Pad", [elements, paddings], { Tpaddings: INT });
  const taken = b.gather(padded, b.integers(Array.from(indices)), 1);
  const grouped = b.reshape(taken, [batch, height * width, overlap, channels]);
  const sums = b.float("Sum", [grouped, b.integers([2])], { Tidx: INT, keep_dims: { b: false } });
  return b.reshape(sums, node.shape);
}

function toIntegers(b: GraphBuilder, x: string): string {
  return b.add("Cast", [x], { SrcT: FLOAT, DstT: INT });
}

/** How a node is computed. */
function loweringOf(node: Node): Lowering {
  return convolutionOf(node) ?? reluGradientOf(node) ?? unrepeatedOf(node) ?? {
    reads: node.inputs,
    add: (b, value) =>
      (rules[node.op] as Rule<PrimitiveName>)(b, node as NodeOf<PrimitiveName>, node.inputs.map(value)),
  };
}

/** The nodes that the results of a program need, with their lowerings, in the program's order. */
function lowerings(program: Program): [Node, Lowering][] {
  const needed = new Map<Node, Lowering>();
  const pending = [...Object.values(program.outputs)];
  for (const { value, rows } of program.updates) pending.push(value, ...(rows ? [rows] : []));
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (needed.has(node) || isOp(node, "state") || isOp(node, "input")) continue;
    const lowering = loweringOf(node);
    needed.set(node, lowering);
    pending.push(...lowering.reads);
  }
  return [...needed].sort(([a], [b]) => a.id - b.id);
}

/** The graph of a program. States are variables: read at the start of a run, and updated after all reads. */
export function translate(program: Program): Translation {
  const b = new GraphBuilder();
  const names = new Map<Node, string>();
  const handles = new Map<Node, string>();
  const reads = new Set<string>();
  const value = (node: Node) => {
    const name = names.get(node) as string;
    if (isOp(node, "state")) reads.add(`^${name}`);
    return name;
  };
  const inputs = program.inputs.map((node, i) => {
    const name = b.add("Placeholder", [], { dtype: FLOAT, shape: { shape: node.shape } }, `input${i}`);
    names.set(node as Node, name);
    return name;
  });
  const states = program.states.map((node, i) => {
    const typed = { dtype: FLOAT, shape: { shape: node.shape } };
    const handle = b.add("VarHandleOp", [], { ...typed, shared_name: { s: `state${i}` } }, `state${i}`);
    const get = b.add("ReadVariableOp", [handle], { dtype: FLOAT }, `get${i}`);
    const feed = b.add("Placeholder", [], typed, `feed${i}`);
    handles.set(node as Node, handle);
    names.set(node as Node, get);
    return { get, feed, set: b.add("AssignVariableOp", [handle, owned(b, feed)], { dtype: FLOAT }, `set${i}`) };
  });
  for (const [node, lowering] of lowerings(program)) {
    const table = isOp(node, "takeRows") ? handles.get(node.inputs[0]) : undefined;
    if (table === undefined) {
      names.set(node, lowering.add(b, value));
    } else {
      // Reads the rows without the table, which reading the whole state would copy where rows of it are updated.
      const rows = toIntegers(b, value(node.inputs[1]));
      const taken = b.add("ResourceGather", [table, rows], { dtype: FLOAT, Tindices: INT });
      names.set(node, taken);
      reads.add(`^${taken}`);
    }
  }
  const result = (node: Node) => isInput(node) ? owned(b, value(node)) : value(node);
  const outputs = Object.values(program.outputs).map(result);
  const changes = program.updates.map((update) => ({
    handle: handles.get(update.state) as string,
    value: result(update.value),
    rows: update.rows && toIntegers(b, value(update.rows)),
  }));
  const updates = changes.map(({ handle, value, rows }) =>
    rows === undefined
      ? b.add("AssignVariableOp", [handle, value, ...reads], { dtype: FLOAT })
      : b.add("ResourceScatterUpdate", [handle, rows, value, ...reads], { dtype: FLOAT, Tindices: INT })
  );
  return { operations: b.operations, inputs, states, outputs, updates };
}

/** Whether a node has an input's own elements. */
function isInput(node: Node): boolean {
  return isOp(node, "reshape") || isOp(node, "stopGradient") ? isInput(node.inputs[0]) : isOp(node, "input");
}

/** A copy: what is fed lives in a buffer that the next run overwrites. */
function owned(b: GraphBuilder, x: string): string {
  return b.float("DeepCopy", [x]);
}
