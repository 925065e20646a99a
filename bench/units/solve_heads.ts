/** Adapters that replace the head, over episodes: what they leave open is chosen on validation episodes, then test episodes are scored. */
import { Matrix } from "ml-matrix";
import type { HeadAdapter, HeadSolution, HeadSolver, HeadTask } from "../../algorithms/adapters/adapter.ts";
import type { Data } from "../../algorithms/tensor/backend.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { EpisodeRange, EpisodeRunner } from "./episodes.ts";
import { qualityOf, scoreEpisode } from "./score.ts";
import type { EvaluationResult, EvaluationSpec } from "../store/types.ts";

/** One episode's head to solve, and what its query set should be. */
interface SolvedEpisode {
  readonly solver: HeadSolver;
  readonly targets: Float32Array;
}

/** Features that are not finite cannot be solved on. */
const UNSOLVED: HeadSolution = { predictions: Matrix.from1DArray(1, 1, [NaN]), flops: 0 };

function solverOf(task: HeadTask, adapter: HeadAdapter): HeadSolver {
  try {
    return adapter.solver(task);
  } catch (error) {
    if (error instanceof RangeError) return () => UNSOLVED;
    throw error;
  }
}

function scoreOf({ targets }: SolvedEpisode, { predictions }: HeadSolution, { kind, outputs }: DataSet) {
  return scoreEpisode(kind, predictions.to1DArray(), targets, outputs);
}

/**
 * Solves every episode's head with the strength that does best on the first ones of them.
 *
 * @param runner of a `featureProgram`
 * @param choosing how many episodes the strength is chosen on; all by default
 */
export async function solveBest(
  runner: EpisodeRunner,
  adapter: HeadAdapter,
  range: EpisodeRange,
  dataSet: DataSet,
  choosing: number = range.episodes,
): Promise<{ readonly strength: number; readonly scores: readonly (number | null)[] }> {
  const episodes = await collect(runner, adapter, range, dataSet);
  const scoresAt = (strength: number, some: readonly SolvedEpisode[]) =>
    some.map((episode) => scoreOf(episode, episode.solver(strength), dataSet));
  const candidates = adapter.candidates.map((strength) => {
    const scores = scoresAt(strength, episodes.slice(0, choosing));
    return { strength, scores, quality: qualityOf(dataSet.kind, scores) };
  });
  const { strength, scores } = candidates.reduce((best, other) => other.quality > best.quality ? other : best);
  return { strength, scores: [...scores, ...scoresAt(strength, episodes.slice(choosing))] };
}

/**
 * Solves every test episode's head with the strength that does best on validation episodes.
 *
 * @param runner of a `featureProgram`
 * @param featureFlops operations of one task's features
 */
export async function solveHeads(
  runner: EpisodeRunner,
  adapter: HeadAdapter,
  { shots, testQueries, episodes }: EvaluationSpec,
  dataSet: DataSet,
  validationEpisodes: number,
  featureFlops: number,
): Promise<EvaluationResult> {
  const range = { shots, testQueries };
  const validation = { ...range, split: "validation", episodes: validationEpisodes } as const;
  // Where nothing is left to choose, validation episodes have nothing to say.
  const { strength } = adapter.candidates.length === 1
    ? { strength: adapter.candidates[0] }
    : await solveBest(runner, adapter, validation, dataSet);
  const test = await collect(runner, adapter, { ...range, split: "test", episodes }, dataSet);
  const solutions = test.map(({ solver }) => solver(strength));
  const solveFlops = solutions.reduce((total, { flops }) => total + flops, 0) / solutions.length;
  return {
    curve: [{
      innerSteps: null,
      strength: adapter.strength === "" ? null : strength,
      scores: test.map((episode, index) => scoreOf(episode, solutions[index], dataSet)),
      adaptFlops: featureFlops + solveFlops,
    }],
    illustrations: [{ innerSteps: null, predictions: solutions[0].predictions.to2DArray() }],
  };
}

async function collect(
  runner: EpisodeRunner,
  adapter: HeadAdapter,
  range: EpisodeRange,
  dataSet: DataSet,
): Promise<SolvedEpisode[]> {
  const episodes: SolvedEpisode[] = [];
  for await (const { batch, outputs } of runner.over(dataSet, range, ["support", "query"])) {
    const width = outputs.support.length / (batch.tasks * batch.nSupport);
    const rows = (values: Data, task: number, n: number, columns: number) =>
      Matrix.from1DArray(n, columns, values.subarray(task * n * columns, (task + 1) * n * columns));
    for (let t = 0; t < batch.tasks; t++) {
      const length = batch.nQuery * dataSet.outputs;
      episodes.push({
        solver: solverOf({
          support: rows(outputs.support, t, batch.nSupport, width),
          query: rows(outputs.query, t, batch.nQuery, width),
          targets: rows(batch.supportY, t, batch.nSupport, dataSet.outputs),
        }, adapter),
        targets: batch.queryY.subarray(t * length, (t + 1) * length),
      });
    }
  }
  return episodes;
}
