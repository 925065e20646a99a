/** Watches a training on validation episodes: how good its state is now, and whether it is still getting better. */
import { LEAST_POINTS } from "../sweeps/bounds.ts";
import { meanOf, varianceOf } from "../../reports/statistics/moments.ts";
import type { GraphAdapter } from "../../algorithms/adapters/adapter.ts";
import type { Model } from "../../algorithms/models/model.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import type { DataSet, TaskKind } from "../../data/contract/dataset.ts";
import { adaptationProgram, type EpisodeSizes, featureProgram, startOf, type Subject } from "./adaptation.ts";
import { type EpisodeRange, EpisodeRunner, gradientCurve } from "./episodes.ts";
import { episodeQuality, qualityOf } from "./score.ts";
import { solveBest } from "./solve_heads.ts";
import { algorithmOf, metaSpecsOf, nativeAdapterOf } from "./subject.ts";
import { withMoments } from "./task_state.ts";
import type { TrainSpec, Trend, ValidationSpec, WatchedScores } from "../store/types.ts";

/** Share of the validation episodes that a solved head's regularisation is chosen on, at every point anew: choosing on all would cost more than it tells. */
const CHOOSING = 0.2;

/** Scores states of one training on the same validation episodes, adapted the algorithm's native way. */
export class Validator {
  readonly #spec: TrainSpec;
  readonly #model: Model;
  readonly #dataSet: DataSet;
  readonly #backend: Backend;
  readonly #validation: ValidationSpec;
  #runner: EpisodeRunner | undefined;

  constructor(spec: TrainSpec, validation: ValidationSpec, model: Model, dataSet: DataSet, backend: Backend) {
    this.#spec = spec;
    this.#validation = validation;
    this.#model = model;
    this.#dataSet = dataSet;
    this.#backend = backend;
  }

  /** One score per validation episode; null where not finite. */
  async scores(state: TrainedState): Promise<readonly (number | null)[]> {
    const { episodes, shots, queries, innerSteps } = this.#validation;
    const [spec, model, dataSet, backend] = [this.#spec, this.#model, this.#dataSet, this.#backend];
    const range: EpisodeRange = { split: "validation", episodes, shots, testQueries: queries };
    const start = await withMoments(startOf(model, spec, null, state), spec, model, dataSet, backend);
    const adapter = nativeAdapterOf(algorithmOf(spec), dataSet.kind);
    const subject: Subject = { model, spec, metaSpecs: metaSpecsOf(spec, model, dataSet) };
    if (this.#runner === undefined) {
      const build = (sizes: EpisodeSizes) =>
        adapter.form === "head" ? featureProgram(subject, sizes, dataSet) : this.#adapt(adapter, subject, sizes);
      this.#runner = new EpisodeRunner(backend, start, build, true);
    } else this.#runner.use(start);
    if (adapter.form === "graph") return (await gradientCurve(this.#runner, [innerSteps], range, dataSet)).scores[0];
    return (await solveBest(this.#runner, adapter, range, dataSet, Math.ceil(episodes * CHOOSING))).scores;
  }

  #adapt(adapter: GraphAdapter, subject: Subject, sizes: EpisodeSizes) {
    const { innerSteps } = this.#validation;
    const strength = this.#spec.hyper.innerLr;
    const adaptation = { ...subject, adapter, adaptDepth: "native", innerSteps: [innerSteps], strength } as const;
    return adaptationProgram(adaptation, sizes, this.#dataSet);
  }

  dispose(): void {
    this.#runner?.dispose();
  }
}

/** The iterations after which a training is watched: `points` of them, evenly spaced, the last one included. */
export function watchedIterations(iterations: number, points: number): ReadonlySet<number> {
  const all = Array.from({ length: points }, (_, k) => Math.round((k + 1) * iterations / points));
  return new Set(all.filter((iteration) => iteration > 0));
}

/** One number for people: mean accuracy, or the geometric mean of the MSE. Episodes without a finite score count as in `qualityOf`. */
export function validationScore(kind: TaskKind, scores: readonly (number | null)[]): number {
  const quality = qualityOf(kind, scores);
  return kind === "regression" ? Math.exp(-quality) : quality;
}

/**
 * How much better the last fifth of a training is than the fifth before it: the mean over episodes of the paired difference, each fifth's points
 * averaged first, in mean log MSE (its decrease) or accuracy. Its standard error is that over episodes.
 *
 * @returns null when a fifth has no point
 */
export function trendOf(kind: TaskKind, watched: readonly WatchedScores[], iterations: number): Trend | null {
  const within = (from: number, to: number) =>
    watched.filter(({ iteration }) => iteration > from * iterations && iteration <= to * iterations);
  const [before, last] = [within(0.6, 0.8), within(0.8, 1)];
  if (before.length === 0 || last.length === 0) return null;
  const quality = (points: readonly WatchedScores[], episode: number) =>
    points.reduce((total, { scores }) => total + episodeQuality(kind, scores[episode]), 0) / points.length;
  const gains = last[0].scores.map((_, episode) => quality(last, episode) - quality(before, episode));
  const n = gains.length;
  return { improvement: meanOf(gains), standardError: n < 2 ? 0 : Math.sqrt(varianceOf(gains) / n) };
}

/** The 95 % quantile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** Whether a training was still improving by more than the tolerance when it ended: beyond doubt, at 95 % one-sided. */
export function isUndertrained({ improvement, standardError }: Trend, tolerance: number): boolean {
  return improvement - Z95 * standardError > tolerance;
}

/** Whether a training is no longer improving by more than the tolerance: beyond doubt, at 95 % one-sided. */
export function isFlat({ improvement, standardError }: Trend, tolerance: number): boolean {
  return improvement + Z95 * standardError <= tolerance;
}

/**
 * Whether a training may end after an iteration, by what was seen until then: it is flat, and not on a spike, where its last point is worse than the last fifth is on
 * average. A spike makes a training look flat, and would else be where trainings end, more so those that are restless.
 */
export function flatBy(
  kind: TaskKind,
  watched: readonly WatchedScores[],
  iteration: number,
  tolerance: number,
): boolean {
  if (watched.length < LEAST_POINTS) return false;
  const trend = trendOf(kind, watched, iteration);
  if (trend === null || !isFlat(trend, tolerance)) return false;
  const last = watched.filter((point) => point.iteration > 0.8 * iteration).map(({ scores }) =>
    qualityOf(kind, scores)
  );
  return last[last.length - 1] >= meanOf(last);
}

/** A point of a validation curve that counts what it cost to get there. */
interface CostedPoint {
  readonly score: number;
  readonly flops: number;
}

/** Training operations until the curve first reaches a score; undefined where it never does. */
export function flopsToTarget(kind: TaskKind, curve: readonly CostedPoint[], score: number): number | undefined {
  return curve.find((point) => kind === "regression" ? point.score <= score : point.score >= score)?.flops;
}
