/** What one outer iteration works with and yields. */
import type { LayerParams, Model } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import type { Examples } from "./examples.ts";

/** What one outer iteration may use. */
export interface TrainingStep {
  readonly model: Model;
  /** One entry per layer; leading axis 1 (shared) or T (this batch's task-specific layers). */
  readonly params: readonly LayerParams[];
  /** The parts of the batch: [support, query] of fresh episodes, or one part without a split from a pool of tasks. */
  readonly batch: readonly Examples[];
  /** d: layers 1..d are shared (multi-task) resp. not adapted (MAML family). */
  readonly sharingDepth: number;
  /** α */
  readonly innerLr: number;
  /** S */
  readonly innerSteps: number;
  /** Mean loss per task: [T, n, outputs] x [T, n, outputs] -> [T]. */
  readonly lossPerTask: (prediction: Node, target: Node) => Node;
}

/** What one outer iteration yields: the optimiser descends along `gradients`. */
export interface Objective {
  /** Scalar shown as training loss. */
  readonly loss: Node;
  /** Same structure and shapes as `TrainingStep.params`. */
  readonly gradients: readonly LayerParams[];
}
