/** The contract of an algorithm: facts about it, and pure functions over an explicit graph; no clocks, files, globals or console. */
import type { z } from "zod";
import type { TaskKind } from "../common/vocabulary.ts";
import type { AdapterName } from "./adapters/registry.ts";
import type { Context } from "./blocks/context.ts";
import type { AtStep, InnerRates, Precondition } from "./blocks/inner_loop.ts";
import type { Params, Statistics } from "./blocks/network.ts";
import type { MetaSettings, OwnSettings } from "./blocks/own_settings.ts";
import type { Objective, TrainingStep } from "./blocks/training_step.ts";
import type { Model, ParameterSpec } from "./models/model.ts";
import type { Node } from "./tensor/graph.ts";

/** A sweep axis that an algorithm may read. */
export type Axis = "shots" | "innerSteps" | "sharingDepth" | "taskStart";

/**
 * What a training batch is made of: fresh `episodes` (support and query); fresh `tasks` without a split; tasks of a fixed `pool`, each with layers of
 * its own beyond the sharing depth; `labelled` examples of all training classes, without tasks; or `none`.
 */
export type TrainingData = "episodes" | "tasks" | "pool" | "labelled" | "none";

/**
 * What training descends along: the `exact` gradient of the mean of the objective's losses; its `first-order` part, with the inner gradients held constant;
 * the mean `displacement` of the parameters by the inner loop, per step and step size; one that is `modified` in a way that an identity pins; or `none`.
 */
export type OuterGradient = "exact" | "first-order" | "displacement" | "modified" | "none";

/** Settings under which two algorithms are compared; those left out stay as they are. */
export interface IdentityKnobs {
  /** d, counted from the input, or from the output where it is "L" or "L - 1". */
  readonly depth?: number | "L" | "L - 1" | null;
  readonly innerLr?: number;
  readonly innerSteps?: number;
  readonly own?: OwnSettings;
}

/** A statement "under these settings, this algorithm's outer gradient is that of another one", which the conformance suite checks in float64. */
export interface Identity {
  /** In words: "with frozen rates, Meta-SGD is MAML". */
  readonly statement: string;
  /** Name of the other algorithm. */
  readonly is: string;
  readonly here: IdentityKnobs;
  readonly there: IdentityKnobs;
  /** This gradient is `factor` times the other's; 1 by default. */
  readonly factor?: number;
  /** Largest difference relative to the largest entry; 0 where the two are equal bit for bit. */
  readonly tolerance: number;
}

/** Kinds of learners, in the order in which they are listed. */
export const ALGORITHM_FAMILIES = [
  "multi-task",
  "gradient-based meta-learning",
  "closed-form meta-learning",
  "metric",
  "control",
] as const;
export type AlgorithmFamily = (typeof ALGORITHM_FAMILIES)[number];

export interface Algorithm {
  readonly name: string;
  readonly title: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  /** Paper, equation or algorithm number, arXiv id. */
  readonly source: string;
  /** Numbered deviations from the source. */
  readonly deviations: readonly string[];
  /** Kinds of task that it is for; no cells are made of others. */
  readonly supports: readonly TaskKind[];
  /** Axes that its cells depend on; a cell of another axis value would be the same cell. */
  readonly reads: readonly Axis[];
  /** Axes that change what it learns; a subset of `reads`. */
  readonly shapesTraining: readonly Axis[];
  /** Highest derivative of the model that training takes: 0 (no training), 1 or 2. */
  readonly gradientOrder: 0 | 1 | 2;
  readonly outerGradient: OuterGradient;
  readonly data: TrainingData;
  /** Whether it can train on tasks of more or fewer ways than it is tested on. */
  readonly anyWays?: true;
  /** What batch statistics a new task is normalised by under `batch-inductive`. */
  readonly statistics: Statistics;
  /**
   * The sharing depth of a cell: the asked-for d where the algorithm is on the axis, its one fixed value, null when off the axis,
   * or undefined when it has no such variant (no cell is made).
   */
  sharingDepth(asked: number, layers: number): number | null | undefined;
  /** The sharing depth that its authors use, where it is on the axis; absent: what it makes of 0. */
  nativeSharingDepth?(layers: number): number;
  /** Per layer, whether the inner loop changes it, in training and at test time: `layers` booleans. */
  adaptationMask(sharingDepth: number | null, layers: number): readonly boolean[];
  /** The training that this one is the same as at a sharing depth, so that both are trained once. */
  sameTrainingAs?(
    sharingDepth: number | null,
    layers: number,
  ): { readonly algorithm: string; readonly sharingDepth: number } | undefined;
  /** What kind of learner it is, for people: `deno task list` groups by it, and nothing else reads it. */
  readonly family: AlgorithmFamily;
  /** `false` where training leaves the model's head as it was drawn: no cells are made of adapters that start from the head. */
  readonly trainsHead?: false;
  /** How its source adapts it; of several, the first that supports the data set's kind of task. */
  readonly nativeAdapters: readonly AdapterName[];
  /** Identities with other algorithms. */
  readonly identities?: readonly Identity[];
  /** Settings of its own with their defaults: validated, part of a result's address, tunable. */
  readonly hyper?: z.ZodObject;
  /** Learned state beyond the model's parameters. @param trainClasses training classes of the data set; 0 for regression */
  metaParameters?(model: Model, settings: MetaSettings): readonly ParameterSpec[];
  /** Step sizes of its inner loop where they are not α throughout, in training and by the gradient adapter. */
  innerRates?(
    learned: { readonly meta: Readonly<Record<string, Node>>; readonly own: OwnSettings },
  ): InnerRates | undefined;
  /** What it has learned to make of a gradient before the step size, in training and by the gradient adapter. */
  precondition?(
    learned: { readonly meta: Readonly<Record<string, Node>>; readonly own: OwnSettings },
  ): Precondition | undefined;
  /** What it has learned for single inner steps, in training and by the gradient adapter. */
  atStep?(
    learned: { readonly meta: Readonly<Record<string, Node>>; readonly own: OwnSettings },
  ): AtStep | undefined;
  /** What every task starts from, in training and at test time, where that is made of the learned parameters and not they themselves. */
  taskParams?(params: Params): Params;
  /** What context vectors do, where it has learned a network that meets them. */
  context?(learned: { readonly meta: Readonly<Record<string, Node>>; readonly own: OwnSettings }): Context;
  /** Builds one outer iteration; absent when nothing is trained. */
  objective?(step: TrainingStep): Objective;
}
