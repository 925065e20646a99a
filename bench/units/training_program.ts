/** One outer iteration of any algorithm as a program: batch in, learned state and optimiser updated in place. */
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Examples } from "../../algorithms/blocks/examples.ts";
import { type Network, type Params, trainingNetwork } from "../../algorithms/blocks/network.ts";
import { metaKey, metaStates, parameterSlots, toLayers } from "../../algorithms/blocks/parameters.ts";
import { outerGradients } from "../../algorithms/blocks/outer_gradients.ts";
import type { Gradients, LossPerTask } from "../../algorithms/blocks/training_step.ts";
import type { Model, ParameterSpec } from "../../algorithms/models/model.ts";
import { clipped, type Clipping } from "../../algorithms/optimisers/clipping.ts";
import type { Optimiser } from "../../algorithms/optimisers/optimiser.ts";
import { type OptimiserName, optimisers } from "../../algorithms/optimisers/registry.ts";
import { Graph, isOp, type Node } from "../../algorithms/tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../../algorithms/tensor/nn.ts";
import { add, addRows, meanAll, relu, reshape, scale, sub, takeRows } from "../../algorithms/tensor/ops.ts";
import { type Program, program, type Update } from "../../algorithms/tensor/program.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";
import type { BatchShape } from "./batches.ts";
import { clippedByTask, copiesForTasks } from "./clip_by_task.ts";
import { dropInputs, type DropMask } from "./drops.ts";
import { innerStepsOf } from "./subject.ts";

/** The loss a data set is trained on: mean squared error or cross-entropy, per task. */
export function lossFor(dataSet: Pick<DataSet, "kind">): LossPerTask {
  return dataSet.kind === "regression" ? squaredErrorPerTask : crossEntropyPerTask;
}

/** Whether the parameters of a layer exist once per task of the pool. */
export function isTaskSpecific(algorithm: Pick<Algorithm, "data">, sharingDepth: number, layer: number): boolean {
  return algorithm.data === "pool" && layer >= sharingDepth;
}

/** The input that says what share of a training is behind. */
export const PROGRESS = "progress";

/** The learned state, and the objective with its gradients, inside a graph of their own. */
export interface StepGraph {
  readonly graph: Graph;
  readonly params: Params;
  /** The algorithm's own learned state, by name. */
  readonly meta: Readonly<Record<string, Node>>;
  /** Mean of the objective's losses. */
  readonly loss: Node;
  /** What training descends along. */
  readonly gradients: Gradients;
  /** Pool indices of the batch's tasks, [T]; only for algorithms with a pool. */
  readonly rows: Node | undefined;
  /** What is dropped of activations, drawn anew for every iteration: further inputs. */
  readonly masks: readonly DropMask[];
}

/** What a training's graph is built from. */
export interface StepParts {
  readonly algorithm: Algorithm;
  readonly model: Model;
  readonly spec: Pick<TrainSpec, "norm" | "sharingDepth" | "innerSteps" | "hyper">;
  readonly batch: BatchShape;
  readonly dataSet: Pick<DataSet, "kind" | "inputShape">;
  /** Specs of the algorithm's own learned state. */
  readonly metaSpecs: readonly ParameterSpec[];
}

/**
 * Builds one outer iteration's objective and gradients. States: the parameters ([1, ...], or [P, ...] where task-specific) and the algorithm's own; inputs:
 * `x0`, `y0`, `x1`, ... of the batch's parts, `classes` where labels stand for classes, and `rows` for a pool.
 *
 * @throws when the algorithm is not trained
 */
export function stepGraph({ algorithm, model, spec, batch, dataSet, metaSpecs }: StepParts): StepGraph {
  if (algorithm.objective === undefined) throw new Error(`internal: algorithm "${algorithm.name}" is not trained`);
  const graph = new Graph();
  const { hyper } = spec;
  const rows = algorithm.data === "pool" ? graph.input("rows", [batch.tasks]) : undefined;
  const params = toLayers(
    model,
    ({ key, layer, shape }) =>
      rows !== undefined && isTaskSpecific(algorithm, spec.sharingDepth ?? 0, layer)
        ? takeRows(graph.state(key, [hyper.pool, ...shape]), rows)
        : graph.state(key, [1, ...shape]),
  );
  const meta = metaStates(graph, metaSpecs);
  const parts = batch.parts.map((examples, part): Examples => ({
    x: graph.input(`x${part}`, [batch.tasks, examples, ...dataSet.inputShape]),
    y: graph.input(`y${part}`, [batch.tasks, examples, batch.outputs]),
  }));
  const masks: DropMask[] = [];
  const network: Network = trainingNetwork(
    model,
    spec.norm,
    algorithm.statistics,
    dropInputs(graph, masks),
  );
  const clipping = hyper.clip as Clipping | null;
  // Where tasks are clipped one by one, each has a copy of what they share, so that its gradient can be told from the others'.
  const ofTasks = clipping?.by === "task-norm";
  const own = ofTasks ? copiesForTasks({ params, meta }, batch.tasks) : { params, meta };
  const objective = algorithm.objective({
    ...{ network, ...own, batch: parts },
    classes: batch.ways === 0 || algorithm.data === "labelled"
      ? undefined
      : graph.input("classes", [batch.tasks * batch.ways]),
    mask: algorithm.adaptationMask(spec.sharingDepth, model.layers.length),
    innerLr: hyper.innerLr,
    innerSteps: innerStepsOf(spec),
    own: hyper.own,
    lossPerTask: lossFor(dataSet),
    progress: () => graph.input(PROGRESS, [1]),
  });
  if (ofTasks) {
    const clipped = clippedByTask(algorithm.name, objective, { params, meta }, own, clipping.limit);
    return { graph, params, meta, ...clipped, rows, masks };
  }
  const loss = meanAll(objective.losses);
  return { graph, params, meta, loss, gradients: outerGradients(objective, loss, params, meta), rows, masks };
}

/** One tensor of the learned state with its gradient. */
interface Leaf {
  readonly key: string;
  readonly parameter: Node;
  readonly gradient: Node;
}

/** The outer optimiser of a training. */
export function optimiserOf({ optimiser }: Pick<TrainSpec["hyper"], "optimiser">): Optimiser {
  return optimisers[optimiser.name as OptimiserName];
}

/** Names of an optimiser's numbers for what is shared, and for the rows of a pool. */
export const scalarName = (index: number) => `scalar${index}`;
export const rowScalarName = (index: number) => `rowScalar${index}`;

/** Names of all states of a training: the learned ones and the optimiser's. */
export function stateNames(model: Model, metaSpecs: readonly ParameterSpec[], optimiser: Optimiser): string[] {
  const keys = [...parameterSlots(model).map(({ key }) => key), ...metaSpecs.map(({ name }) => metaKey(name))];
  return keys.flatMap((key) => [key, ...optimiser.slots.map((slot) => `${slot}:${key}`)]);
}

/**
 * The whole iteration: gradients, clipping, weight decay, the optimiser's step. Further inputs: the optimiser's numbers for what is shared ([1] each) and, for
 * rows of a pool whose moments are lazy, for each row ([T] each); further states: the optimiser's slots of everything learned, `lossSum`, which adds up the
 * objective's loss, and `lossMax`, which keeps its largest.
 */
export function trainingProgram(step: Omit<StepGraph, "masks">, model: Model, hyper: TrainSpec["hyper"]): Program {
  const { graph, params, meta, loss, gradients, rows } = step;
  const optimiser = optimiserOf(hyper);
  const leaves: Leaf[] = [
    ...parameterSlots(model).map(({ key, layer, name }) => {
      return { key, parameter: params[layer][name], gradient: gradients.params[layer][name] };
    }),
    ...Object.entries(meta).map(([name, parameter]) => {
      return { key: metaKey(name), parameter, gradient: gradients.meta[name] };
    }),
  ];
  const shared = Array.from({ length: optimiser.scalarCount }, (_, i) => graph.input(scalarName(i), [1]));
  const lossSum = graph.state("lossSum", []);
  const lossMax = graph.state("lossMax", []);
  const updates: Update[] = [
    { state: lossSum, value: add(lossSum, loss) },
    { state: lossMax, value: add(lossMax, relu(sub(loss, lossMax))) },
  ];
  const limited = clipped(leaves.map(({ gradient }) => gradient), hyper.clip as Clipping | null);
  for (const [index, { key, parameter }] of leaves.entries()) {
    const table = rows !== undefined && isOp(parameter, "takeRows") ? parameter.inputs[0] : undefined;
    const lazy = table !== undefined && hyper.poolMoments === "lazy" ? rows : undefined;
    const target = lazy !== undefined || table === undefined ? parameter : table;
    const raw = table !== undefined && lazy === undefined && rows !== undefined
      ? addRows(limited[index], rows, table.shape[0])
      : limited[index];
    const gradient = hyper.weightDecay === 0 ? raw : add(raw, scale(target, hyper.weightDecay));
    const whole = table ?? parameter;
    const states = optimiser.slots.map((slot) => graph.state(`${slot}:${key}`, whole.shape));
    const slots = Object.fromEntries(
      optimiser.slots.map((slot, i) => [slot, lazy === undefined ? states[i] : takeRows(states[i], lazy)]),
    );
    const scalars = lazy === undefined ? shared : rowScalars(graph, optimiser, parameter);
    const next = optimiser.step(target, gradient, slots, scalars, hyper.optimiser);
    const where = lazy === undefined ? {} : { rows: lazy };
    updates.push({ state: whole, value: next.parameter, ...where });
    optimiser.slots.forEach((slot, i) => updates.push({ state: states[i], value: next.slots[slot], ...where }));
  }
  return program({ outputs: {}, updates });
}

function rowScalars(graph: Graph, { scalarCount }: Optimiser, { shape: [tasks, ...rest] }: Node): Node[] {
  return Array.from(
    { length: scalarCount },
    (_, i) => reshape(graph.input(rowScalarName(i), [tasks]), [tasks, ...rest.map(() => 1)]),
  );
}
