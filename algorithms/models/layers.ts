/** Layers and initial draws that the models share. */
import type { Rng } from "../../common/random.ts";
import type { Node, Shape } from "../tensor/graph.ts";
import { batchNorm, conv2d, dense, layerNorm, type Moments } from "../tensor/nn.ts";
import { maxPool, relu, reshape } from "../tensor/ops.ts";
import type { Norm } from "../../common/vocabulary.ts";
import { WINDOW } from "./images.ts";
import type { Layer, LayerParams, ParameterSpec } from "./model.ts";

/** He initialisation: normal with variance 2 / fan-in (He et al. 2015, equation 10); `gain` replaces the 2. */
export function heNormal(fanIn: number, gain = 2): ParameterSpec["init"] {
  const deviation = Math.sqrt(gain / fanIn);
  return (size: number, rng: Rng) => Float32Array.from({ length: size }, () => deviation * rng.normal());
}

const filled = (value: number): ParameterSpec["init"] => (size) => new Float32Array(size).fill(value);

/** What is added after the weights: a bias, or a norm's γ and β, whose β makes a bias redundant; `suffix` tells those of one layer apart. */
export function offsets(norm: Norm, width: number, suffix = ""): ParameterSpec[] {
  return norm === "none" ? [{ name: `bias${suffix}`, shape: [1, width], init: filled(0) }] : [
    { name: `gamma${suffix}`, shape: [1, width], init: filled(1) },
    { name: `beta${suffix}`, shape: [1, width], init: filled(0) },
  ];
}

/** What comes after the weights, but for a bias, which they have with them. */
export function normalise(norm: Norm, params: LayerParams, x: Node, moments: () => Moments): Node {
  if (norm === "none") return x;
  return norm === "layer"
    ? layerNorm(x, params.gamma, params.beta)
    : batchNorm(x, params.gamma, params.beta, moments());
}

/** F where a layer's values are normalised by statistics over examples; undefined elsewhere. */
export function momentsOf(norm: Norm, width: number): number | undefined {
  return norm === "none" || norm === "layer" ? undefined : width;
}

/** relu(norm(x W + b)): [T, n, ...] is flattened to [T, n, in]. */
export function denseLayer(name: string, inputs: number, outputs: number, norm: Norm): Layer {
  return {
    name,
    parameters: [
      { name: "weight", shape: [inputs, outputs], init: heNormal(inputs) },
      ...offsets(norm, outputs),
    ],
    moments: momentsOf(norm, outputs),
    apply(params, x, moments) {
      const y = dense(flatten(x, inputs), params.weight, params.bias);
      return relu(normalise(norm, params, y, () => moments(name, y)));
    },
  };
}

/** The linear head: x W + b. */
export function headLayer(inputs: number, outputs: number): Layer {
  return {
    name: "head",
    parameters: [
      { name: "weight", shape: [inputs, outputs], init: heNormal(inputs, 1) },
      { name: "bias", shape: [1, outputs], init: filled(0) },
    ],
    moments: undefined,
    apply: (params, x) => dense(flatten(x, inputs), params.weight, params.bias),
  };
}

/** relu(norm(conv(x))) with a k x k window and SAME padding; batch statistics are taken over examples and positions. */
export function convLayer(
  name: string,
  image: Shape,
  filters: number,
  kernel: number,
  stride: number,
  norm: Norm,
): Layer {
  const fanIn = kernel * kernel * image[2];
  return {
    name,
    parameters: [
      { name: "weight", shape: [fanIn, filters], window: kernel * kernel, init: heNormal(fanIn) },
      ...offsets(norm, filters),
    ],
    moments: momentsOf(norm, filters),
    apply(params, x, moments) {
      const [tasks, examples] = x.shape;
      const y = conv2d(x, params.weight, params.bias, kernel, stride);
      const flat = reshape(y, [tasks, examples * y.shape[2] * y.shape[3], filters]);
      return reshape(relu(normalise(norm, params, flat, () => moments(name, flat))), y.shape);
    },
  };
}

/** Maxima over 2 x 2 of what a layer puts out: [T, n, H, W, F] -> [T, n, ⌊H/2⌋, ⌊W/2⌋, F]. */
export function poolingAfter(layer: Layer): Layer {
  return {
    ...layer,
    apply(params, x, moments) {
      const y = layer.apply(params, x, moments);
      const [tasks, examples, height, width, filters] = y.shape;
      const whole = maxPool(reshape(y, [tasks * examples, height, width, filters]), WINDOW);
      return reshape(whole, [tasks, examples, ...whole.shape.slice(1)]);
    },
  };
}

function flatten(x: Node, width: number): Node {
  return x.shape.length === 3 ? x : reshape(x, [x.shape[0], x.shape[1], width]);
}
