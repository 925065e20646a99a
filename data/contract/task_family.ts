/** Functions drawn from a distribution: what K-shot regression tasks are made of. */
import type { Rng } from "../../common/random.ts";
import type { Split } from "./dataset.ts";

/** One task of a family: a function and where it is looked at. */
export interface FamilyTask {
  /**
   * Writes `count` fresh examples: inputs to `x` [.., D] and targets to `y` [..], both from example number `at` on.
   *
   * A target belongs to its input as rounded to float32. Examples come one by one from `random`, so that the first K of K + 1 are the K.
   */
  examples(random: Rng, count: number, x: Float32Array, y: Float32Array, at: number): void;
  /** The target, without noise, at input number `at` of `x` [.., D]. */
  target(x: Float32Array, at: number): number;
}

/**
 * A distribution over functions of D numbers to one.
 *
 * It knows nothing of batches, shots or keys: `data/sampling/` draws those, in the same way for every family.
 */
export interface TaskFamily {
  readonly name: string;
  /** Shape of one input: [D]. */
  readonly inputShape: readonly number[];
  /** sha256 that identifies the family: of its defining constants, or of the measurements it is made from. */
  readonly digest: string;
  /** The inputs [G, D] that every evaluation episode is scored on. */
  readonly grid: Float32Array;
  /** Draws a task. A family without tasks of its own per split (sinusoids) ignores `split`: keys keep the splits apart. */
  drawTask(random: Rng, split: Split): FamilyTask;
  /** See `DataSet.meanTarget`. */
  readonly meanTarget?: (x: number) => number;
}
