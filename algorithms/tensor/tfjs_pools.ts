/** Pooling by kernels of TensorFlow.js: a few passes over the image, since its own kernels cannot be differentiated twice. */
import type * as Tf from "@tensorflow/tfjs-core";
import { type NodeOf, type PoolAttributes, sizeOf } from "./graph.ts";
import { windowElements, windowIndices } from "./pools.ts";

/** What runs kernels and shares index tables. */
interface Kernels {
  run(kernel: string, inputs: Record<string, Tf.Tensor>, attributes?: Tf.NamedAttrMap): Tf.Tensor;
  indices(key: string, make: () => Int32Array): Tf.Tensor;
}

/** Of every window of the values, the element where the keys are largest. */
export function takeMax(device: Kernels, node: NodeOf<"takeMax">, [values, keys]: readonly Tf.Tensor[]): Tf.Tensor {
  const [first, ...rest] = placesOf(device, keys, node.attributes);
  const [own, ...others] = placesOf(device, values, node.attributes);
  let [largest, taken] = [first, own];
  rest.forEach((key, i) => {
    const better = isBetter(device, key, largest);
    const next = [[key, largest], [others[i], taken]].map(([t, e]) =>
      device.run("Select", { condition: better, t, e })
    );
    dispose(key, largest, others[i], taken, better);
    [largest, taken] = next;
  });
  const result = device.run("Reshape", { x: taken }, { shape: [...node.shape] });
  dispose(largest, taken);
  return result;
}

/** The adjoint: every place in the windows gets what has its largest key there, and pixels gather from the places. */
export function putMax(device: Kernels, node: NodeOf<"putMax">, [x, keys]: readonly Tf.Tensor[]): Tf.Tensor {
  const [batch, , , channels] = node.shape;
  const [first, ...rest] = placesOf(device, keys, node.attributes);
  const shape = [batch, sizeOf(node.inputs[0].shape) / (batch * channels), channels];
  const zeros = device.run("Fill", {}, { shape, value: 0, dtype: "float32" });
  let largest = first;
  const better = rest.map((key) => {
    const mask = isBetter(device, key, largest);
    const next = device.run("Select", { condition: mask, t: key, e: largest });
    dispose(key, largest);
    largest = next;
    return mask;
  });
  // From the last place to the first: what a place has taken is not there for those before it.
  let left = device.run("Reshape", { x }, { shape });
  const parts: Tf.Tensor[] = [];
  for (const mask of better.toReversed()) {
    parts.unshift(device.run("Select", { condition: mask, t: left, e: zeros }));
    const next = device.run("Select", { condition: mask, t: zeros, e: left });
    dispose(left, mask);
    left = next;
  }
  const nowhere = device.run("Fill", {}, { shape: [batch, 1, channels], value: 0, dtype: "float32" });
  const joined = device.run("Concat", [left, ...parts, nowhere] as unknown as Record<string, Tf.Tensor>, { axis: 1 });
  const indices = device.indices(`pixels ${tableKey(node.attributes)}`, () => windowElements(node.attributes));
  const pixels = device.run("GatherV2", { x: joined, indices }, { axis: 1, batchDims: 0 });
  const result = device.run("Reshape", { x: pixels }, { shape: [...node.shape] });
  dispose(largest, zeros, left, ...parts, nowhere, joined, pixels);
  return result;
}

/** The pixels that all windows have at one place, for every place: k·k of [B, H'·W', C]. */
function placesOf(device: Kernels, image: Tf.Tensor, attributes: PoolAttributes): Tf.Tensor[] {
  const { window, height, width } = attributes;
  const [batch, , , channels] = image.shape as [number, number, number, number];
  const pixels = device.run("Reshape", { x: image }, { shape: [batch, height * width, channels] });
  const places = Array.from({ length: window * window }, (_, place) => {
    const key = `place ${place} ${tableKey(attributes)}`;
    const indices = device.indices(key, () => windowIndices(attributes)[place]);
    return device.run("GatherV2", { x: pixels, indices }, { axis: 1, batchDims: 0 });
  });
  dispose(pixels);
  return places;
}

/** Where a key is larger than the largest so far, or not a number. */
function isBetter(device: Kernels, key: Tf.Tensor, largest: Tf.Tensor): Tf.Tensor {
  const larger = device.run("Greater", { a: key, b: largest });
  const unknown = device.run("IsNan", { x: key });
  const better = device.run("LogicalOr", { a: larger, b: unknown });
  dispose(larger, unknown);
  return better;
}

function tableKey({ window, height, width }: PoolAttributes): string {
  return `${window} ${height} ${width}`;
}

function dispose(...tensors: readonly Tf.Tensor[]): void {
  for (const tensor of tensors) tensor.dispose();
}
