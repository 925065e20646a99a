/** The contract of an outer optimiser: a pure step inside a graph, and the numbers that the host works out for it. */
import type { z } from "zod";
import type { Node } from "../tensor/graph.ts";

/** What a step is told: options as the optimiser's schema declares them. */
export type OptimiserOptions = Readonly<Record<string, unknown>>;

/** Values beside a parameter, each of its shape and zero at the start: moments, a velocity. */
export type Slots = Readonly<Record<string, Node>>;

/** One line of the table of optimisers. */
export interface Optimiser {
  readonly name: string;
  readonly title: string;
  /** Paper and equation or algorithm. */
  readonly source: string;
  /** Its options: an object with `name` and their defaults. */
  readonly options: z.ZodObject;
  /** Names of its slots. */
  readonly slots: readonly string[];
  /** Numbers per step that the host works out, see `scalars`. */
  readonly scalarCount: number;
  /** @param rate β at this step @param t how many updates the parameter will have had with this one, from 1 */
  scalars(rate: number, t: number, options: OptimiserOptions): readonly number[];
  /**
   * One update.
   *
   * @param scalars as nodes that broadcast against the parameter
   * @returns the parameter and slots after it, in their shapes
   */
  step(
    parameter: Node,
    gradient: Node,
    slots: Slots,
    scalars: readonly Node[],
    options: OptimiserOptions,
  ): { readonly parameter: Node; readonly slots: Slots };
}
