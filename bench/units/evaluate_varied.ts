/**
 * Adapts a trained state to test episodes of several shapes, shape by shape: each has its own programs, whose sizes are just those of its episodes, so that
 * nothing is padded. What adaptation leaves open is chosen once, on validation episodes, which are the usual ones.
 */
import type { GraphAdapter, HeadAdapter } from "../../algorithms/adapters/adapter.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import { inEpisodeOrder, type ShapedEpisodes, type VariedDataSet } from "../../data/contract/varied.ts";
import type { Bin } from "../../reports/statistics/calibration.ts";
import type { MeasuredEvaluation, QueryMeasures } from "../store/measures.ts";
import type { EvaluationSpec, StepScores, TrainSpec } from "../store/types.ts";
import {
  adaptationFlops,
  adaptationProgram,
  type EpisodeSizes,
  featureProgram,
  startOf,
  type Subject,
} from "./adaptation.ts";
import { chooseStepSizes, sizesOf, VALIDATION_EPISODES } from "./choices.ts";
import { AdaptationClock } from "./adaptation_clock.ts";
import { CHUNK, type EpisodeRange, EpisodeRunner, gradientCurve } from "./episodes.ts";
import { LabelledRunner, WatchedHeads } from "./measured_heads.ts";
import { narrowed, settled } from "./narrow.ts";
import { QueryMeter } from "./query_meter.ts";
import { solveBest, solveHeads } from "./solve_heads.ts";
import { adapterOf, algorithmOf, metaSpecsOf, modelOf } from "./subject.ts";
import { withMoments } from "./task_state.ts";

/** A learned state, and what it meets. */
interface Learner {
  readonly subject: Subject;
  readonly start: TrainedState;
  readonly dataSet: DataSet;
}

/** What all shapes have in common. */
interface Setting {
  readonly evaluation: EvaluationSpec;
  /** Its programs are timed where the clock is on. */
  readonly backend: Backend;
  readonly clock: AdaptationClock;
}

/** Scores one trained state as `evaluate` does; representations and the diversity of tasks, which differ in shape, are not measured. */
export async function evaluateVaried(
  spec: TrainSpec,
  evaluation: EvaluationSpec,
  state: TrainedState,
  dataSet: VariedDataSet,
  backend: Backend,
  onTimed: (adaptMs: number) => void = () => {},
): Promise<MeasuredEvaluation> {
  const subjectOn = (own: DataSet): Subject => {
    const model = modelOf(spec, own);
    return { model, spec, metaSpecs: metaSpecsOf(spec, model, own) };
  };
  const subject = subjectOn(dataSet);
  const { model } = subject;
  const start = await withMoments(startOf(model, spec, evaluation.taskStart, state), spec, model, dataSet, backend);
  const clock = new AdaptationClock();
  const setting: Setting = { evaluation, backend: clock.timed(backend), clock };
  const adapter = adapterOf(evaluation.adapter);
  const whole = { subject, start, dataSet };
  const evaluateShape = adapter.form === "head"
    ? await headsWith(adapter, whole, setting)
    : await curvesWith(adapter, whole, setting);
  const tasksStart = await settled(start, subject, backend);
  const shapes = dataSet.shapes(evaluation.episodes);
  const found: MeasuredEvaluation[] = [];
  for (const { numbers, dataSet: own } of shapes) {
    const narrow = subjectOn(own);
    const learner = { subject: narrow, start: narrowed(tasksStart, subject, narrow), dataSet: own };
    found.push(await evaluateShape(learner, numbers.length));
  }
  const adaptMs = clock.perEpisode();
  if (adaptMs !== undefined) onTimed(adaptMs);
  return together(shapes, found);
}

/** Evaluates the episodes of one shape. */
type EvaluateShape = (learner: Learner, episodes: number) => Promise<MeasuredEvaluation>;

async function headsWith(
  adapter: HeadAdapter,
  { subject, start, dataSet }: Learner,
  { evaluation, backend, clock }: Setting,
): Promise<EvaluateShape> {
  const { shots, testQueries } = evaluation;
  let { candidates } = adapter;
  if (candidates.length > 1) {
    const runner = new EpisodeRunner(backend, start, (sizes) => featureProgram(subject, sizes, dataSet));
    const range: EpisodeRange = { split: "validation", episodes: VALIDATION_EPISODES, shots, testQueries };
    try {
      candidates = [(await solveBest(runner, adapter, range, dataSet)).strength];
    } finally {
      runner.dispose();
    }
  }
  return async ({ subject, start, dataSet }, episodes) => {
    const watched = new WatchedHeads({ ...adapter, candidates });
    const runner = new LabelledRunner(clock, backend, start, (sizes) => featureProgram(subject, sizes, dataSet));
    try {
      const own = { ...evaluation, episodes };
      const { flops } = featureProgram(subject, sizesOf(evaluation, dataSet), dataSet);
      const found = await solveHeads(runner, watched.adapter, own, dataSet, 0, flops / CHUNK);
      watched.clock(episodes, clock);
      const measures = watched.measures(runner.labels, dataSet);
      return { ...found, measures: measures === undefined ? [] : [measures] };
    } finally {
      runner.dispose();
    }
  };
}

async function curvesWith(adapter: GraphAdapter, whole: Learner, setting: Setting): Promise<EvaluateShape> {
  const { evaluation, backend, clock } = setting;
  const { innerSteps, innerLrs, adaptDepth, shots, testQueries } = evaluation;
  const passed = [...new Set([0, ...innerSteps])];
  const curveOf = async (
    { subject, start, dataSet }: Learner,
    strength: number,
    range: Pick<EpisodeRange, "split" | "episodes">,
    meter?: QueryMeter,
  ) => {
    const build = (sizes: EpisodeSizes) =>
      adaptationProgram({ ...subject, adapter, adaptDepth, innerSteps: passed, strength }, sizes, dataSet);
    const runner = new EpisodeRunner(backend, start, build);
    try {
      return await gradientCurve(runner, passed, { ...range, shots, testQueries }, dataSet, meter);
    } finally {
      runner.dispose();
    }
  };
  const chosen = innerLrs.length === 1
    ? innerSteps.map(() => innerLrs[0])
    : await chooseStepSizes(innerLrs, innerSteps, whole.dataSet.kind, async (innerLr) => {
      const { scores } = await curveOf(whole, innerLr, { split: "validation", episodes: VALIDATION_EPISODES });
      return innerSteps.map((steps) => scores[passed.indexOf(steps)]);
    });
  const { spec } = whole.subject;
  const learnedRates = algorithmOf(spec).innerRates?.({ meta: {}, own: spec.hyper.own }) !== undefined;
  return async (learner, episodes) => {
    const { subject, dataSet } = learner;
    const tested = new Map(
      await Array.fromAsync(new Set(chosen), async (innerLr) => {
        const meter = new QueryMeter(innerSteps, dataSet);
        const curve = await clock.during(episodes, () => curveOf(learner, innerLr, { split: "test", episodes }, meter));
        return [innerLr, { curve, meter }] as const;
      }),
    );
    const at = (innerLr: number, steps: number) => {
      const found = tested.get(innerLr);
      if (found === undefined) throw new Error(`internal: nothing was tested with step size ${innerLr}`);
      const position = passed.indexOf(steps);
      return {
        scores: found.curve.scores[position],
        illustration: found.curve.illustrations[position],
        measures: found.meter.at(steps),
      };
    };
    const sizes = sizesOf(evaluation, dataSet);
    const points = chosen.map((innerLr, position) => ({ innerLr, steps: innerSteps[position] }));
    return {
      curve: points.map(({ innerLr, steps }) => ({
        innerSteps: steps,
        strength: learnedRates ? null : innerLr,
        scores: at(innerLr, steps).scores,
        adaptFlops: adaptationFlops({ ...subject, adapter, adaptDepth, strength: innerLr }, steps, sizes, dataSet),
      })),
      illustrations: [
        ...(innerSteps.includes(0) ? [] : [at(chosen[0], 0).illustration]),
        ...points.map(({ innerLr, steps }) => at(innerLr, steps).illustration),
      ],
      measures: points.flatMap(({ innerLr, steps }) => at(innerLr, steps).measures ?? []),
    };
  };
}

/** What was found of every shape as one: scores in the order of episodes, sums of measures, and mean costs. */
function together(shapes: readonly ShapedEpisodes[], found: readonly MeasuredEvaluation[]): MeasuredEvaluation {
  const total = shapes.reduce((sum, { numbers }) => sum + numbers.length, 0);
  const first = shapes.findIndex(({ numbers }) => numbers[0] === 0);
  return {
    curve: found[0].curve.map((point, position): StepScores => ({
      ...point,
      scores: inEpisodeOrder(shapes, (shape) => found[shape].curve[position].scores),
      adaptFlops: found.reduce(
        (sum, { curve }, shape) => sum + curve[position].adaptFlops * shapes[shape].numbers.length / total,
        0,
      ),
    })),
    // Episode 0 is the first one of its shape.
    illustrations: found[first].illustrations,
    representations: [],
    measures: (found[0].measures ?? []).map((_, position) =>
      found.flatMap(({ measures = [] }) => measures[position]).reduce(added)
    ),
    diversity: [],
  };
}

function added(a: QueryMeasures, b: QueryMeasures): QueryMeasures {
  const sum = (one: readonly number[], other: readonly number[]) => one.map((value, i) => value + other[i]);
  return {
    innerSteps: a.innerSteps,
    nll: a.nll === null || b.nll === null ? null : a.nll + b.nll,
    bins: a.bins.map(([queries, confidence, right], i): Bin => {
      const [more, surer, righter] = b.bins[i];
      return [queries + more, confidence + surer, right + righter];
    }),
    queries: sum(a.queries, b.queries),
    right: sum(a.right, b.right),
  };
}
