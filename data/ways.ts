/** How many classes tasks can have where that differs between splits: known before anything is opened, so that a plan can be refused. */
import type { DataSetEntry } from "./contract/dataset.ts";

/** The most ways of tasks. */
export interface MostWays {
  /** Of training tasks, which `trainWays` may ask more of. */
  readonly training: number;
  /** Of tasks in every split: those of the episodes that are scored, validation and test. */
  readonly everywhere: number;
}

/** A data set with the most ways that its tasks can have. This is no part of its own file, whose text is in the address of every result. */
export function withMostWays<E extends DataSetEntry>(
  entry: E,
  training: number,
  everywhere: number,
): E & { readonly mostWays: MostWays } {
  return { ...entry, mostWays: { training, everywhere } };
}
