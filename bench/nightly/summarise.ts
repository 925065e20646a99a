/** Rows to one summary per cell and per training, over seeds. */
import { placeOf } from "../../reports/rows/place.ts";
import type { EpisodeRow } from "../../reports/rows/csv.ts";
import type { CellRow, TimingRow } from "../../reports/rows/rows.ts";
import { meanOf, medianOf, standardDeviationOf } from "../../reports/statistics/moments.ts";
import { cellId, type CellSummary, scoreOf, trainingId, type TrainingSummary } from "./entry.ts";

/** float32 predictions cannot be closer to a target than this without being equal to it. */
const MIN_MSE = 1e-30;

function present(values: readonly (number | null)[]): number[] {
  return values.filter((value) => value !== null);
}

function knownMean(values: readonly number[]): number | null {
  return values.length === 0 ? null : meanOf(values);
}

/** Cells over seeds, in the order of their first rows. Skipped cells are left out. */
export function summariseCells(rows: readonly CellRow[], episodes: readonly EpisodeRow[]): CellSummary[] {
  const scores = Map.groupBy(episodes, cellId);
  return [...Map.groupBy(rows.filter(({ status }) => status !== "skipped"), cellId)].map(([id, group]): CellSummary => {
    const [first] = group;
    const { dataset, metric } = first;
    const good = group.filter((row) => scoreOf(row) !== null);
    return {
      ...{ dataset, ...placeOf(first), metric },
      seeds: good.length,
      divergedSeeds: group.filter(({ status }) => status === "diverged").length,
      restartedSeeds: group.filter(({ flags }) => flags.split("; ").includes("restarted")).length,
      mean: knownMean(present(good.map(({ mean }) => mean))),
      meanLog: metric === "mse" ? knownMean(present(good.map(({ meanLog }) => meanLog))) : null,
      sd: standardDeviationOf(present(good.map(scoreOf))),
      episodeSd: interactionSd((scores.get(id) ?? []).map((row) => row.scores), metric === "mse"),
      episodes: Math.max(0, ...group.map((row) => row.episodes)),
      divergedEpisodes: group.reduce((total, { diverged }) => total + diverged, 0),
    };
  });
}

/**
 * Standard deviation of the residual of a two-way layout, seeds x episodes: √(Σ (x_se - x̄_s - x̄_e + x̄)² / ((S - 1)(E - 1))), over the episodes
 * that are finite with every seed.
 *
 * @param scores [S][E]
 * @param logarithm whether of the scores' logarithms
 */
export function interactionSd(scores: readonly (readonly (number | null)[])[], logarithm: boolean): number | null {
  const shared = (scores[0] ?? []).map((_, e) => e).filter((e) => scores.every((row) => Number.isFinite(row[e])));
  if (scores.length < 2 || shared.length < 2) return null;
  const table = scores.map((row) =>
    shared.map((e) => logarithm ? Math.log(Math.max(row[e] ?? 0, MIN_MSE)) : row[e] ?? 0)
  );
  const ofSeeds = table.map(meanOf);
  const ofEpisodes = shared.map((_, column) => meanOf(table.map((row) => row[column])));
  const overall = meanOf(ofSeeds);
  let squares = 0;
  for (const [seed, row] of table.entries()) {
    for (const [column, value] of row.entries()) squares += (value - ofSeeds[seed] - ofEpisodes[column] + overall) ** 2;
  }
  return Math.sqrt(squares / ((scores.length - 1) * (shared.length - 1)));
}

/** Trainings over seeds, in the order of their first rows. */
export function summariseTrainings(rows: readonly TimingRow[]): TrainingSummary[] {
  return [...Map.groupBy(rows, trainingId).values()].map((group): TrainingSummary => {
    const [{ dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks }] = group;
    const gflop = present(group.map(({ trainGflop }) => trainGflop));
    const speeds = present(group.map(({ iterationsPerS }) => iterationsPerS));
    return {
      ...{ dataset, norm, algorithm, sharingDepth, shots, innerSteps, trainingTasks },
      seeds: group.length,
      trainGflop: gflop.length === 0 ? null : Math.max(...gflop),
      trainS: knownMean(present(group.map(({ trainS }) => trainS))),
      iterationsPerS: speeds.length === 0 ? null : medianOf(speeds),
    };
  });
}
