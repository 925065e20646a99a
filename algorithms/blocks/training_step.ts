/** What one outer iteration works with and what it yields. */
import type { Node } from "../tensor/graph.ts";
import type { Examples } from "./examples.ts";
import type { Network, Params } from "./network.ts";
import type { OwnSettings } from "./own_settings.ts";

/** Mean loss per task: predictions and targets [T, n, outputs] -> [T]. */
export type LossPerTask = (prediction: Node, target: Node) => Node;

/** What one outer iteration may use. */
export interface TrainingStep {
  readonly network: Network;
  /** θ: one entry per layer; leading axis 1 (shared) or T (this batch's task-specific layers). */
  readonly params: Params;
  /** The algorithm's own learned state, by the names of its `metaParameters`, in their shapes. */
  readonly meta: Readonly<Record<string, Node>>;
  /** The parts of the batch, as the algorithm's `data` says: [support, query] of episodes, or one part without a split. */
  readonly batch: readonly Examples[];
  /** Global ids of the classes behind the labels, [T · N], task by task; undefined for regression. */
  readonly classes: Node | undefined;
  /** Per layer, whether the inner loop changes it: the algorithm's own mask, the same as at test time. */
  readonly mask: readonly boolean[];
  /** α */
  readonly innerLr: number;
  /** S */
  readonly innerSteps: number;
  /** The algorithm's own settings, as its `hyper` declares them. */
  readonly own: OwnSettings;
  readonly lossPerTask: LossPerTask;
  /** Share of the training that is behind, from 0: [1]. What asks for it is fed with it. */
  readonly progress: () => Node;
}

/** Gradients with respect to everything that is learned. */
export interface Gradients {
  /** Same structure and shapes as `TrainingStep.params`. */
  readonly params: Params;
  /** Same names and shapes as `TrainingStep.meta`. */
  readonly meta: Readonly<Record<string, Node>>;
}

/** What one outer iteration yields. */
export interface Objective {
  /** The outer loss of every task, [T]: training descends along the gradient of its mean, which is shown as training loss. */
  readonly losses: Node;
  /** What training descends along where that is no gradient of the losses. */
  readonly gradients?: Gradients;
  /**
   * Each task's share of `gradients`, [T, ...] in the structure of `TrainingStep.params`, whose mean over tasks these are: what is clipped where tasks are
   * clipped one by one. Sweeps that ask for that are refused where `gradients` come without.
   */
  readonly taskGradients?: Params;
}
