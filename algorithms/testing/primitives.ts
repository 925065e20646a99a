/** The conformance cases of the tensor language: every operation, to second order, as programs that any backend can run. */
import type { Backend, Data } from "../tensor/backend.ts";
import { cpuBackend } from "../tensor/cpu.ts";
import { grad } from "../tensor/grad.ts";
import { Graph, type Node, type PrimitiveName, type Shape, sizeOf } from "../tensor/graph.ts";
import * as nn from "../tensor/nn.ts";
import * as op from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { identity, shifted, solve } from "../tensor/solve.ts";
import { asFloat32, centralDifferences, spread } from "./tensor.ts";

/** An operation with operands to check it on. */
export interface ConformanceCase {
  readonly name: string;
  /** Shapes of the operands. */
  readonly shapes: readonly Shape[];
  /** Range of the operands' values; away from kinks and poles. */
  readonly range: readonly [low: number, high: number];
  readonly build: (...operands: Node[]) => Node;
  /** Operands that are indices or otherwise not differentiated. */
  readonly fixed?: Readonly<Record<number, readonly number[]>>;
  /** Differentiation holds part of it constant by definition, so central differences say something else: compared with the reference only. */
  readonly heldConstant?: boolean;
}

/** What a backend must reproduce. */
export interface Finding {
  readonly what: string;
  readonly actual: Data;
  readonly expected: Data;
  readonly tolerance: number;
}

const unary = (name: PrimitiveName, build: (x: Node) => Node, low: number, high: number): ConformanceCase => ({
  name,
  shapes: [[2, 3, 5]],
  range: [low, high],
  build,
});

const binary = (name: string, build: (a: Node, b: Node) => Node, a: Shape, b: Shape): ConformanceCase => ({
  name: `${name} [${a}] [${b}]`,
  shapes: [a, b],
  range: [0.5, 2],
  build,
});

const broadcasts: readonly (readonly [Shape, Shape])[] = [
  [[2, 3, 5], [2, 3, 5]],
  [[2, 3, 5], [1, 3, 1]],
  [[2, 1, 5], [2, 3, 1]],
  [[3, 5], [2, 1, 1]],
  [[2, 3, 4, 5], [1, 3, 1, 5]],
  [[], [2, 7]],
  [[1, 1], [1, 1]],
];

const products: ConformanceCase[] = [[1, 1, 1, 1], [2, 3, 1, 4], [3, 1, 6, 9], [2, 7, 5, 1], [1, 13, 10, 17], [
  2,
  8,
  4,
  16,
]]
  .flatMap(([batch, m, k, n]) =>
    [[false, false], [true, false], [false, true], [true, true]].map(([ta, tb]): ConformanceCase => ({
      name: `matmul ${batch} x ${m} x ${k} x ${n}${ta ? " Aᵀ" : ""}${tb ? " Bᵀ" : ""}`,
      shapes: [ta ? [batch, k, m] : [batch, m, k], tb ? [batch, n, k] : [batch, k, n]],
      range: [-1, 1],
      build: (a, b) => op.matmul(a, b, ta, tb),
    }))
  );

/** All cases; together they use every primitive (a test makes sure). */
export const conformanceCases: readonly ConformanceCase[] = [
  unary("exp", op.exp, -2, 2),
  unary("log", op.log, 0.3, 3),
  unary("sqrt", op.sqrt, 0.3, 3),
  unary("tanh", op.tanh, -2, 2),
  unary("relu", op.relu, -1, 1),
  unary("step", op.step, -1, 1),
  unary("scale", (x) => op.scale(x, -1.75), -1, 1),
  unary("offset", (x) => op.offset(x, 0.75), -1, 1),
  { ...unary("stopGradient", (x) => op.mul(op.stopGradient(op.exp(x)), x), -1, 1), heldConstant: true },
  unary("reshape", (x) => op.reshape(x, [5, 6]), -1, 1),
  unary("transpose", (x) => op.transpose(x, [2, 0, 1]), -1, 1),
  unary("sum", (x) => op.sum(x, [0, 2]), -1, 1),
  { ...unary("sum", (x) => op.sum(x, [1]), -1, 1), name: "sum of a middle axis" },
  { ...unary("sum", op.sumAll, -1, 1), name: "sum of everything" },
  { ...unary("maxLast", (x) => op.sub(x, op.maxLast(x)), -1, 1), heldConstant: true },
  unary("constant", (x) => op.div(x.graph.constant(2, x.shape), x), 0.5, 2),
  { name: "clip", shapes: [[3, 7]], range: [-3, 3], build: (x) => op.clip(x, -1.2, 1.7) },
  ...broadcasts.flatMap(([a, b]) => [
    binary("add", op.add, a, b),
    binary("sub", op.sub, a, b),
    binary("mul", op.mul, a, b),
    binary("div", op.div, a, b),
    binary("maximum", op.maximum, a, b),
    binary("minimum", op.minimum, a, b),
    binary("select", (x, y) => op.select(x, op.offset(y, -1)), a, b),
  ]),
  { name: "broadcast", shapes: [[2, 1, 3, 1]], range: [-1, 1], build: (x) => op.broadcastTo(x, [2, 4, 3, 2]) },
  ...products,
  {
    name: "matmul with a shared operand",
    shapes: [[3, 4, 5], [1, 5, 2]],
    range: [-1, 1],
    build: (a, b) => op.matmul(a, b),
  },
  { name: "im2col", shapes: [[2, 5, 4, 3]], range: [-1, 1], build: (x) => op.im2col(x, 3, 2) },
  { name: "im2col of one channel", shapes: [[1, 7, 7, 1]], range: [-1, 1], build: (x) => op.im2col(x, 3, 1) },
  { name: "col2im", shapes: [[2, 3, 2, 27]], range: [-1, 1], build: (x) => op.col2im(x, 3, 2, 5, 4) },
  { name: "maxPool", shapes: [[2, 4, 6, 5]], range: [-1, 1], build: (x) => op.maxPool(x, 2) },
  { name: "maxPool with a remainder", shapes: [[1, 8, 7, 2]], range: [-1, 1], build: (x) => op.maxPool(x, 3) },
  {
    name: "maxPool of what was multiplied",
    shapes: [[1, 4, 4, 4], [1, 1, 4, 4]],
    range: [0.5, 1],
    build: (x, y) => op.maxPool(op.mul(x, y), 2),
  },
  {
    name: "takeMax",
    shapes: [[1, 4, 5, 6], [1, 4, 5, 6]],
    range: [-1, 1],
    fixed: { 1: Array.from(spread(120, -1, 1, 3)) },
    build: (values, keys) => op.takeMax(values, keys, 2),
  },
  {
    name: "putMax",
    shapes: [[2, 2, 2, 3], [2, 5, 4, 3]],
    range: [-1, 1],
    fixed: { 1: Array.from(spread(120, -1, 1, 4)) },
    build: (x, keys) => op.putMax(x, keys, 2),
  },
  {
    name: "takeRows",
    shapes: [[4, 3], [2]],
    range: [-1, 1],
    fixed: { 0: Array.from({ length: 12 }, (_, i) => i / 4), 1: [3, 1] },
    build: (table, indices) => op.takeRows(table, indices),
  },
  {
    name: "takeRows with repeats, differentiated with respect to the table",
    shapes: [[4, 3], [5]],
    range: [-1, 1],
    fixed: { 1: [3, 1, 3, 0, 3] },
    build: (table, indices) => op.takeRows(table, indices),
  },
  {
    name: "addRows",
    shapes: [[5, 2, 3], [5]],
    range: [-1, 1],
    fixed: { 1: [3, 1, 3, 0, 3] },
    build: (x, indices) => op.addRows(x, indices, 6),
  },
  {
    name: "dense with task-specific weights",
    shapes: [[2, 3, 4], [2, 4, 5], [1, 1, 5]],
    range: [-1, 1],
    build: (x, weight, bias) => nn.dense(x, weight, bias),
  },
  {
    name: "conv2d with task-specific weights",
    shapes: [[2, 2, 5, 5, 2], [2, 18, 3], [1, 1, 3]],
    range: [-1, 1],
    build: (x, weight, bias) => nn.conv2d(x, weight, bias, 3, 2),
  },
  {
    name: "conv2d with shared weights",
    shapes: [[2, 2, 4, 4, 2], [1, 18, 3]],
    range: [-1, 1],
    build: (x, weight) => nn.conv2d(x, weight, undefined, 3, 2),
  },
  {
    name: "batchNorm",
    shapes: [[2, 6, 3], [2, 1, 3], [1, 1, 3]],
    range: [-1, 1],
    build: (x, gamma, beta) => nn.batchNorm(x, gamma, beta),
  },
  {
    name: "layerNorm",
    shapes: [[2, 3, 6], [1, 1, 6], [1, 1, 6]],
    range: [-1, 1],
    build: (x, gamma, beta) => nn.layerNorm(x, gamma, beta),
  },
  { name: "logSoftmax", shapes: [[2, 3, 5]], range: [-3, 3], build: (x) => nn.logSoftmax(x) },
  {
    name: "crossEntropyPerTask",
    shapes: [[2, 3, 4], [2, 3, 4]],
    range: [-2, 2],
    fixed: { 1: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0] },
    build: (logits, targets) => nn.crossEntropyPerTask(logits, targets),
  },
  { name: "identity", shapes: [[2, 3, 4]], range: [-1, 1], build: (x) => op.matmul(x, identity(x.graph, 4)) },
  ...[1, 2, 7].map((n): ConformanceCase => ({
    name: `solve of ${n} equations`,
    shapes: [[2, n, 8], [2, n, 3], [1, 1, 1]],
    range: [-1, 1],
    build: (x, b, s) => solve(shifted(op.matmul(x, x, false, true), op.exp(s)), b),
  })),
  { name: "squaredErrorPerTask", shapes: [[2, 3, 1], [2, 3, 1]], range: [-2, 2], build: nn.squaredErrorPerTask },
];

/**
 * Compares a backend with float64: the value; the gradient of y = Σ sin-weighted value² against central differences of the reference's value; and the
 * gradient of that gradient's weighted sum against central differences of the reference's gradient.
 */
export async function runConformance(one: ConformanceCase, backend: Backend): Promise<Finding[]> {
  const free = one.shapes.map((_, index) => index).filter((index) => one.fixed?.[index] === undefined);
  const operands = one.shapes.map((shape, index) =>
    asFloat32(Float64Array.from(one.fixed?.[index] ?? spread(sizeOf(shape), one.range[0], one.range[1], index)))
  );
  const graph = new Graph();
  const nodes = one.shapes.map((shape, index) => graph.input(`operand${index}`, shape));
  const value = one.build(...nodes);
  const outputs: Record<string, Node> = { value };
  const feeds: Record<string, Data> = Object.fromEntries(operands.map((data, index) => [`operand${index}`, data]));
  /** Σ w_i x_i with fixed irregular weights, so that no two elements are interchangeable. */
  const weightedSum = (x: Node, phase: number) => {
    feeds[`weights${phase}`] = asFloat32(spread(sizeOf(x.shape), 0.4, 1.6, phase));
    return op.sumAll(op.mul(x, graph.input(`weights${phase}`, x.shape)));
  };
  const scalar = weightedSum(op.mul(value, value), 1);
  outputs.scalar = scalar;
  const first = free.length > 0 ? grad(scalar, free.map((index) => nodes[index])) : [];
  first.forEach((gradient, position) => outputs[`first${free[position]}`] = gradient);
  const directional = first.map((gradient, position) => weightedSum(gradient, position + 2)).reduce<Node | undefined>(
    (total, term) => total === undefined ? term : op.add(total, term),
    undefined,
  );
  if (directional !== undefined) {
    outputs.directional = directional;
    grad(directional, free.map((index) => nodes[index])).forEach((gradient, position) =>
      outputs[`second${free[position]}`] = gradient
    );
  }
  const compiled = program({ outputs });
  const subject = backend.compile(compiled);
  const reference = cpuBackend(64).compile(compiled);
  subject.run(feeds);
  reference.run(feeds);
  const findings: Finding[] = [
    { what: "value", actual: await subject.read("value"), expected: await reference.read("value"), tolerance: 2e-6 },
  ];
  for (const index of free) {
    for (const [order, target] of [["first", "scalar"], ["second", "directional"]] as const) {
      const numeric = await centralDifferences(async (x) => {
        reference.run({ ...feeds, [`operand${index}`]: x });
        return (await reference.read(target))[0];
      }, operands[index]);
      reference.run(feeds);
      const exact = await reference.read(`${order}${index}`);
      if (!one.heldConstant) {
        findings.push({
          what: `${order}-order rule, operand ${index}`,
          actual: exact,
          expected: numeric,
          tolerance: 1e-7,
        });
      }
      const actual = await subject.read(`${order}${index}`);
      findings.push({ what: `${order} order, operand ${index}`, actual, expected: exact, tolerance: 2e-5 });
    }
  }
  subject.dispose();
  reference.dispose();
  return findings;
}
