/** Scores of one cell in a few numbers, and what they are held against. */
import { meanOf, medianOf, standardDeviationOf } from "../../reports/statistics/moments.ts";
import type { CellRow } from "../../reports/rows/rows.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";

/** Per test episode, the score beyond which it counts as diverged; undefined where only non-finite ones do. */
export function divergenceLimits(dataSet: DataSet, entry: DataSetSweep | undefined): number[] | undefined {
  if (dataSet.kind !== "regression" || entry === undefined) return undefined;
  const { episodes, shots, testQueries, divergedFactor } = entry;
  const batch = dataSet.episodes("test", 0, episodes, shots[0], testQueries);
  return zeroPredictorMse(batch).map((mse) => divergedFactor * mse);
}

/** Per test episode, the variance of its query targets, which is the MSE of predicting their mean; undefined where they are no numbers. */
export function targetVariances(
  dataSet: DataSet,
  { episodes, shots, testQueries }: Pick<DataSetSweep, "episodes" | "shots" | "testQueries">,
): number[] | undefined {
  if (dataSet.kind !== "regression") return undefined;
  const { tasks, queryY } = dataSet.episodes("test", 0, episodes, shots[0], testQueries);
  const size = queryY.length / tasks;
  return Array.from({ length: tasks }, (_, task) => {
    const own = Array.from(queryY.subarray(task * size, (task + 1) * size));
    const mean = meanOf(own);
    return meanOf(own.map((value) => (value - mean) ** 2));
  });
}

/** MSE, per episode, of predicting zero everywhere. */
export function zeroPredictorMse({ tasks, queryY }: EpisodeBatch): number[] {
  const size = queryY.length / tasks;
  return Array.from({ length: tasks }, (_, task) => {
    let total = 0;
    for (let i = task * size; i < (task + 1) * size; i++) total += queryY[i] ** 2;
    return total / size;
  });
}

/** Statistics of one cell. */
export type Summary = Pick<CellRow, "mean" | "sd" | "median" | "meanLog" | "episodes" | "diverged"> & {
  readonly finite: number;
};

/**
 * Statistics of the finite scores; sd has n - 1 in its denominator.
 *
 * @param limits per episode, the score beyond which it counts as diverged
 */
export function summarise(scores: readonly (number | null)[], logarithm: boolean, limits?: readonly number[]): Summary {
  const finite = scores.filter((score): score is number => score !== null && Number.isFinite(score));
  const beyond = (score: number | null, episode: number) =>
    score === null || !Number.isFinite(score) || (limits !== undefined && score > limits[episode]);
  const n = finite.length;
  const mean = n === 0 ? null : meanOf(finite);
  return {
    mean,
    sd: standardDeviationOf(finite),
    median: n === 0 ? null : medianOf(finite),
    // float32 predictions cannot be closer to a target than this without being equal to it.
    meanLog: n === 0 || !logarithm ? null : meanOf(finite.map((mse) => Math.log(Math.max(mse, 1e-30)))),
    episodes: scores.length,
    diverged: scores.filter(beyond).length,
    finite: n,
  };
}
