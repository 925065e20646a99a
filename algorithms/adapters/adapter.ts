/** The contract of an adapter: how a learned state is adapted to a new task. */
import type { Matrix } from "ml-matrix";
import type { TaskKind } from "../../common/vocabulary.ts";
import type { Context } from "../blocks/context.ts";
import type { AtStep, InnerRates, Precondition } from "../blocks/inner_loop.ts";
import type { Examples } from "../blocks/examples.ts";
import type { Network, Params } from "../blocks/network.ts";
import type { LossPerTask } from "../blocks/training_step.ts";

/** Facts that planner, tuning, tables and figures go by. */
interface Facts {
  readonly name: string;
  /** What it is called in tables and legends: "head solved by ridge regression". */
  readonly title: string;
  /** The same in a word or two, for axes and columns: "ridge head". */
  readonly short: string;
  /** One line for `deno task list`. */
  readonly summary: string;
  readonly source: string;
  /** Kinds of task that it is for. */
  readonly supports: readonly TaskKind[];
  /** Whether it takes inner steps, so that S is an axis of its cells. */
  readonly readsInnerSteps: boolean;
  /** What it changes: the layers of the algorithm's mask, the head alone, all layers, or context vectors, which only some algorithms have. */
  readonly changes: "mask" | "head" | "all" | "context";
  /** Whether it starts from the head as training left it. */
  readonly startsFromHead: boolean;
  /** What validation episodes choose for it, in words: "step size", "λ"; "" where nothing is left to choose. */
  readonly strength: string;
}

/** An adaptation inside a graph. */
export interface GraphTask {
  readonly network: Network;
  /** The learned parameters, leading axis 1. */
  readonly params: Params;
  readonly support: Examples;
  /** Per layer, whether adaptation changes it. */
  readonly mask: readonly boolean[];
  /** The strength in hand. */
  readonly strength: number;
  /** Step sizes that the algorithm has learned; undefined where the strength is the step size. */
  readonly rates: InnerRates | undefined;
  /** What the algorithm has learned to make of gradients before the step size; undefined where it is nothing. */
  readonly precondition: Precondition | undefined;
  /** What the algorithm has learned for single steps; undefined where it is nothing. */
  readonly atStep?: AtStep | undefined;
  /** What context vectors do; undefined for algorithms without. */
  readonly context: Context | undefined;
  /** The most steps that are asked for. */
  readonly innerSteps: number;
  readonly lossPerTask: LossPerTask;
}

/** An adapter that runs on the backend, to be scored after every number of steps. */
export interface GraphAdapter extends Facts {
  readonly form: "graph";
  /** The parameters after 0, 1, ..., `innerSteps` steps, for every task at once. */
  trajectory(task: GraphTask): readonly Params[];
}

/** One task's features and targets, row by row. */
export interface HeadTask {
  /** [nSupport, D] */
  readonly support: Matrix;
  /** [nQuery, D] */
  readonly query: Matrix;
  /** [nSupport, outputs] */
  readonly targets: Matrix;
}

/** What a solved head says of the query set, and what that cost. */
export interface HeadSolution {
  /** [nQuery, outputs] */
  readonly predictions: Matrix;
  /**
   * Floating-point operations, features apart: matrix products (2 per multiply-add), factorisations (n³/3), substitutions and the scaling of
   * rows. What is linear in the number of variables is left out.
   */
  readonly flops: number;
}

/** Solves one task's head at any strength; what strengths have in common is computed once. */
export type HeadSolver = (strength: number) => HeadSolution;

/** An adapter that replaces the head by one computed in float64 from the frozen features. */
export interface HeadAdapter extends Facts {
  readonly form: "head";
  /** Candidates of the strength, of which validation episodes choose one per cell; one where nothing is left to choose. */
  readonly candidates: readonly number[];
  /** @throws RangeError when a feature is not finite */
  solver(task: HeadTask): HeadSolver;
}

export type Adapter = GraphAdapter | HeadAdapter;
