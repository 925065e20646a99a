import { conformanceCases } from "../testing/primitives.ts";
import { cpuBackend } from "./cpu.ts";
import { grad } from "./grad.ts";
import { Graph, type Node, type PrimitiveName, reachable } from "./graph.ts";
import * as op from "./ops.ts";
import { primitives } from "./primitives.ts";
import { program } from "./program.ts";
import { assertAlmost } from "../testing/tensor.ts";

/** Evaluates scalars of one variable in float64. */
async function at(x: number, build: (x: Node) => Record<string, Node>): Promise<Record<string, number>> {
  const outputs = build(new Graph().input("x", []));
  const executable = cpuBackend(64).compile(program({ outputs }));
  executable.run({ x: Float64Array.of(x) });
  const values = await Promise.all(Object.keys(outputs).map(async (name) => [name, (await executable.read(name))[0]]));
  return Object.fromEntries(values);
}

Deno.test("the second derivative of exp(x)·exp(x) at 0.7 is 4e^1.4, where tfjs 4.22 gives half of it", async () => {
  const { second } = await at(0.7, (x) => {
    const y = op.mul(op.exp(x), op.exp(x));
    return { second: grad(grad(y, [x])[0], [x])[0] };
  });
  assertAlmost("second", [second], [4 * Math.exp(1.4)], 1e-14);
});

Deno.test("the second derivative of tanh² at 0.7 is right", async () => {
  const { second } = await at(0.7, (x) => ({ second: grad(grad(op.square(op.tanh(x)), [x])[0], [x])[0] }));
  const t = Math.tanh(0.7);
  assertAlmost("second", [second], [2 * (1 - t * t) * (1 - 3 * t * t)], 1e-14);
});

Deno.test("derivatives of x⁵ are right to fifth order and zero beyond", async () => {
  const values = await at(1.3, (x) => {
    let y = op.mul(op.square(op.square(x)), x);
    return Object.fromEntries([1, 2, 3, 4, 5, 6].map((order) => [`d${order}`, y = grad(y, [x])[0]]));
  });
  const expected = [5 * 1.3 ** 4, 20 * 1.3 ** 3, 60 * 1.3 ** 2, 120 * 1.3, 120, 0];
  assertAlmost("derivatives", Object.values(values), expected, 1e-13);
});

Deno.test("stopGradient and maxLast are constants for differentiation", async () => {
  const values = await at(0.5, (x) => ({
    stopped: grad(op.mul(op.stopGradient(op.exp(x)), x), [x])[0],
    largest: grad(op.sumAll(op.mul(op.maxLast(op.reshape(x, [1])), op.reshape(x, [1]))), [x])[0],
  }));
  assertAlmost("gradients", [values.stopped, values.largest], [Math.exp(0.5), 0.5], 1e-14);
});

Deno.test("the gradient of something y does not depend on is zero", async () => {
  const graph = new Graph();
  const [x, other] = [graph.input("x", [2]), graph.input("other", [3])];
  const [gradient] = grad(op.sumAll(x), [other]);
  const executable = cpuBackend(64).compile(program({ outputs: { gradient } }));
  executable.run({});
  assertAlmost("gradient", await executable.read("gradient"), [0, 0, 0], 0);
});

Deno.test("grad refuses a tensor that is not a scalar", () => {
  const x = new Graph().input("x", [2]);
  let message = "";
  try {
    grad(x, [x]);
  } catch (error) {
    message = String(error);
  }
  if (!message.includes("grad of a tensor of shape [2]")) throw new Error(message);
});

Deno.test("the conformance cases use every primitive", () => {
  const used = new Set<string>(["state"]); // states are exercised by the programs of every training
  for (const one of conformanceCases) {
    const graph = new Graph();
    const value = one.build(...one.shapes.map((shape, index) => graph.input(`operand${index}`, shape)));
    for (const node of reachable([value])) used.add(node.op);
  }
  const unused = (Object.keys(primitives) as PrimitiveName[]).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`no conformance case uses ${unused.join(", ")}`);
});
