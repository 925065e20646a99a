/** Pooling in TensorFlow graphs: its own kernels name no rule for not-a-number and for equal keys, so that other backends would differ. */
import { type NodeOf, type PoolAttributes, sizeOf } from "../graph.ts";
import { windowElements, windowIndices } from "../pools.ts";
import { type GraphBuilder, INT } from "./graph_builder.ts";

/** Of every window of the values, the element where the keys are largest. */
export function takeMax(b: GraphBuilder, node: NodeOf<"takeMax">, [values, keys]: readonly string[]): string {
  const [first, ...rest] = placesOf(b, node, keys);
  const [own, ...others] = placesOf(b, node, values);
  let [largest, taken] = [first, own];
  rest.forEach((key, i) => {
    const better = isBetter(b, key, largest);
    [largest, taken] = [b.float("SelectV2", [better, key, largest]), b.float("SelectV2", [better, others[i], taken])];
  });
  return b.reshape(taken, node.shape);
}

/** The adjoint: every place in the windows gets what has its largest key there, and pixels gather from the places. */
export function putMax(b: GraphBuilder, node: NodeOf<"putMax">, [x, keys]: readonly string[]): string {
  const [batch, , , channels] = node.shape;
  const [first, ...rest] = placesOf(b, node, keys);
  let largest = first;
  const better = rest.map((key) => {
    const mask = isBetter(b, key, largest);
    largest = b.float("SelectV2", [mask, key, largest]);
    return mask;
  });
  // From the last place to the first: what a place has taken is not there for those before it.
  let left = b.reshape(x, [batch, sizeOf(node.inputs[0].shape) / (batch * channels), channels]);
  const parts: string[] = [];
  for (const mask of better.toReversed()) {
    parts.unshift(b.float("SelectV2", [mask, left, b.scalar(0)]));
    left = b.float("SelectV2", [mask, b.scalar(0), left]);
  }
  const nowhere = b.constant({ type: "float", shape: [batch, 1, channels], values: [0] });
  const all = [left, ...parts, nowhere];
  const joined = b.float("ConcatV2", [...all, b.integer(1)], { N: { i: all.length }, Tidx: INT });
  return b.reshape(b.gather(joined, b.integers(Array.from(windowElements(node.attributes))), 1), node.shape);
}

/** The pixels that all windows have at one place, for every place: k·k of [B, H'·W', C]. */
function placesOf(b: GraphBuilder, { inputs: [, { shape }], attributes }: Pooling, image: string): string[] {
  const pixels = b.reshape(image, [shape[0], shape[1] * shape[2], shape[3]]);
  return windowIndices(attributes).map((indices) => b.gather(pixels, b.integers(Array.from(indices)), 1));
}

interface Pooling {
  readonly inputs: NodeOf<"takeMax">["inputs"];
  readonly attributes: PoolAttributes;
}

/** Where a key is larger than the largest so far, or not a number. */
function isBetter(b: GraphBuilder, key: string, largest: string): string {
  return b.add("LogicalOr", [b.float("Greater", [key, largest]), b.float("IsNan", [key])]);
}
