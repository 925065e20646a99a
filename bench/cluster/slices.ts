/** How many array tasks a stage gets, and what each of them computes. */
import type { Estimator } from "../plan/estimate.ts";
import { dealUnits } from "../plan/shard.ts";
import type { TrainingUnit } from "../store/types.ts";
import { type ClusterOptions, limitSeconds } from "./options.ts";

/** The tasks of a stage. */
export interface Slices {
  /** Positions per task; no task is empty. */
  readonly tasks: readonly (readonly number[])[];
  /** Estimated seconds of the longest. */
  readonly longestS: number;
}

/** Part of a time limit that a task is planned to fill, since estimates are rough. */
const FILL = 0.5;

/**
 * Cuts units into tasks that take about as long as is asked for, but at most about half of the time limit, in as many tasks as an array may have.
 *
 * @param positions of the units that are to be computed
 * @param workers of a task, which share its units
 */
export function sliceUnits(
  units: readonly TrainingUnit[],
  positions: readonly number[],
  estimator: Estimator,
  workers: number,
  { sbatch, taskMinutes, maxTasks }: ClusterOptions,
): Slices {
  if (positions.length === 0) return { tasks: [], longestS: 0 };
  const place = new Map(positions.map((position) => [units[position], position]));
  const seconds = (unit: TrainingUnit) => {
    const { trainS, evaluateS } = estimator.unit(unit);
    return trainS + evaluateS;
  };
  const chosen = [...place.keys()];
  const total = chosen.reduce((sum, unit) => sum + seconds(unit), 0);
  const target = Math.min(taskMinutes * 60, FILL * (limitSeconds(sbatch.time) ?? Infinity));
  const count = Math.max(1, Math.min(Math.ceil(total / (target * workers)), chosen.length, maxTasks));
  const bins = dealUnits(chosen, seconds, count).filter((bin) => bin.length > 0);
  return {
    tasks: bins.map((bin) => bin.map((unit) => place.get(unit) ?? -1)),
    longestS: Math.max(...bins.map((bin) => {
      const costs = bin.map(seconds);
      return Math.max(costs.reduce((sum, cost) => sum + cost, 0) / workers, ...costs);
    })),
  };
}
