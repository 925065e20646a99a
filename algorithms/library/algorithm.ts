/** The face of the algorithms for other people's code: what there is, and variants with an objective of one's own. */
import type { Algorithm as Definition } from "../algorithm.ts";
import * as inner from "../blocks/inner_loop.ts";
import type { Params as NodeParams } from "../blocks/network.ts";
import type { TrainingStep as NodeStep } from "../blocks/training_step.ts";
import { algorithms as table } from "../registry.ts";
import { UsageError } from "../../common/errors.ts";
import { nodeOf, type Tensor } from "./tensor.ts";

/** A learner, to be handed to `train`. */
export interface Algorithm {
  /** What it is called in sweeps and tables. */
  readonly name: string;
  /** What it is called in words. */
  readonly title: string;
  /** What it does, in a line. */
  readonly summary: string;
  /** The paper that it comes from. */
  readonly source: string;
  /** Where it departs from that paper. */
  readonly deviations: readonly string[];
  /** Kinds of task that it is for: "regression", "classification". */
  readonly supports: readonly string[];
}

/** All algorithms, by name. */
export const algorithms: Readonly<Record<string, Algorithm>> = table;

/** Multi-task learning by hard parameter sharing (Caruana 1997; Wang, Zhao & Li 2021). */
export const mtl: Algorithm = table.mtl;

/** Model-agnostic meta-learning, second order (Finn et al. 2017). */
export const maml: Algorithm = table.maml;

/** Parameters of a network: one entry per layer, each with its tensors by name. */
export type Params = readonly Readonly<Record<string, Tensor>>[];

/** Inputs with their targets, of every task of a batch: leading axis T. */
export interface Examples {
  /** [T, n, ...]: the inputs. */
  readonly x: Tensor;
  /** [T, n, outputs]: the targets. */
  readonly y: Tensor;
}

/** Predicts with a network. */
export interface Network {
  /** Outputs on a support set, or on a batch without a split. */
  outputs(params: Params, x: Tensor): Tensor;
  /** Outputs on query examples of tasks whose support sets are `supportX`. */
  queryOutputs(params: Params, supportX: Tensor, x: Tensor): Tensor;
}

/** What an objective works with: one outer iteration. */
export interface Step {
  /** Predicts. */
  readonly network: Network;
  /** θ, leading axis 1, or T for what every task has of its own. */
  readonly params: Params;
  /** The parts of the batch: support and query sets, or one part without a split. */
  readonly batch: readonly Examples[];
  /** Per layer, whether the inner loop changes it. */
  readonly mask: readonly boolean[];
  /** α, the step size of the inner loop. */
  readonly innerLr: number;
  /** S, the steps of the inner loop. */
  readonly innerSteps: number;
  /** The mean loss of every task, [T], of predictions and targets. */
  lossPerTask(predictions: Tensor, targets: Tensor): Tensor;
}

/** The outer loss of every task, [T]; training descends along the gradient of its mean. */
export type Objective = (step: Step) => Tensor;

const own = new WeakMap<Algorithm, string>();
let variants = 0;

/**
 * An algorithm that trains as another one does, on the same batches, with an objective of its own.
 *
 * @param like the algorithm that says everything else: data, sharing depths, mask, adapters
 * @param name a name of its own
 * @throws UsageError when there is an algorithm of that name, or `like` trains nothing
 */
export function variantOf(like: Algorithm, name: string, objective: Objective): Algorithm {
  const base = definitionOf(like);
  if (Object.keys(table).includes(name)) {
    throw new UsageError(`Cannot call a variant "${name}": that is the name of a built-in algorithm; choose another`);
  }
  if (base.objective === undefined) {
    throw new UsageError(`Cannot make a variant of ${base.name}: it trains nothing; choose an algorithm that does`);
  }
  const { identities: _, sameTrainingAs: __, ...rest } = base;
  const variant: Definition = {
    ...rest,
    name,
    title: name,
    summary: `${base.title} with another objective`,
    objective: (step: NodeStep) => ({ losses: nodeOf(objective(step as unknown as Step)) }),
  };
  // Trainings find their algorithm by its name. This one is found, and nothing that lists algorithms sees it.
  const key = `${name} (variant ${++variants})`;
  Object.defineProperty(table, key, { value: variant, enumerable: false });
  own.set(variant, key);
  return variant;
}

/** What a face stands for. @throws UsageError where it was not made by this library */
export function definitionOf(algorithm: Algorithm): Definition {
  keyOf(algorithm);
  return algorithm as Definition;
}

/** The name by which trainings find an algorithm. @throws UsageError where it was not made by this library */
export function keyOf(algorithm: Algorithm): string {
  const key = own.get(algorithm);
  if (key !== undefined) return key;
  if (Object.hasOwn(table, algorithm.name) && algorithms[algorithm.name] === algorithm) return algorithm.name;
  throw new UsageError(
    `"${algorithm.name}" is no algorithm of this library: take one of algorithms, or make a variant of one with variantOf`,
  );
}

const asParams = (params: Params) => params as unknown as NodeParams;

/** A copy of the masked layers for every task: leading axis T. */
export function perTask(params: Params, mask: readonly boolean[], tasks: number): Params {
  return inner.perTask(asParams(params), mask, tasks);
}

/** Gradients of every task's own loss by the masked layers; undefined for the others. */
export function taskGradients(
  losses: Tensor,
  params: Params,
  mask: readonly boolean[],
): readonly (Params[number] | undefined)[] {
  return inner.taskGradients(nodeOf(losses), asParams(params), mask);
}

/** θ - α ∇L, layer by layer; layers without a gradient stay as they are. */
export function descend(params: Params, gradients: readonly (Params[number] | undefined)[], rate: number): Params {
  return inner.descend(asParams(params), gradients as Parameters<typeof inner.descend>[1], rate);
}
