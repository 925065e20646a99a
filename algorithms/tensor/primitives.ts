/** The derivative rule and the cost of every primitive: one exhaustive table, so that a missing rule is a type error. */
import { type Attributes, type Node, type NodeOf, type PrimitiveName, sizeOf } from "./graph.ts";
import * as op from "./ops.ts";

/** How one primitive is differentiated and what it costs. */
export interface Rule<P extends PrimitiveName> {
  /**
   * The vector-Jacobian product: from the cotangent of the node (its shape) to the cotangents of its operands (their shapes),
   * undefined where the derivative is zero.
   */
  readonly vjp: (node: NodeOf<P>, cotangent: Node) => readonly (Node | undefined)[];
  /** Floating-point operations of one evaluation: additions, multiplications and the like count 1 each; data movement counts 0. */
  readonly flops: (node: NodeOf<P>) => number;
}

const free = () => 0;
const perElement = (node: { readonly shape: readonly number[] }) => sizeOf(node.shape);
const perOperandElement = (node: { readonly inputs: readonly Node[] }) => sizeOf(node.inputs[0].shape);
const perKey = (node: { readonly inputs: readonly Node[] }) => sizeOf(node.inputs[1].shape);
const none = () => [];
const constant = () => [undefined];

/** All primitives. */
export const primitives: { readonly [P in PrimitiveName]: Rule<P> } = {
  input: { vjp: none, flops: free },
  state: { vjp: none, flops: free },
  constant: { vjp: none, flops: free },
  scale: { vjp: (y, g) => [op.scale(g, y.attributes.factor)], flops: perElement },
  offset: { vjp: (_, g) => [g], flops: perElement },
  exp: { vjp: (y, g) => [op.mul(g, y as Node)], flops: perElement },
  log: { vjp: (y, g) => [op.div(g, y.inputs[0])], flops: perElement },
  sqrt: { vjp: (y, g) => [op.div(op.scale(g, 0.5), y as Node)], flops: perElement },
  tanh: { vjp: (y, g) => [op.mul(g, op.offset(op.neg(op.square(y as Node)), 1))], flops: perElement },
  relu: { vjp: (y, g) => [op.mul(g, op.step(y.inputs[0]))], flops: perElement },
  step: { vjp: constant, flops: perElement },
  add: { vjp: (y, g) => [op.sumTo(g, y.inputs[0].shape), op.sumTo(g, y.inputs[1].shape)], flops: perElement },
  sub: { vjp: (y, g) => [op.sumTo(g, y.inputs[0].shape), op.neg(op.sumTo(g, y.inputs[1].shape))], flops: perElement },
  mul: {
    vjp: ({ inputs: [a, b] }, g) => [op.sumTo(op.mul(g, b), a.shape), op.sumTo(op.mul(g, a), b.shape)],
    flops: perElement,
  },
  div: {
    vjp: (y, g) => {
      const [a, b] = y.inputs;
      const ga = op.div(g, b);
      return [op.sumTo(ga, a.shape), op.sumTo(op.neg(op.mul(ga, y as Node)), b.shape)];
    },
    flops: perElement,
  },
  maximum: { vjp: ({ inputs: [a, b] }, g) => chooseVjp(a, b, op.step(op.sub(a, b)), g), flops: perElement },
  minimum: { vjp: ({ inputs: [a, b] }, g) => chooseVjp(a, b, op.step(op.sub(b, a)), g), flops: perElement },
  select: {
    vjp: ({ inputs: [x, condition] }, g) => [op.sumTo(op.select(g, condition), x.shape), undefined],
    flops: free,
  },
  sum: { vjp: (y, g) => [op.broadcastTo(g, y.inputs[0].shape)], flops: perOperandElement },
  maxLast: { vjp: constant, flops: perOperandElement },
  matmul: { vjp: matmulVjp, flops: matmulFlops },
  reshape: { vjp: (y, g) => [op.reshape(g, y.inputs[0].shape)], flops: free },
  transpose: {
    vjp: (y, g) => {
      const inverse = Array<number>(y.attributes.perm.length);
      y.attributes.perm.forEach((from, to) => inverse[from] = to);
      return [op.transpose(g, inverse)];
    },
    flops: free,
  },
  broadcast: { vjp: (y, g) => [op.sumTo(g, y.inputs[0].shape)], flops: free },
  im2col: {
    vjp: ({ attributes: a }, g) => [op.col2im(g, a.kernel, a.stride, a.height, a.width)],
    flops: free,
  },
  col2im: { vjp: ({ attributes: a }, g) => [op.im2col(g, a.kernel, a.stride)], flops: perOperandElement },
  takeMax: { vjp: (y, g) => [op.putMax(g, y.inputs[1], y.attributes.window), undefined], flops: perKey },
  putMax: { vjp: (y, g) => [op.takeMax(g, y.inputs[1], y.attributes.window), undefined], flops: perKey },
  takeRows: { vjp: (y, g) => [op.addRows(g, y.inputs[1], y.inputs[0].shape[0]), undefined], flops: free },
  addRows: { vjp: (y, g) => [op.takeRows(g, y.inputs[1]), undefined], flops: perOperandElement },
  stopGradient: { vjp: constant, flops: free },
};

/** The derivative of max/min: the cotangent follows the operand that `takesA` (1 or 0) points to. */
function chooseVjp(a: Node, b: Node, takesA: Node, g: Node): readonly Node[] {
  const toA = op.mul(g, takesA);
  return [op.sumTo(toA, a.shape), op.sumTo(op.sub(g, toA), b.shape)];
}

/** The bilinear map's two derivatives are again matrix products, so differentiation never leaves the set. */
function matmulVjp({ inputs: [a, b], attributes }: NodeOf<"matmul">, g: Node): readonly Node[] {
  const { transposeA: ta, transposeB: tb }: Attributes["matmul"] = attributes;
  return [
    ta ? op.matmul(b, g, tb, true) : op.matmul(g, b, false, !tb),
    tb ? op.matmul(g, a, true, ta) : op.matmul(a, g, !ta, false),
  ];
}

function matmulFlops({ shape, inputs, attributes }: NodeOf<"matmul">): number {
  return 2 * sizeOf(shape) * inputs[0].shape[attributes.transposeA ? 1 : 2];
}

/** Floating-point operations of one node. */
export function flopsOf(node: Node): number {
  const rule = primitives[node.op] as Rule<PrimitiveName>;
  return rule.flops(node);
}
