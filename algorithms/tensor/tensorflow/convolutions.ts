/**
 * Convolutions recognised in a program: it has patches and matrix products, TensorFlow has kernels that need no patches in memory.
 *
 * With P = im2col(x) as the rows of a matrix per task: P W is a convolution, Pᵀ D its gradient with respect to the filter W, and col2im(D Wᵀ) that with
 * respect to x. Those three are all that derivatives of any order are made of.
 */
import { isOp, type Node, type NodeOf, type PatchAttributes, sameShape } from "../graph.ts";
import { samePadded } from "../ops.ts";
import { type AttributeValues, type GraphBuilder, INT, type Lowering } from "./graph_builder.ts";

/** coefficient · D Wᵀ, a part of what col2im adds up. */
interface Term {
  readonly coefficient: number;
  readonly output: Node;
  readonly filter: Node;
  readonly filterT: boolean;
}

/** What a node is, where it is one of the three. Filters and outputs have one matrix per task. */
type Convolution =
  | { readonly kind: "forward"; readonly image: Node; readonly filter: Node; readonly filterT: boolean }
  | { readonly kind: "filter gradient"; readonly image: Node; readonly output: Node }
  | { readonly kind: "input gradient"; readonly terms: readonly Term[] };

/** A convolution found in a program. */
interface Found {
  readonly attributes: PatchAttributes;
  readonly channels: number;
  readonly convolution: Convolution;
}

function behindReshape(node: Node): Node {
  return isOp(node, "reshape") ? node.inputs[0] : node;
}

/** The patches that a matrix holds in its rows, one patch each. */
function patchesOf(matrix: Node): NodeOf<"im2col"> | undefined {
  const source = behindReshape(matrix);
  if (!isOp(source, "im2col") || source.shape[3] !== matrix.shape[2]) return undefined;
  return source;
}

/** How a node is computed by convolutions, if it is one. */
export function convolutionOf(node: Node): Lowering | undefined {
  const found = isOp(node, "matmul") ? ofProduct(node) : isOp(node, "col2im") ? ofPatchSum(node) : undefined;
  if (found === undefined) return undefined;
  return { reads: operandsOf(found), add: (b, value) => addConvolution(b, node, found, value) };
}

function ofProduct(node: NodeOf<"matmul">): Found | undefined {
  const [left, right] = node.inputs;
  const { transposeA, transposeB } = node.attributes;
  const patches = patchesOf(left);
  if (patches === undefined || (transposeA && transposeB)) return undefined;
  const [image] = patches.inputs;
  return {
    attributes: patches.attributes,
    channels: image.shape[3],
    convolution: transposeA
      ? { kind: "filter gradient", image, output: right }
      : { kind: "forward", image, filter: right, filterT: transposeB },
  };
}

function ofPatchSum(node: NodeOf<"col2im">): Found | undefined {
  const terms = termsOf(node.inputs[0], node.inputs[0].shape[3], 1);
  if (terms === undefined) return undefined;
  return { attributes: node.attributes, channels: node.shape[3], convolution: { kind: "input gradient", terms } };
}

/** Patches as a linear combination of products; undefined when there is anything else in them. */
function termsOf(patches: Node, width: number, coefficient: number): readonly Term[] | undefined {
  const node = behindReshape(patches);
  if (isOp(node, "scale")) return termsOf(node.inputs[0], width, coefficient * node.attributes.factor);
  if (isOp(node, "add") || isOp(node, "sub")) {
    if (!node.inputs.every((input) => sameShape(input.shape, node.shape))) return undefined;
    const left = termsOf(node.inputs[0], width, coefficient);
    const right = termsOf(node.inputs[1], width, isOp(node, "sub") ? -coefficient : coefficient);
    return left && right && [...left, ...right];
  }
  if (!isOp(node, "matmul") || node.shape[2] !== width || node.attributes.transposeA) return undefined;
  const [output, filter] = node.inputs;
  return [{ coefficient, output, filter, filterT: !node.attributes.transposeB }];
}

/** The operands that a convolution reads instead of the node's own. */
function operandsOf({ convolution: c }: Found): Node[] {
  if (c.kind === "forward") return [c.image, c.filter];
  return c.kind === "filter gradient" ? [c.image, c.output] : c.terms.flatMap(({ output, filter }) => [output, filter]);
}

/** Adds the operations of a convolution that was found: one kernel call per task, since tasks have filters of their own. */
function addConvolution(b: GraphBuilder, node: Node, found: Found, value: (node: Node) => string): string {
  const { attributes: { kernel, stride, height, width }, channels, convolution: c } = found;
  const [rows, columns] = [samePadded(height, stride), samePadded(width, stride)];
  const settings: AttributeValues = { strides: { list: [1, stride, stride, 1] }, padding: { s: "SAME" } };
  const filtersOf = (filter: Node, transposed: boolean) => {
    const tasks = filter.shape[0];
    const rowsFirst = transposed
      ? b.float("Transpose", [value(filter), b.integers([0, 2, 1])], { Tperm: INT })
      : value(filter);
    const filters = filter.shape[transposed ? 1 : 2];
    return b.split(b.reshape(rowsFirst, [tasks * kernel, kernel, channels, filters]), tasks);
  };
  const outputsOf = (output: Node) =>
    b.split(b.reshape(value(output), [-1, rows, columns, output.shape[2]]), output.shape[0]);
  if (c.kind === "forward") {
    const filters = filtersOf(c.filter, c.filterT);
    const parts = b.split(value(c.image), filters.length).map((image, task) =>
      b.float("Conv2D", [image, filters[task]], settings)
    );
    return b.reshape(b.concatenate(parts), node.shape);
  }
  if (c.kind === "filter gradient") {
    const outputs = outputsOf(c.output);
    const shape = b.integers([kernel, kernel, channels, c.output.shape[2]]);
    const parts = b.split(value(c.image), outputs.length).map((image, task) =>
      b.float("Conv2DBackpropFilter", [image, shape, outputs[task]], settings)
    );
    return b.reshape(b.concatenate(parts), node.shape);
  }
  const terms = c.terms.map(({ coefficient, output, filter, filterT }) => {
    const filters = filtersOf(filter, filterT);
    const shape = b.integers([node.shape[0] / filters.length, height, width, channels]);
    const image = b.concatenate(
      outputsOf(output).map((part, task) => b.float("Conv2DBackpropInput", [shape, filters[task], part], settings)),
    );
    return coefficient === 1 ? image : b.float("Mul", [image, b.scalar(coefficient)]);
  });
  return terms.reduce((total, term) => b.float("AddV2", [total, term]));
}
