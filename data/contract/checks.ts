/** Checks of what a draw is asked for, shared by all data sets. */
import { DataError } from "./dataset.ts";

/**
 * Checks a number of tasks, shots, queries, ...
 *
 * @param name what the number counts, in the plural
 * @param least smallest allowed value
 * @throws DataError when it is not a whole number of at least `least`
 */
export function requireCount(name: string, value: number, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new DataError(`Cannot draw ${value} ${name}: it must be a whole number of at least ${least}`);
  }
}

/**
 * Checks that every task is in a pool.
 *
 * @throws RangeError naming the first that is not
 */
export function requireTaskIds(taskIds: readonly number[], size: number): void {
  for (const id of taskIds) {
    if (!Number.isInteger(id) || id < 0 || id >= size) {
      throw new RangeError(`internal: task ${id} is not in the pool of ${size} tasks`);
    }
  }
}
