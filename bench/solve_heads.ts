/** The solved-head adaptation over episodes: regularisation chosen on validation episodes, then scored on test episodes. */
import { Matrix } from "ml-matrix";
import {
  type HeadTask,
  LOGISTIC_GRID,
  logisticLogits,
  RIDGE_GRID,
  ridgePredictions,
} from "../algorithms/solved_head.ts";
import type { DataSet, EvaluationSplit } from "../data/dataset.ts";
import type { EpisodeRunner } from "./evaluate.ts";
import { qualityOf, scoreEpisode } from "./score.ts";
import type { EvaluationResult, EvaluationSpec } from "./types.ts";

interface SolvedEpisode {
  readonly task: HeadTask;
  readonly targets: Float32Array;
}

/** Solves every test episode's head with the strength that does best on validation episodes. */
export async function solveHeads(
  runner: EpisodeRunner,
  evaluation: EvaluationSpec,
  dataSet: DataSet,
  validationEpisodes: number,
): Promise<EvaluationResult> {
  const regression = dataSet.kind === "regression";
  const solve = regression ? ridgePredictions : logisticLogits;
  const predictions = ({ task }: SolvedEpisode, strength: number) => {
    try {
      return solve(task, strength).to1DArray();
    } catch (error) {
      if (error instanceof RangeError) return [NaN]; // features that are not finite cannot be solved on
      throw error;
    }
  };
  const score = (episode: SolvedEpisode, strength: number) =>
    scoreEpisode(dataSet.kind, predictions(episode, strength), episode.targets, dataSet.outputs);

  const grid = regression ? RIDGE_GRID : LOGISTIC_GRID;
  const validation = await collect(runner, "validation", validationEpisodes, evaluation, dataSet);
  const qualities = grid.map((strength) =>
    qualityOf(dataSet.kind, validation.map((episode) => score(episode, strength)))
  );
  const best = grid[qualities.indexOf(Math.max(...qualities))];

  const test = await collect(runner, "test", evaluation.episodes, evaluation, dataSet);
  const first = predictions(test[0], best);
  return {
    curve: [{ innerSteps: null, strength: best, scores: test.map((episode) => score(episode, best)) }],
    illustrations: [{
      innerSteps: null,
      predictions: Matrix.from1DArray(first.length / dataSet.outputs, dataSet.outputs, first).to2DArray(),
    }],
  };
}

async function collect(
  runner: EpisodeRunner,
  split: EvaluationSplit,
  count: number,
  evaluation: EvaluationSpec,
  dataSet: DataSet,
): Promise<SolvedEpisode[]> {
  const episodes: SolvedEpisode[] = [];
  for await (const { batch, outputs } of runner.over(dataSet, split, count, evaluation, ["support", "query"])) {
    const width = outputs.support.length / (batch.tasks * batch.nSupport);
    const rows = (values: ArrayLike<number>, task: number, n: number, columns: number) =>
      Matrix.from1DArray(n, columns, Array.from({ length: n * columns }, (_, i) => values[task * n * columns + i]));
    for (let t = 0; t < batch.tasks; t++) {
      const length = batch.nQuery * dataSet.outputs;
      episodes.push({
        task: {
          support: rows(outputs.support, t, batch.nSupport, width),
          query: rows(outputs.query, t, batch.nQuery, width),
          targets: rows(batch.supportY, t, batch.nSupport, dataSet.outputs),
        },
        targets: batch.queryY.subarray(t * length, (t + 1) * length),
      });
    }
  }
  return episodes;
}
