/** A model together with what its batch normalisation goes by: what algorithms and adapters predict with. */
import type { Norm } from "../../common/vocabulary.ts";
import {
  activations,
  featuresOf,
  forward,
  type LayerParams,
  type Model,
  type MomentSource,
  ownMoments,
} from "../models/model.ts";
import type { Graph, Node } from "../tensor/graph.ts";
import { type Moments, momentsOver } from "../tensor/nn.ts";

/** Parameters of every layer, leading axis 1 (shared) or T (one set per task). */
export type Params = readonly LayerParams[];

/** Predictions of a model. Shapes: x [T, n, ...inputShape]; outputs [T, n, outputs]; features [T, n, D]. */
export interface Network {
  readonly model: Model;
  /** Outputs on examples that may see each other: a support set, or a batch of training. */
  outputs(params: Params, x: Node): Node;
  /** What enters the head, of such examples. */
  features(params: Params, x: Node): Node;
  /** Outputs on query examples of tasks whose support sets are `supportX`. */
  queryOutputs(params: Params, supportX: Node, x: Node): Node;
  /** What enters the head, of query examples. */
  queryFeatures(params: Params, supportX: Node, x: Node): Node;
  /** What every layer puts out on query examples, the outputs last. */
  queryActivations(params: Params, supportX: Node, x: Node): Node[];
}

/** Examples and queries are normalised by the sources given. */
function networkOf(
  model: Model,
  own: MomentSource,
  query: (params: Params, supportX: Node) => MomentSource,
): Network {
  return {
    model,
    outputs: (params, x) => forward(model, params, x, own),
    features: (params, x) => featuresOf(model, params, x, own),
    queryOutputs: (params, supportX, x) => forward(model, params, x, query(params, supportX)),
    queryFeatures: (params, supportX, x) => featuresOf(model, params, x, query(params, supportX)),
    queryActivations: (params, supportX, x) => activations(model, params, x, query(params, supportX)),
  };
}

/** Every set of examples is normalised by its own statistics, query sets too (transductive). Right also for models without such statistics. */
export function transductive(model: Model): Network {
  return networkOf(model, ownMoments, () => ownMoments);
}

/** Support sets are normalised by their own statistics, and query examples by those of their task's support set under the same parameters. */
export function supportNormalised(model: Model): Network {
  return networkOf(model, ownMoments, (params, supportX) => {
    const seen = new Map<string, Moments>();
    forward(model, params, supportX, (layer, x) => {
      const moments = ownMoments(layer, x);
      seen.set(layer, moments);
      return moments;
    });
    return (layer) => known(seen, layer);
  });
}

/** Statistics are those of all examples of all tasks of a batch together: how a body that no inner loop changes is trained. */
export function batchNormalised(model: Model): Network {
  const all: MomentSource = (_, x) => momentsOver(x, [0, 1]);
  return networkOf(model, all, () => all);
}

/** Statistics are given: those of training, for new tasks. */
export function givenMoments(model: Model, moments: ReadonlyMap<string, Moments>): Network {
  return networkOf(model, (layer) => known(moments, layer), () => (layer) => known(moments, layer));
}

function known(moments: ReadonlyMap<string, Moments>, layer: string): Moments {
  const found = moments.get(layer);
  if (found === undefined) throw new Error(`internal: no statistics of layer "${layer}"`);
  return found;
}

/**
 * What a new task's batch statistics are under `batch-inductive`: its support set's, where an inner loop adapts the body; else those of training.
 * Under every other normalisation this makes no difference.
 */
export type Statistics = "support" | "training";

/** The network that a training works with. */
export function trainingNetwork(model: Model, norm: Norm, statistics: Statistics): Network {
  if (norm !== "batch-inductive") return transductive(model);
  return statistics === "support" ? supportNormalised(model) : batchNormalised(model);
}

/** The network that a new task meets; statistics of training are states of the graph, see `momentSlots`. */
export function taskNetwork(graph: Graph, model: Model, norm: Norm, statistics: Statistics): Network {
  if (norm !== "batch-inductive") return transductive(model);
  if (statistics === "support") return supportNormalised(model);
  const state = ({ layer, key, width }: MomentSlot) => [layer, key, graph.state(key, [1, 1, width])] as const;
  const nodes = momentSlots(model).map(state);
  return givenMoments(
    model,
    new Map(
      model.layers.filter(({ moments }) => moments !== undefined).map(({ name }) => {
        const [mean, variance] = nodes.filter(([layer]) => layer === name).map(([, , node]) => node);
        return [name, { mean, variance }];
      }),
    ),
  );
}

/** Where a statistic of training is kept in a learned state. */
export interface MomentSlot {
  readonly layer: string;
  /** "moments:layer.mean" or "moments:layer.variance". */
  readonly key: string;
  /** F */
  readonly width: number;
}

/** The statistics of training that a model's norms have, layer by layer, mean before variance. */
export function momentSlots(model: Model): MomentSlot[] {
  return model.layers.flatMap(({ name, moments }) =>
    moments === undefined
      ? []
      : ["mean", "variance"].map((kind) => ({ layer: name, key: `moments:${name}.${kind}`, width: moments }))
  );
}
