/** Learned matrices that the gradients of the inner loop are multiplied by, on each side of a weight. */
import type { Model, ParameterSpec } from "../models/model.ts";
import { isOp, type Node } from "../tensor/graph.ts";
import { matmul, mul, reshape } from "../tensor/ops.ts";
import type { Precondition } from "./inner_loop.ts";

/** A matrix over the inputs, the outputs or the positions of the window of a weight, or the diagonal of another parameter. */
type Part = "in" | "out" | "window" | "diagonal";

/** The name of a part of a parameter's curvature; layers are counted from 0. */
export function curvatureName(layer: number, parameter: string, part: Part): string {
  return `curvature${layer}.${parameter}.${part}`;
}

/** I, row by row. */
function identityMatrix(size: number): Float32Array {
  const width = Math.sqrt(size);
  return Float32Array.from({ length: size }, (_, i) => i % (width + 1) === 0 ? 1 : 0);
}

/**
 * M_in and M_out of every weight of a model, [1, n, n] each, and M_window of a convolution's; of every other parameter a diagonal in its shared form. All are
 * the identity at the start.
 */
export function curvatureOf(model: Model): ParameterSpec[] {
  return model.layers.flatMap(({ parameters }, layer) =>
    parameters.flatMap(({ name, shape, window = 1 }): ParameterSpec[] => {
      const square = (part: Part, n: number) => ({
        name: curvatureName(layer, name, part),
        shape: [1, n, n],
        init: identityMatrix,
      });
      if (!name.startsWith("weight")) {
        const init = (size: number) => new Float32Array(size).fill(1);
        return [{ name: curvatureName(layer, name, "diagonal"), shape: [1, ...shape], init }];
      }
      const [rows, outputs] = shape;
      const sides = [square("in", rows / window), square("out", outputs)];
      return window === 1 ? sides : [...sides, square("window", window)];
    })
  );
}

/**
 * G -> M_in G M_out for the gradient G [T, in, out] of a weight; for that of a convolution, whose rows are (position, channel), M_in multiplies the channels and
 * M_window the positions. Other gradients are multiplied elementwise.
 */
export function curvatureFrom(meta: Readonly<Record<string, Node>>): Precondition {
  return (gradient, layer, parameter) => {
    const part = (name: Part): Node | undefined => meta[curvatureName(layer, parameter, name)];
    const [diagonal, inputs, outputs, window] = [part("diagonal"), part("in"), part("out"), part("window")];
    if (diagonal !== undefined) return mul(gradient, diagonal);
    if (inputs === undefined || outputs === undefined) {
      throw new Error(`internal: layer ${layer} has no curvature of "${parameter}"`);
    }
    if (window === undefined) return onBothSides(gradient, inputs, outputs);
    const right = matmul(gradient, outputs);
    const [tasks, rows, width] = gradient.shape;
    const [positions, channels] = [window.shape[1], inputs.shape[1]];
    const mixed = matmul(window, reshape(right, [tasks, positions, channels * width]));
    return reshape(matmul(inputs, reshape(mixed, [tasks * positions, channels, width])), [tasks, rows, width]);
  };
}

/**
 * M_in G M_out. The gradient of a dense layer's weight is HᵀD, over as many rows as there are examples: where they are few, (M_in Hᵀ)(D M_out) is the same for
 * less work, and stays a product over so few rows.
 */
function onBothSides(gradient: Node, inputs: Node, outputs: Node): Node {
  const [, rows, columns] = gradient.shape;
  if (isOp(gradient, "matmul")) {
    const { inputs: [left, right], attributes: { transposeA, transposeB } } = gradient;
    const rank = left.shape[transposeA ? 1 : 2];
    if (rank * (rows ** 2 + columns ** 2) < rows * columns * (rows + columns)) {
      return matmul(matmul(inputs, left, false, transposeA), matmul(right, outputs, transposeB));
    }
  }
  return matmul(inputs, matmul(gradient, outputs));
}
