/** Parameters as named arrays: how a learned state leaves and enters a graph. */
import { rng } from "../../common/random.ts";
import type { Graph, Node, Shape } from "../tensor/graph.ts";
import type { LayerParams, Model, ParameterSpec } from "../models/model.ts";
import { sizeOf } from "../tensor/graph.ts";

/** A learned state: "layer.parameter" -> row-major values; `mean:` and `common:` prefixes mark starts of task-specific layers, `meta:` an
 * algorithm's own state, `moments:` the statistics of training that norms go by. */
export type TrainedState = Readonly<Record<string, Float32Array>>;

/** One parameter tensor of a model, located. */
export interface ParameterSlot {
  /** "layer.parameter" */
  readonly key: string;
  /** 0-based index of its layer. */
  readonly layer: number;
  readonly name: string;
  /** Without the task axis. */
  readonly shape: Shape;
}

/** All parameter tensors of a model, layer by layer. */
export function parameterSlots(model: Model): ParameterSlot[] {
  return model.layers.flatMap((layer, index) =>
    layer.parameters.map(({ name, shape }) => ({ key: `${layer.name}.${name}`, layer: index, name, shape }))
  );
}

/**
 * The initial draw of every parameter. It depends on the seed and the parameter alone, so all algorithms of a seed start from the same point.
 *
 * @param purpose names the draw: "init", or another for a draw that is independent of it
 */
export function initialState(model: Model, seed: number, purpose: string): Record<string, Float32Array> {
  return Object.fromEntries(parameterSlots(model).map((slot) => [slot.key, initialDraw(model, slot, seed, purpose)]));
}

/** The same for one parameter. */
export function initialDraw(model: Model, slot: ParameterSlot, seed: number, purpose: string): Float32Array {
  const { name: layer, parameters } = model.layers[slot.layer];
  const spec = parameters.find(({ name }) => name === slot.name) as ParameterSpec;
  return spec.init(sizeOf(spec.shape), rng([seed, purpose, layer, spec.name]));
}

/** The key of an algorithm's own learned state. */
export function metaKey(name: string): string {
  return `meta:${name}`;
}

/** The initial draw of an algorithm's own learned state, by key; it depends on the seed and the name alone. */
export function initialMeta(specs: readonly ParameterSpec[], seed: number): Record<string, Float32Array> {
  return Object.fromEntries(
    specs.map(({ name, shape, init }) => [metaKey(name), init(sizeOf(shape), rng([seed, "init", "meta", name]))]),
  );
}

/** An algorithm's own learned state as states of a graph, by name. */
export function metaStates(graph: Graph, specs: readonly ParameterSpec[]): Record<string, Node> {
  return Object.fromEntries(specs.map(({ name, shape }) => [name, graph.state(metaKey(name), shape)]));
}

/** Groups nodes keyed by slot into the layers of a model. */
export function toLayers(model: Model, node: (slot: ParameterSlot) => Node): LayerParams[] {
  const layers: Record<string, Node>[] = model.layers.map(() => ({}));
  for (const slot of parameterSlots(model)) layers[slot.layer][slot.name] = node(slot);
  return layers;
}

/** Shared parameters as states of a graph, leading axis 1. */
export function sharedStates(graph: Graph, model: Model): LayerParams[] {
  return toLayers(model, (slot) => graph.state(slot.key, [1, ...slot.shape]));
}
