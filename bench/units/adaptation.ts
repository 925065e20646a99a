/** The programs by which a trained state meets new tasks. */
import type { GraphAdapter } from "../../algorithms/adapters/adapter.ts";
import { frozenPrefix } from "../../algorithms/blocks/masks.ts";
import type { Model, ParameterSpec } from "../../algorithms/models/model.ts";
import { taskNetwork } from "../../algorithms/blocks/network.ts";
import {
  initialState,
  metaKey,
  metaStates,
  parameterSlots,
  sharedStates,
  type TrainedState,
} from "../../algorithms/blocks/parameters.ts";
import { Graph, type Node } from "../../algorithms/tensor/graph.ts";
import { type Program, program } from "../../algorithms/tensor/program.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { algorithmOf } from "./subject.ts";
import { lossFor } from "./training_program.ts";
import type { EvaluationSpec, TrainSpec } from "../store/types.ts";
import type { TaskStart } from "../../common/vocabulary.ts";

/** Sizes of a batch of episodes. */
export type EpisodeSizes = Pick<EpisodeBatch, "tasks" | "nSupport" | "nQuery">;

/** What a program needs to know of a data set. */
export type DataShape = Pick<DataSet, "kind" | "inputShape" | "outputs">;

/**
 * What every new task starts from: the learned parameters, of which task-specific ones of a joint training start as `taskStart` says, and the algorithm's own
 * learned state.
 */
export function startOf(
  model: Model,
  { seed }: Pick<TrainSpec, "seed">,
  taskStart: TaskStart | null,
  state: TrainedState,
): TrainedState {
  const fresh = taskStart === "random" ? initialState(model, seed, "task-start") : {};
  return {
    ...Object.fromEntries(Object.entries(state).filter(([key]) => key.startsWith(metaKey("")))),
    ...Object.fromEntries(
      parameterSlots(model).map(({ key }) => [key, state[key] ?? fresh[key] ?? state[`${taskStart ?? "mean"}:${key}`]]),
    ),
  };
}

interface EpisodeNodes {
  readonly graph: Graph;
  readonly supportX: Node;
  readonly supportY: Node;
  readonly queryX: Node;
}

function episodeNodes({ tasks, nSupport, nQuery }: EpisodeSizes, { inputShape, outputs }: DataShape): EpisodeNodes {
  const graph = new Graph();
  return {
    graph,
    supportX: graph.input("supportX", [tasks, nSupport, ...inputShape]),
    supportY: graph.input("supportY", [tasks, nSupport, outputs]),
    queryX: graph.input("queryX", [tasks, nQuery, ...inputShape]),
  };
}

/** An output of a program. */
export type NamedNode = readonly [name: string, value: Node];

/** A learned state that meets new tasks. */
export interface Subject {
  readonly model: Model;
  readonly spec: Pick<TrainSpec, "algorithm" | "sharingDepth" | "norm" | "hyper">;
  /** Specs of the algorithm's own learned state. */
  readonly metaSpecs: readonly ParameterSpec[];
}

/** Adaptation of a state by an adapter that runs on the backend. */
export interface GraphAdaptation extends Subject, Pick<EvaluationSpec, "adaptDepth" | "innerSteps"> {
  readonly adapter: GraphAdapter;
  readonly strength: number;
  /** What else to put out of what the layers compute on the query sets after so many steps and before, one [T, n, ...] each. */
  readonly watch?: (
    activations: readonly Node[],
    before: readonly Node[],
    innerSteps: number,
  ) => readonly NamedNode[];
}

/** Per layer, whether this adaptation changes it. */
export function maskOf(
  { model, spec, adaptDepth }: Pick<GraphAdaptation, "model" | "spec" | "adaptDepth">,
): readonly boolean[] {
  const layers = model.layers.length;
  return adaptDepth === "native"
    ? algorithmOf(spec).adaptationMask(spec.sharingDepth, layers)
    : frozenPrefix(adaptDepth, layers);
}

/** Adapts to the support sets and predicts the query sets after each number of inner steps asked for: outputs `step<s>`, and what is watched. */
export function adaptationProgram(adaptation: GraphAdaptation, sizes: EpisodeSizes, shape: DataShape): Program {
  const { adapter, model, spec, metaSpecs, innerSteps, strength, watch } = adaptation;
  const { graph, supportX, supportY, queryX } = episodeNodes(sizes, shape);
  const algorithm = algorithmOf(spec);
  const network = taskNetwork(graph, model, spec.norm, algorithm.statistics);
  const shared = sharedStates(graph, model);
  const learned = { meta: metaStates(graph, metaSpecs), own: spec.hyper.own };
  const passed = adapter.trajectory({
    network,
    params: algorithm.taskParams?.(shared) ?? shared,
    support: { x: supportX, y: supportY },
    mask: maskOf(adaptation),
    strength,
    rates: algorithm.innerRates?.(learned),
    precondition: algorithm.precondition?.(learned),
    atStep: algorithm.atStep?.(learned),
    context: algorithm.context?.(learned),
    innerSteps: Math.max(...innerSteps),
    lossPerTask: lossFor(shape),
  });
  const valuesAt = (s: number) => network.queryActivations(passed[s], supportX, queryX);
  const outputs = innerSteps.flatMap((s): NamedNode[] => {
    const values = valuesAt(s);
    return [[`step${s}`, values[values.length - 1]], ...watch?.(values, valuesAt(0), s) ?? []];
  });
  return program({ outputs: Object.fromEntries(outputs) });
}

/**
 * Floating-point operations per task of adapting with `innerSteps` steps and predicting the query sets: those of the program that does just that,
 * not a share of the one that goes on to more steps and predicts on the way. Tasks are adapted together, which saves operations on what they share.
 */
export function adaptationFlops(
  adaptation: Omit<GraphAdaptation, "innerSteps">,
  innerSteps: number,
  sizes: EpisodeSizes,
  shape: DataShape,
): number {
  return adaptationProgram({ ...adaptation, innerSteps: [innerSteps] }, sizes, shape).flops / sizes.tasks;
}

/** What enters the head, of the support and the query sets: outputs `support` and `query`, [T, n, D]. */
export function featureProgram({ model, spec }: Subject, sizes: EpisodeSizes, shape: DataShape): Program {
  const { graph, supportX, queryX } = episodeNodes(sizes, shape);
  const network = taskNetwork(graph, model, spec.norm, algorithmOf(spec).statistics);
  const params = sharedStates(graph, model);
  return program({
    outputs: {
      support: network.features(params, supportX),
      query: network.queryFeatures(params, supportX, queryX),
    },
  });
}
