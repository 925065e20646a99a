/** Products with patches that are computed from the images themselves: the patches never exist. */
import { type Attributes, isOp, type Node, type NodeOf, type Shape } from "../graph.ts";
import { geometry, OPCODE } from "./encode.ts";
import { ownerOf, type Step } from "./step.ts";

/** Images per task from which a product per window position beats one with patches. */
const FEWEST_IMAGES = 16;

/** Floats of a vector register pair: channels come in multiples of it. */
const PANEL = 8;

/** Block sizes of kernels/convolution.ts. */
const BLOCK = { images: 96, depth: 128, tile: 96 } as const;

/**
 * The step that computes a node as a convolution or one of its two adjoints, where it is one that a kernel covers:
 * patches · W, patchesᵀ · D, or the adjoint of patches applied to D · W.
 *
 * @param soleUser the one node that reads a value, if there is just one and the value is not kept
 */
export function convolutionOf(node: Node, soleUser: (node: Node) => Node | undefined): Step | undefined {
  if (isOp(node, "matmul")) return product(node);
  return isOp(node, "col2im") ? adjoint(node, soleUser) : undefined;
}

function product(node: NodeOf<"matmul">): Step | undefined {
  const [left, right] = node.inputs;
  const { transposeA, transposeB } = node.attributes;
  const patches = ownerOf(left);
  if (!isOp(patches, "im2col") || transposeA && transposeB) return undefined;
  const [image] = patches.inputs;
  const images = imagesPerTask(left.shape, patches.shape, image.shape);
  if (images === undefined) return undefined;
  const filters = node.shape[2];
  const panels = Math.ceil(filters / PANEL);
  const rows = transposeA ? panels * BLOCK.depth + BLOCK.tile : panels * patches.shape[3] + BLOCK.images;
  return {
    outputs: [node as Node],
    inputs: [image, right],
    encode: ({ at, scratch, emit }) =>
      emit(transposeA ? OPCODE.filterGradient : OPCODE.convolve, [
        at(node as Node),
        at(image),
        at(right),
        ...words(node.shape[0], images, image.shape, patches.attributes),
        filters,
        Number(transposeB),
        scratch(rows * PANEL * 4),
      ]),
  };
}

function adjoint(node: NodeOf<"col2im">, soleUser: (node: Node) => Node | undefined): Step | undefined {
  const factor = ownerOf(node.inputs[0]);
  if (!isOp(factor, "matmul") || factor.attributes.transposeA || soleUser(factor) !== node) return undefined;
  const [gradient, weight] = factor.inputs;
  const images = imagesPerTask(factor.shape, node.inputs[0].shape, node.shape);
  if (images === undefined) return undefined;
  const filters = gradient.shape[2];
  return {
    outputs: [node as Node],
    inputs: [gradient, weight],
    encode: ({ at, scratch, emit }) =>
      emit(OPCODE.imageGradient, [
        at(node as Node),
        at(gradient),
        at(weight),
        ...words(factor.shape[0], images, node.shape, node.attributes),
        filters,
        Number(!factor.attributes.transposeB),
        scratch(filters * factor.shape[2] * 4),
      ]),
  };
}

/** n of patches [T·n, H', W', k·k·C] that are seen as matrices [T, n·H'·W', k·k·C]; undefined where they are not, or no kernel covers them. */
function imagesPerTask(matrices: Shape, [, rows, columns, depth]: Shape, image: Shape): number | undefined {
  const images = matrices[1] / (rows * columns);
  const covered = Number.isInteger(images) && images >= FEWEST_IMAGES && matrices[2] === depth &&
    image[3] % PANEL === 0;
  return covered ? images : undefined;
}

/** Tasks, images per task and the window, as the kernels read them. */
function words(tasks: number, images: number, image: Shape, attributes: Attributes["im2col"]): number[] {
  return [tasks, images, ...geometry(image, attributes).slice(1)];
}
