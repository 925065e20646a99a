/** The face of the graphs for other people's code: tensors, a closed set of verified operations on them, and derivatives of any order. */
import { backendEntries, openBackend } from "../tensor/backends.ts";
import { grad as gradientOf } from "../tensor/grad.ts";
import { Graph as StaticGraph, type Node } from "../tensor/graph.ts";
import { logSoftmax } from "../tensor/nn.ts";
import * as nodes from "../tensor/ops.ts";
import { program } from "../tensor/program.ts";
import { UsageError } from "../../common/errors.ts";

/** A value in a graph: a float32 tensor that is computed when the graph runs. */
export interface Tensor {
  /** Sizes along each axis; a scalar has []. */
  readonly shape: readonly number[];
}

/** Owns tensors. Asked for the same operation twice, it hands out the tensor that it has. */
export interface Graph {
  /** A tensor that is fed at every run, under a name of its own. */
  input(name: string, shape: readonly number[]): Tensor;
  /** A tensor that is filled with one value; a scalar without a shape. */
  constant(value: number, shape?: readonly number[]): Tensor;
}

/** Makes graphs: `const graph = new Graph()`. */
export const Graph: {
  /** An empty graph. */
  new (): Graph;
} = StaticGraph;

/** Operations on tensors of one graph. Operands of `add`, `sub`, `mul`, `div` broadcast against each other. */
export interface Operations {
  /** a + b */
  add(a: Tensor, b: Tensor): Tensor;
  /** a - b */
  sub(a: Tensor, b: Tensor): Tensor;
  /** a · b, element by element. */
  mul(a: Tensor, b: Tensor): Tensor;
  /** a / b */
  div(a: Tensor, b: Tensor): Tensor;
  /** x times a number. */
  scale(x: Tensor, factor: number): Tensor;
  /** e to the power of x. */
  exp(x: Tensor): Tensor;
  /** The natural logarithm. */
  log(x: Tensor): Tensor;
  /** The square root. */
  sqrt(x: Tensor): Tensor;
  /** The hyperbolic tangent. */
  tanh(x: Tensor): Tensor;
  /** max(x, 0) */
  relu(x: Tensor): Tensor;
  /** ln of the softmax along the last axis. */
  logSoftmax(x: Tensor): Tensor;
  /** [B, m, k] times [B, k, n]: [B, m, n]. */
  matmul(a: Tensor, b: Tensor): Tensor;
  /** The same values in another shape. */
  reshape(x: Tensor, shape: readonly number[]): Tensor;
  /** The sum over axes, which stay with size 1. */
  sum(x: Tensor, axes: readonly number[]): Tensor;
  /** The sum of all elements. */
  sumAll(x: Tensor): Tensor;
  /** The mean of all elements. */
  meanAll(x: Tensor): Tensor;
  /** x, as a constant for differentiation. */
  stopGradient(x: Tensor): Tensor;
}

/** The operations. Each is checked to second order against float64 differences on every backend. */
export const ops: Operations = {
  add: on(nodes.add),
  sub: on(nodes.sub),
  mul: on(nodes.mul),
  div: on(nodes.div),
  scale: (x, factor) => nodes.scale(nodeOf(x), factor),
  exp: on(nodes.exp),
  log: on(nodes.log),
  sqrt: on(nodes.sqrt),
  tanh: on(nodes.tanh),
  relu: on(nodes.relu),
  logSoftmax: on(logSoftmax),
  matmul: (a, b) => nodes.matmul(nodeOf(a), nodeOf(b)),
  reshape: (x, shape) => nodes.reshape(nodeOf(x), shape),
  sum: (x, axes) => nodes.sum(nodeOf(x), axes),
  sumAll: on(nodes.sumAll),
  meanAll: on(nodes.meanAll),
  stopGradient: on(nodes.stopGradient),
};

/** A node behind its face. */
export function nodeOf(x: Tensor): Node {
  return x as Node;
}

function on<Operands extends Node[]>(operation: (...operands: Operands) => Node): (...xs: Tensor[]) => Tensor {
  return (...xs) => operation(...xs.map(nodeOf) as Operands);
}

/**
 * The gradient of a scalar, as tensors of the same graph that can be differentiated again.
 *
 * @param y a tensor with one element
 * @param wrt what to differentiate by; what y does not depend on gets zeros
 * @returns ∂y/∂x for every x of `wrt`, in their order and shapes
 */
export function grad(y: Tensor, wrt: readonly Tensor[]): Tensor[] {
  return gradientOf(nodeOf(y), wrt.map(nodeOf));
}

/**
 * Computes tensors of a graph.
 *
 * @param outputs what to compute, by name
 * @param feeds values of the inputs that this needs, row-major
 * @param backend a name that `deno task list` shows; the embedded WebAssembly kernels by default
 * @returns the values by the names of the outputs, row-major
 * @throws UsageError where an input is not fed, or the backend does not work here
 */
export async function run<Name extends string>(
  outputs: Readonly<Record<Name, Tensor>>,
  feeds: Readonly<Record<string, ArrayLike<number>>> = {},
  backend = "wasm",
): Promise<Record<Name, Float32Array>> {
  const asked = Object.entries<Tensor>(outputs);
  const compiled = program({ outputs: Object.fromEntries(asked.map(([name, x]) => [name, nodeOf(x)])) });
  const missing = compiled.inputs.find(({ attributes: { name } }) => feeds[name] === undefined);
  if (missing !== undefined) {
    throw new UsageError(`Cannot run the graph: its input "${missing.attributes.name}" is not among the feeds`);
  }
  const executable = (await openNamed(backend)).compile(compiled);
  try {
    executable.run(
      Object.fromEntries(
        compiled.inputs.map(({ attributes: { name } }) => [name, Float32Array.from(feeds[name])]),
      ),
    );
    const values = await Promise.all(
      asked.map(async ([name]) => [name, Float32Array.from(await executable.read(name))] as const),
    );
    return Object.fromEntries(values) as Record<Name, Float32Array>;
  } finally {
    executable.dispose();
  }
}

/** Opens a backend by its name. @throws UsageError where there is none of that name */
export async function openNamed(name: string): ReturnType<typeof openBackend> {
  if (!Object.hasOwn(backendEntries, name)) {
    throw new UsageError(`There is no backend "${name}"; there is ${Object.keys(backendEntries).join(", ")}`);
  }
  return await openBackend(name as keyof typeof backendEntries);
}
