/** A model together with what its batch normalisation goes by: what algorithms and adapters predict with. */
import type { Norm } from "../../common/vocabulary.ts";
import type { DropSource } from "../models/drop.ts";
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

/** What a training drops of the activations of a set of examples x. */
export type Drops = (x: Node) => DropSource;

/** Examples and queries are normalised by the sources given. */
function networkOf(
  model: Model,
  own: MomentSource,
  query: (params: Params, supportX: Node) => MomentSource,
  drops?: Drops,
): Network {
  return {
    model,
    outputs: (params, x) => forward(model, params, x, own, drops?.(x)),
    features: (params, x) => featuresOf(model, params, x, own, drops?.(x)),
    queryOutputs: (params, supportX, x) => forward(model, params, x, query(params, supportX), drops?.(x)),
    queryFeatures: (params, supportX, x) => featuresOf(model, params, x, query(params, supportX), drops?.(x)),
    queryActivations: (params, supportX, x) => activations(model, params, x, query(params, supportX), drops?.(x)),
  };
}

/** Every set of examples is normalised by its own statistics, query sets too (transductive). Right also for models without such statistics. */
export function transductive(model: Model, drops?: Drops): Network {
  return networkOf(model, ownMoments, () => ownMoments, drops);
}

/** Support sets are normalised by their own statistics, and query examples by those of their task's support set under the same parameters. */
export function supportNormalised(model: Model, drops?: Drops): Network {
  const ofSupport = (params: Params, supportX: Node): MomentSource => {
    const seen = new Map<string, Moments>();
    const source: MomentSource = (norm, x) => {
      const moments = ownMoments(norm, x);
      seen.set(norm, moments);
      return moments;
    };
    forward(model, params, supportX, source, drops?.(supportX));
    return (norm) => known(seen, norm);
  };
  return networkOf(model, ownMoments, ofSupport, drops);
}

/** Statistics are those of all examples of all tasks of a batch together: how a body that no inner loop changes is trained. */
export function batchNormalised(model: Model, drops?: Drops): Network {
  const all: MomentSource = (_, x) => momentsOver(x, [0, 1]);
  return networkOf(model, all, () => all, drops);
}

/** Statistics are given: those of training, for new tasks. */
export function givenMoments(model: Model, moments: ReadonlyMap<string, Moments>): Network {
  return networkOf(model, (norm) => known(moments, norm), () => (norm) => known(moments, norm));
}

function known(moments: ReadonlyMap<string, Moments>, norm: string): Moments {
  const found = moments.get(norm);
  if (found === undefined) throw new Error(`internal: no statistics of layer "${norm}"`);
  return found;
}

/**
 * What a new task's batch statistics are under `batch-inductive`: its support set's, where an inner loop adapts the body; else those of training.
 * Under every other normalisation this makes no difference.
 */
export type Statistics = "support" | "training";

/** The network that a training works with. */
export function trainingNetwork(model: Model, norm: Norm, statistics: Statistics, drops?: Drops): Network {
  if (norm !== "batch-inductive") return transductive(model, drops);
  return statistics === "support" ? supportNormalised(model, drops) : batchNormalised(model, drops);
}

/** The network that a new task meets; statistics of training are states of the graph, see `momentSlots`. */
export function taskNetwork(graph: Graph, model: Model, norm: Norm, statistics: Statistics): Network {
  if (norm !== "batch-inductive") return transductive(model);
  if (statistics === "support") return supportNormalised(model);
  const nodes = momentSlots(model).map(({ norm, key, width }) => [norm, graph.state(key, [1, 1, width])] as const);
  const given = Map.groupBy(nodes, ([norm]) => norm);
  const moments = [...given].map(([norm, [[, mean], [, variance]]]) => [norm, { mean, variance }] as const);
  return givenMoments(model, new Map(moments));
}

/** Where a statistic of training is kept in a learned state. */
export interface MomentSlot {
  readonly norm: string;
  /** "moments:norm.mean" or "moments:norm.variance". */
  readonly key: string;
  /** F */
  readonly width: number;
}

/** The statistics of training that a model's norms have, layer by layer, mean before variance. */
export function momentSlots(model: Model): MomentSlot[] {
  return model.layers.flatMap(({ name, moments: width, norms = [name] }) =>
    width === undefined
      ? []
      : norms.flatMap((norm) => ["mean", "variance"].map((kind) => ({ norm, key: `moments:${norm}.${kind}`, width })))
  );
}
