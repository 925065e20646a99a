/** One outer iteration of any algorithm as a program: batch in, parameters and optimiser updated in place. */
import { adamStep } from "../../algorithms/optimisers/adam.ts";
import type { Algorithm } from "../../algorithms/algorithm.ts";
import type { Objective } from "../../algorithms/blocks/training_step.ts";
import type { Examples } from "../../algorithms/blocks/examples.ts";
import type { LayerParams, Model } from "../../algorithms/models/model.ts";
import { parameterSlots, toLayers } from "../../algorithms/blocks/parameters.ts";
import { Graph, type Node } from "../../algorithms/tensor/graph.ts";
import { crossEntropyPerTask, squaredErrorPerTask } from "../../algorithms/tensor/nn.ts";
import { add, clip, reshape, takeRows } from "../../algorithms/tensor/ops.ts";
import { type Program, program, type Update } from "../../algorithms/tensor/program.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";

/** Sizes of a training batch. */
export interface BatchShape {
  readonly tasks: number;
  /** Examples per task of each part: [support, query], or [all]. */
  readonly parts: readonly number[];
}

/** The loss a data set is trained on: mean squared error or cross-entropy, per task. */
export function lossFor(dataSet: Pick<DataSet, "kind">): (prediction: Node, target: Node) => Node {
  return dataSet.kind === "regression" ? squaredErrorPerTask : crossEntropyPerTask;
}

/** Whether the parameters of a layer exist once per task of the pool. */
export function isTaskSpecific(algorithm: Algorithm, sharingDepth: number, layer: number): boolean {
  return algorithm.data === "pool" && layer >= sharingDepth;
}

/** The parameters, and the objective with its gradients, inside a graph of their own. */
export interface StepGraph {
  readonly graph: Graph;
  readonly params: readonly LayerParams[];
  readonly objective: Objective;
  /** Pool indices of the batch's tasks, [T]; only for algorithms with a pool. */
  readonly rows: Node | undefined;
}

/**
 * Builds one outer iteration's objective. States: the parameters ([1, ...], or [P, ...] where task-specific); inputs: `x0`, `y0`, `x1`, ... of the
 * batch's parts, and `rows` for a pool.
 *
 * @throws when the algorithm is not trained
 */
export function stepGraph(
  algorithm: Algorithm,
  model: Model,
  spec: Pick<TrainSpec, "sharingDepth" | "innerSteps" | "hyper">,
  batch: BatchShape,
  dataSet: Pick<DataSet, "kind" | "inputShape" | "outputs">,
): StepGraph {
  if (algorithm.objective === undefined) throw new Error(`internal: algorithm "${algorithm.name}" is not trained`);
  const graph = new Graph();
  const sharingDepth = spec.sharingDepth ?? 0;
  const rows = algorithm.data === "pool" ? graph.input("rows", [batch.tasks]) : undefined;
  const params = toLayers(
    model,
    ({ key, layer, shape }) =>
      rows !== undefined && isTaskSpecific(algorithm, sharingDepth, layer)
        ? takeRows(graph.state(key, [spec.hyper.pool, ...shape]), rows)
        : graph.state(key, [1, ...shape]),
  );
  const parts = batch.parts.map((examples, part): Examples => ({
    x: graph.input(`x${part}`, [batch.tasks, examples, ...dataSet.inputShape]),
    y: graph.input(`y${part}`, [batch.tasks, examples, dataSet.outputs]),
  }));
  const objective = algorithm.objective({
    model,
    params,
    batch: parts,
    sharingDepth,
    innerLr: spec.hyper.innerLr,
    innerSteps: Math.max(1, spec.innerSteps ?? 1),
    lossPerTask: lossFor(dataSet),
  });
  return { graph, params, objective, rows };
}

/**
 * The whole iteration: gradients, clipping, Adam. Further inputs: `rate` [1] (bias-corrected step size) and, for a pool, `rowRates` [T]; further
 * states: `m:` and `v:` of every parameter and `lossSum`, which adds up the objective's loss.
 */
export function trainingProgram(step: StepGraph, model: Model, hyper: TrainSpec["hyper"]): Program {
  const { graph, params, objective, rows } = step;
  const rate = graph.input("rate", [1]);
  const lossSum = graph.state("lossSum", []);
  const updates: Update[] = [{ state: lossSum, value: add(lossSum, objective.loss) }];
  for (const { key, layer, name } of parameterSlots(model)) {
    const parameter = params[layer][name];
    const raw = objective.gradients[layer][name];
    const gradient = hyper.clip === null ? raw : clip(raw, -hyper.clip, hyper.clip);
    const ofPool = rows !== undefined && parameter.op === "takeRows";
    const table = ofPool ? parameter.inputs[0] : parameter;
    const moment = (kind: string) => {
      const state = graph.state(`${kind}:${key}`, table.shape);
      return { state, value: ofPool ? takeRows(state, rows) : state };
    };
    const [m, v] = [moment("m"), moment("v")];
    const tasks = parameter.shape[0];
    const rates = ofPool
      ? reshape(graph.input("rowRates", [tasks]), [tasks, ...parameter.shape.slice(1).map(() => 1)])
      : rate;
    const next = adamStep(parameter, gradient, { m: m.value, v: v.value }, rates);
    const where = ofPool ? { rows } : {};
    updates.push({ state: table, value: next.parameter, ...where });
    updates.push({ state: m.state, value: next.m, ...where }, { state: v.state, value: next.v, ...where });
  }
  return program({ outputs: {}, updates });
}
