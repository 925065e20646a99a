/**
 * Clipping of each task's gradient by its norm before the mean over tasks, so that one exploding task cannot spoil the
 * step of all.
 */
import type { LayerParams } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import { add, broadcastTo, div, maximum, offset, relu, scale, select, sqrt, step, sub, sumAll } from "../tensor/ops.ts";
import { type PerTask, perTask } from "../tensor/per_task.ts";
import { layerGradients, mapParams } from "./inner_loop.ts";

/** Squared norms from here on count as not finite: about where float32 ends. */
const MAX_SQUARED_NORM = 3e38;

/** Tensors by layer and name: parameters, or something of their structure. */
type Layers = readonly LayerParams[];

/** What to clip. */
export interface PerTaskLoss {
  /** Each task's own loss, built from `own` instead of `params`: [T]. */
  readonly lossPerTask: Node;
  /** The parameters: leading axis 1 (shared by the tasks) or T (one set for each task of the batch). */
  readonly params: readonly LayerParams[];
  /** What `ownCopies` made of `params`. */
  readonly own: readonly LayerParams[];
  /**
   * c > 0, the largest norm of a task's gradient over all parameters together; Infinity drops only what is not finite.
   */
  readonly maxNorm: number;
}

/** The mean over tasks of clipped gradients. */
export interface ClippedGradient {
  /** Same structure and shapes as the parameters. */
  readonly gradients: readonly LayerParams[];
  /** The mean loss of the tasks whose gradient is finite, or not a number when there is none: []. */
  readonly loss: Node;
  /** How many tasks' gradients were scaled down: []. */
  readonly clipped: Node;
  /** How many tasks' gradients are not finite, or have a norm above 1.7 · 10¹⁹, and were left out: []. */
  readonly notFinite: Node;
}

/**
 * One copy of shared parameters for each task, [1, ...] -> [T, ...], so that each task has a gradient of its own;
 * others stay as they are.
 */
export function ownCopies(params: readonly LayerParams[], tasks: number): LayerParams[] {
  return params.map((layer) => mapParams(layer, (node) => broadcastTo(node, [tasks, ...node.shape.slice(1)])));
}

/**
 * (1/T) Σ_t g_t min(1, c / ‖g_t‖), where g_t = ∇L_t is the gradient of task t's own loss with respect to all parameters
 * together and ‖·‖ its Euclidean norm. A task-specific parameter's gradient is g_t min(1, c / ‖g_t‖) / T, each task's
 * apart. A g_t that is not finite counts as 0.
 *
 * With c = Infinity and finite gradients it is the gradient of the mean of `lossPerTask`.
 *
 * Source: Abadi et al. 2016, Algorithm 1 (arXiv:1607.00133), with tasks for examples and without noise.
 */
export function clippedGradient({ lossPerTask, params, own, maxNorm }: PerTaskLoss): ClippedGradient {
  return clippedMean(layerGradients(sumAll(lossPerTask), own), lossPerTask, params, maxNorm);
}

/**
 * The same for gradients that are given: each task's own in [T, ...], in the structure of the parameters.
 *
 * @param lossPerTask what the mean loss is made of: [T]
 */
export function clippedMean(
  taskGradients: Layers,
  lossPerTask: Node,
  params: Layers,
  maxNorm: number,
): ClippedGradient {
  if (!(maxNorm > 0)) throw new Error(`internal: gradients cannot be clipped to the norm ${maxNorm}`);
  const [tasks] = lossPerTask.shape;
  const parts = taskGradients.map(contributions);
  const squares = parts.flatMap((layer) => Object.values(layer)).map(({ squaredNorms }) => squaredNorms).reduce(add);
  const all = (value: number) => squares.graph.constant(value, [tasks]);
  const finite = step(sub(all(MAX_SQUARED_NORM), squares)); // 0 for what is not a number, too
  const relativeNorm = scale(sqrt(relu(select(squares, finite))), 1 / maxNorm);
  const weights = scale(div(finite, maximum(relativeNorm, all(1))), 1 / tasks);
  const gradients = params.map((layer, index) =>
    mapParams(layer, (node, name) => {
      const part = parts[index][name];
      return node.shape[0] === 1 ? part.weightedSum(weights) : part.weighted(weights);
    })
  );
  return {
    gradients,
    loss: div(sumAll(select(lossPerTask, finite)), sumAll(finite)),
    clipped: sumAll(step(offset(relativeNorm, -1))),
    notFinite: offset(scale(sumAll(finite), -1), tasks),
  };
}

function contributions(layer: LayerParams): Readonly<Record<string, PerTask>> {
  return Object.fromEntries(Object.entries(layer).map(([name, gradient]) => [name, perTask(gradient)]));
}
