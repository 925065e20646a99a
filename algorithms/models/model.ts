/** Models as lists of layers, vectorised over tasks: every layer's parameters are shared or task-specific independently of the others'. */
import type { z } from "zod";
import type { Rng } from "../../common/random.ts";
import type { Norm } from "../../common/vocabulary.ts";
import type { Node, Shape } from "../tensor/graph.ts";
import type { DropSource } from "./drop.ts";
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
  /** Positions of the window of a convolution's weight, whose rows are (position, channel); 1 where it is absent. */
  readonly window?: number;
  /** Fills one initial draw, row-major. */
  readonly init: (size: number, rng: Rng) => Float32Array;
}

/** One parametrised layer, its norm and non-linearity included. */
export interface Layer {
  readonly name: string;
  readonly parameters: readonly ParameterSpec[];
  /** F where its values are normalised by statistics over examples, undefined elsewhere. */
  readonly moments: number | undefined;
  /** Names of its norms, as they ask for their statistics; the layer's own name where it has one norm. */
  readonly norms?: readonly string[];
  /** x [T, n, ...] -> [T, n, ...]; `drop` gives what a training drops of activations, which new tasks do not. */
  readonly apply: (params: LayerParams, x: Node, moments: MomentSource, drop?: DropSource) => Node;
}

/** Says what the values before a norm, named after its layer, x [T, n, F], are normalised by. */
export type MomentSource = (norm: string, x: Node) => Moments;

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
  /** The model's own options, those left out at their defaults. */
  readonly settings?: ModelSettings;
}

/** Options of one model, by name. */
export type ModelSettings = Readonly<Record<string, number | string | boolean>>;

/** One line of the table of models. */
export interface ModelEntry {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly source: string;
  /** Hidden widths used when a sweep gives none. */
  readonly defaultHidden: readonly number[];
  /** Options that only this model has, each with its default. */
  readonly options: z.ZodObject;
  /** Why it cannot be built so, as the end of a sentence about it; undefined where it can. */
  refusal(options: ModelOptions): string | undefined;
  /** @throws where there is a refusal */
  build(options: ModelOptions): Model;
}

/** The network's outputs: x [T, n, ...inputShape] -> [T, n, outputs]. */
export function forward(
  model: Model,
  params: readonly LayerParams[],
  x: Node,
  moments = ownMoments,
  drop?: DropSource,
): Node {
  return model.layers.reduce((value, layer, index) => layer.apply(params[index], value, moments, drop), x);
}

/** What every layer puts out, its norm and non-linearity included: one [T, n, ...] per layer, the network's outputs last. */
export function activations(
  model: Model,
  params: readonly LayerParams[],
  x: Node,
  moments = ownMoments,
  drop?: DropSource,
): Node[] {
  let value = x;
  return model.layers.map((layer, index) => value = layer.apply(params[index], value, moments, drop));
}

/** What enters the head: x [T, n, ...inputShape] -> [T, n, D]. */
export function featuresOf(
  model: Model,
  params: readonly LayerParams[],
  x: Node,
  moments = ownMoments,
  drop?: DropSource,
): Node {
  const body = model.layers.slice(0, -1);
  return body.reduce((value, layer, index) => layer.apply(params[index], value, moments, drop), x);
}
