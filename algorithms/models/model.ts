/** Models as lists of layers, vectorised over tasks: every layer's parameters are shared or task-specific independently of the others'. */
import type { Rng } from "../../common/random.ts";
import type { Norm } from "../../common/vocabulary.ts";
import type { Node, Shape } from "../tensor/graph.ts";
import { type Moments, momentsOver } from "../tensor/nn.ts";

export type { Norm };

/** The parameters of one layer: leading axis 1 (shared by all tasks) or T (one set per task). */
export type LayerParams = Readonly<Record<string, Node>>;

/** One parameter tensor of a layer. */
export interface ParameterSpec {
  /** "weight", "bias", "gamma", "beta". */
  readonly name: string;
  /** Without the leading task axis. */
  readonly shape: Shape;
  /** Fills one initial draw, row-major. */
  readonly init: (size: number, rng: Rng) => Float32Array;
}

/** One parametrised layer, its norm and non-linearity included. */
export interface Layer {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  /** F where its values are normalised by statistics over examples, undefined elsewhere. */
  readonly moments: number | undefined;
  /** x [T, n, ...] -> [T, n, ...] */
  readonly apply: (params: LayerParams, x: Node, moments: MomentSource) => Node;
}

/** Says what a layer's values before its norm, x [T, n, F], are normalised by. */
export type MomentSource = (layer: string, x: Node) => Moments;

/** Each task's examples by their own statistics. */
export const ownMoments: MomentSource = (_, x) => momentsOver(x, [1]);

/** A network of L layers; the last is the linear head. */
export interface Model {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** D: width of the features that enter the head. */
  readonly features: number;
}

/** What a model is built for. */
export interface ModelOptions {
  readonly inputShape: readonly number[];
  readonly outputs: number;
  /** Widths of hidden layers; [] for the model's default. */
  readonly hidden: readonly number[];
  readonly norm: Norm;
}

/** One line of the table of models. */
export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  /** Hidden widths used when a sweep gives none. */
  readonly defaultHidden: readonly number[];
  build(options: ModelOptions): Model;
}

/** The network's outputs: x [T, n, ...inputShape] -> [T, n, outputs]. */
export function forward(model: Model, params: readonly LayerParams[], x: Node, moments = ownMoments): Node {
  return model.layers.reduce((value, layer, index) => layer.apply(params[index], value, moments), x);
}

/** What every layer puts out, its norm and non-linearity included: one [T, n, ...] per layer, the network's outputs last. */
export function activations(model: Model, params: readonly LayerParams[], x: Node, moments = ownMoments): Node[] {
  let value = x;
  return model.layers.map((layer, index) => value = layer.apply(params[index], value, moments));
}

/** What enters the head: x [T, n, ...inputShape] -> [T, n, D]. */
export function featuresOf(model: Model, params: readonly LayerParams[], x: Node, moments = ownMoments): Node {
  return model.layers.slice(0, -1).reduce((value, layer, index) => layer.apply(params[index], value, moments), x);
}
