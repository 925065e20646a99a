/** Adapts a trained state to the test episodes and scores it there. */
import type { GraphAdapter, HeadAdapter } from "../../algorithms/adapters/adapter.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import type { DataSet, EvaluationSplit } from "../../data/contract/dataset.ts";
import {
  adaptationFlops,
  adaptationProgram,
  type EpisodeSizes,
  featureProgram,
  maskOf,
  startOf,
  type Subject,
} from "./adaptation.ts";
import { chooseStepSizes, sizesOf, VALIDATION_EPISODES } from "./choices.ts";
import { AdaptationClock } from "./adaptation_clock.ts";
import { measureDiversity } from "./diversity.ts";
import { CHUNK, EpisodeRunner, type GradientCurve, gradientCurve, joined, type Observer } from "./episodes.ts";
import { LabelledRunner, WatchedHeads } from "./measured_heads.ts";
import { PredictionKeeper } from "./prediction_keeper.ts";
import { QueryMeter } from "./query_meter.ts";
import { RepresentationMeter, WATCHED_EPISODES } from "./representations.ts";
import { solveHeads } from "./solve_heads.ts";
import { adapterOf, algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { withMoments } from "./task_state.ts";
import { keptOf } from "../store/kept_predictions.ts";
import type { StepDiversity } from "../store/diversity.ts";
import type { MeasuredEvaluation } from "../store/measures.ts";
import type { EvaluationSpec, TrainSpec } from "../store/types.ts";

/**
 * Scores one trained state: a curve over inner steps where the adapter takes them, else a single point, per test episode.
 *
 * Adaptation runs once to the largest number of inner steps; the counts on the way are scored as they are passed, and on the first test episodes every
 * layer's representation is compared with the one before adaptation, and the weights that tasks move are compared with each other. What adaptation leaves open
 * (its step size, the head's regularisation) is chosen on validation episodes, for every algorithm alike; test episodes are never touched for it.
 *
 * @param onTimed told how long a test episode took, in milliseconds: adapting with as many steps as are asked for and predicting at each count on the way
 */
export async function evaluate(
  spec: TrainSpec,
  evaluation: EvaluationSpec,
  state: TrainedState,
  dataSet: DataSet,
  backend: Backend,
  onTimed: (adaptMs: number) => void = () => {},
): Promise<MeasuredEvaluation> {
  const model = modelOf(spec, dataSet);
  const subject: Subject = { model, spec, metaSpecs: metaSpecsOf(spec, model, dataSet) };
  const start = await withMoments(startOf(model, spec, evaluation.taskStart, state), spec, model, dataSet, backend);
  const adapter = adapterOf(evaluation.adapter);
  const clock = new AdaptationClock();
  const parts: Evaluated = { subject, start, evaluation, dataSet, backend: clock.timed(backend), clock };
  const result = adapter.form === "head" ? await evaluateHead(adapter, parts) : await evaluateCurve(adapter, parts);
  const adaptMs = clock.perEpisode();
  if (adaptMs !== undefined) onTimed(adaptMs);
  return result;
}

/** What is evaluated, and on what. */
interface Evaluated {
  readonly subject: Subject;
  readonly start: TrainedState;
  readonly evaluation: EvaluationSpec;
  readonly dataSet: DataSet;
  /** Of this backend's programs. */
  readonly backend: Backend;
  readonly clock: AdaptationClock;
}

async function evaluateHead(
  adapter: HeadAdapter,
  { subject, start, evaluation, dataSet, backend, clock }: Evaluated,
): Promise<MeasuredEvaluation> {
  const watched = new WatchedHeads(adapter);
  const runner = new LabelledRunner(clock, backend, start, (sizes) => featureProgram(subject, sizes, dataSet));
  try {
    const { flops } = featureProgram(subject, sizesOf(evaluation, dataSet), dataSet);
    const found = await solveHeads(runner, watched.adapter, evaluation, dataSet, VALIDATION_EPISODES, flops / CHUNK);
    watched.clock(evaluation.episodes, clock);
    const measures = watched.measures(runner.labels, dataSet);
    return measures === undefined ? found : { ...found, measures: [measures] };
  } finally {
    runner.dispose();
  }
}

async function evaluateCurve(
  adapter: GraphAdapter,
  { subject, start, evaluation, dataSet, backend, clock }: Evaluated,
): Promise<MeasuredEvaluation> {
  const { innerSteps, innerLrs, adaptDepth, shots, testQueries, episodes } = evaluation;
  const adaptation = { ...subject, adapter, adaptDepth };
  // Pictures show the state before adaptation even where it is not scored.
  const passed = [...new Set([0, ...innerSteps])];
  const curveAt = async (
    strength: number,
    range: { readonly split: EvaluationSplit; readonly first?: number; readonly episodes: number },
    meter?: RepresentationMeter,
    queries?: Observer,
  ) => {
    const build = (sizes: EpisodeSizes) =>
      adaptationProgram({ ...adaptation, innerSteps: passed, strength, watch: meter?.watch }, sizes, dataSet);
    const runner = new EpisodeRunner(backend, start, build);
    try {
      return await gradientCurve(runner, passed, { ...range, shots, testQueries }, dataSet, both(meter, queries));
    } finally {
      runner.dispose();
    }
  };
  const chosen = innerLrs.length === 1
    ? innerSteps.map(() => innerLrs[0])
    : await chooseStepSizes(innerLrs, innerSteps, dataSet.kind, async (innerLr) => {
      const { scores } = await curveAt(innerLr, { split: "validation", episodes: VALIDATION_EPISODES });
      return innerSteps.map((steps) => scores[passed.indexOf(steps)]);
    });
  const watched = Math.min(WATCHED_EPISODES, episodes);
  const kept = Math.min(keptOf(evaluation), episodes);
  const tested = new Map<number, Tested>();
  const diversity: StepDiversity[] = [];
  for (const innerLr of new Set(chosen)) {
    const counts = innerSteps.filter((_, position) => chosen[position] === innerLr);
    const meter = new RepresentationMeter(subject.model, maskOf(adaptation), counts);
    const measured = { adaptation: { ...adaptation, strength: innerLr }, start, evaluation, dataSet, backend };
    diversity.push(...await measureDiversity(measured, counts));
    const queries = new QueryMeter(innerSteps, dataSet);
    const keeper = kept === 0 ? undefined : new PredictionKeeper(innerSteps, kept);
    const watching = both(queries, keeper);
    const others = episodes - watched;
    const looked = () => curveAt(innerLr, { split: "test", episodes: watched }, meter, watching);
    const rest = () => curveAt(innerLr, { split: "test", first: watched, episodes: others }, undefined, watching);
    // Looking at representations takes time, so that only the other episodes are timed, where there are any.
    const curve = others === 0
      ? await clock.during(watched, looked)
      : joined(await looked(), await clock.during(others, rest));
    tested.set(innerLr, { curve, meter, queries, keeper });
  }
  const at = (innerLr: number, steps: number) => {
    const { curve: { scores, illustrations } } = tested.get(innerLr) as Tested;
    return { scores: scores[passed.indexOf(steps)], illustration: illustrations[passed.indexOf(steps)] };
  };
  const sizes = sizesOf(evaluation, dataSet);
  const learnedRates = algorithmOf(subject.spec).innerRates?.({ meta: {}, own: subject.spec.hyper.own }) !== undefined;
  return {
    curve: chosen.map((strength, position) => ({
      innerSteps: innerSteps[position],
      strength: learnedRates ? null : strength,
      scores: at(strength, innerSteps[position]).scores,
      adaptFlops: adaptationFlops({ ...adaptation, strength }, innerSteps[position], sizes, dataSet),
    })),
    illustrations: [
      ...(innerSteps.includes(0) ? [] : [at(chosen[0], 0).illustration]),
      ...chosen.map((innerLr, position) => at(innerLr, innerSteps[position]).illustration),
    ],
    representations: chosen.map((innerLr, position) => (tested.get(innerLr) as Tested).meter.at(innerSteps[position])),
    ...(dataSet.kind === "regression" ? {} : {
      measures: chosen.flatMap((innerLr, position) =>
        (tested.get(innerLr) as Tested).queries.at(innerSteps[position]) ?? []
      ),
    }),
    diversity: diversity.toSorted((a, b) => a.innerSteps - b.innerSteps),
    ...(kept === 0 ? {} : {
      predictions: chosen.flatMap((innerLr, position) =>
        (tested.get(innerLr) as Tested).keeper?.at(innerSteps[position]) ?? []
      ),
    }),
  };
}

/** What the test episodes gave at one step size. */
interface Tested {
  readonly curve: GradientCurve;
  readonly meter: RepresentationMeter;
  readonly queries: QueryMeter;
  /** Undefined where no predictions are kept. */
  readonly keeper: PredictionKeeper | undefined;
}

/** Two observers as one. */
function both(first: Observer | undefined, second: Observer | undefined): Observer {
  return {
    outputs: [...first?.outputs ?? [], ...second?.outputs ?? []],
    see(batch, outputs) {
      first?.see(batch, outputs);
      second?.see(batch, outputs);
    },
  };
}
