/** Adapts a trained state to the test episodes and scores it there. */
import { adapt } from "../algorithms/inner_loop.ts";
import { frozenPrefix } from "../algorithms/masks.ts";
import { featuresOf, forward, type Model } from "../algorithms/models/model.ts";
import { initialState, parameterSlots, sharedStates, type TrainedState } from "../algorithms/parameters.ts";
import type { Backend, Data, Executable } from "../algorithms/tensor/backend.ts";
import { Graph, type Node } from "../algorithms/tensor/graph.ts";
import { program } from "../algorithms/tensor/program.ts";
import type { DataSet, EpisodeBatch, EvaluationSplit } from "../data/dataset.ts";
import { qualityOf, scoreEpisode } from "./score.ts";
import { solveHeads } from "./solve_heads.ts";
import { algorithmOf, modelOf } from "./train.ts";
import { lossFor } from "./training_program.ts";
import type { EvaluationResult, EvaluationSpec, Illustration, StepScores, TrainSpec } from "./types.ts";

/** Episodes adapted at once. */
const CHUNK = 25;

/** Validation episodes that step sizes and regularisation strengths are chosen on. */
const VALIDATION_EPISODES = 50;

/**
 * Scores one trained state: a curve over inner steps (gradient) or a single point (solved head), per test episode.
 *
 * Adaptation runs once to the largest number of inner steps; the counts on the way are scored as they are passed. What adaptation leaves open
 * (its step size, the head's regularisation) is chosen on validation episodes, for every algorithm alike; test episodes are never touched for it.
 */
export async function evaluate(
  spec: TrainSpec,
  evaluation: EvaluationSpec,
  state: TrainedState,
  dataSet: DataSet,
  backend: Backend,
): Promise<EvaluationResult> {
  const model = modelOf(spec, dataSet);
  const start = startOf(model, spec, evaluation, state);
  if (evaluation.adaptation === "solved-head") {
    const runner = new EpisodeRunner(backend, start, (batch) => featureProgram(model, batch, dataSet));
    try {
      return await solveHeads(runner, evaluation, dataSet, VALIDATION_EPISODES);
    } finally {
      runner.dispose();
    }
  }
  const curveAt = async (innerLr: number, split: EvaluationSplit, episodes: number) => {
    const build = (batch: EpisodeBatch) => adaptationProgram(model, spec, evaluation, innerLr, batch, dataSet);
    const runner = new EpisodeRunner(backend, start, build);
    try {
      return await gradientCurve(runner, evaluation, innerLr, dataSet, split, episodes);
    } finally {
      runner.dispose();
    }
  };
  const { innerLrs } = evaluation;
  const chosen = innerLrs.length === 1
    ? evaluation.innerSteps.map(() => innerLrs[0])
    : await chooseStepSizes(evaluation, dataSet, (innerLr) => curveAt(innerLr, "validation", VALIDATION_EPISODES));
  const curves = new Map<number, EvaluationResult>();
  for (const innerLr of new Set(chosen)) curves.set(innerLr, await curveAt(innerLr, "test", evaluation.episodes));
  const at = (innerLr: number) => curves.get(innerLr) as EvaluationResult;
  const { innerSteps } = evaluation;
  const before = innerSteps[0] === 0 ? [] : at(chosen[0]).illustrations.filter((picture) => picture.innerSteps === 0);
  return {
    curve: chosen.map((innerLr, position) => at(innerLr).curve[position]),
    illustrations: [
      ...before,
      ...chosen.flatMap((innerLr, position) =>
        at(innerLr).illustrations.filter((picture) => picture.innerSteps === innerSteps[position])
      ),
    ],
  };
}

/** The step size that does best on validation episodes, for every number of inner steps. */
async function chooseStepSizes(
  { innerLrs, innerSteps }: EvaluationSpec,
  dataSet: DataSet,
  curveAt: (innerLr: number) => Promise<EvaluationResult>,
): Promise<number[]> {
  const best = innerSteps.map(() => ({ innerLr: innerLrs[0], quality: -Infinity }));
  for (const innerLr of innerLrs) {
    const { curve } = await curveAt(innerLr);
    curve.forEach(({ scores }, position) => {
      const quality = qualityOf(dataSet.kind, scores);
      if (quality > best[position].quality) best[position] = { innerLr, quality };
    });
  }
  return best.map(({ innerLr }) => innerLr);
}

/** The parameters every new task starts from; task-specific layers of a joint training start as `taskStart` says. */
function startOf(model: Model, spec: TrainSpec, { taskStart }: EvaluationSpec, state: TrainedState): TrainedState {
  const fresh = taskStart === "random" ? initialState(model, spec.seed, "task-start") : {};
  return Object.fromEntries(
    parameterSlots(model).map(({ key }) => [key, state[key] ?? fresh[key] ?? state[`${taskStart ?? "mean"}:${key}`]]),
  );
}

interface EpisodeNodes {
  readonly graph: Graph;
  readonly supportX: Node;
  readonly supportY: Node;
  readonly queryX: Node;
}

function episodeNodes(batch: EpisodeBatch, dataSet: DataSet): EpisodeNodes {
  const graph = new Graph();
  return {
    graph,
    supportX: graph.input("supportX", [batch.tasks, batch.nSupport, ...dataSet.inputShape]),
    supportY: graph.input("supportY", [batch.tasks, batch.nSupport, dataSet.outputs]),
    queryX: graph.input("queryX", [batch.tasks, batch.nQuery, ...dataSet.inputShape]),
  };
}

function adaptationProgram(
  model: Model,
  spec: TrainSpec,
  evaluation: EvaluationSpec,
  innerLr: number,
  batch: EpisodeBatch,
  dataSet: DataSet,
) {
  const { graph, supportX, supportY, queryX } = episodeNodes(batch, dataSet);
  const layers = model.layers.length;
  const trajectory = adapt({
    model,
    params: sharedStates(graph, model),
    support: { x: supportX, y: supportY },
    mask: evaluation.adaptDepth === "native"
      ? algorithmOf(spec).adaptationMask(spec.sharingDepth, layers)
      : frozenPrefix(evaluation.adaptDepth, layers),
    innerLr,
    innerSteps: Math.max(...evaluation.innerSteps),
    lossPerTask: lossFor(dataSet),
    secondOrder: false,
  });
  const outputs = drawnSteps(evaluation).map((s) => [`step${s}`, forward(model, trajectory[s], queryX)]);
  return program({ outputs: Object.fromEntries(outputs) });
}

/** Pictures show the state before adaptation even where it is not scored. */
function drawnSteps({ innerSteps }: EvaluationSpec): number[] {
  return [...new Set([0, ...innerSteps])];
}

function featureProgram(model: Model, batch: EpisodeBatch, dataSet: DataSet) {
  const { graph, supportX, queryX } = episodeNodes(batch, dataSet);
  const params = sharedStates(graph, model);
  return program({
    outputs: { support: featuresOf(model, params, supportX), query: featuresOf(model, params, queryX) },
  });
}

/** Runs a program over episodes in chunks; one compiled program per size of batch. */
export class EpisodeRunner {
  readonly #backend: Backend;
  readonly #start: TrainedState;
  readonly #build: (batch: EpisodeBatch) => ReturnType<typeof program>;
  readonly #compiled = new Map<string, Executable>();

  constructor(backend: Backend, start: TrainedState, build: (batch: EpisodeBatch) => ReturnType<typeof program>) {
    this.#backend = backend;
    this.#start = start;
    this.#build = build;
  }

  /** Visits episodes 0 .. count - 1 of a split, chunk by chunk, with the outputs asked for. */
  async *over(
    dataSet: DataSet,
    split: EvaluationSplit,
    count: number,
    { shots, testQueries }: EvaluationSpec,
    outputs: readonly string[],
  ): AsyncGenerator<{ first: number; batch: EpisodeBatch; outputs: Record<string, Data> }> {
    for (let first = 0; first < count; first += CHUNK) {
      const batch = dataSet.episodes(split, first, Math.min(CHUNK, count - first), shots, testQueries);
      const executable = this.#executable(batch);
      executable.run({ supportX: batch.supportX, supportY: batch.supportY, queryX: batch.queryX });
      const values = await Promise.all(outputs.map(async (name) => [name, await executable.read(name)] as const));
      yield { first, batch, outputs: Object.fromEntries(values) };
    }
  }

  #executable(batch: EpisodeBatch): Executable {
    const key = `${batch.tasks},${batch.nSupport},${batch.nQuery}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known;
    const program = this.#build(batch);
    const executable = this.#backend.compile(program);
    // A program that does not need a parameter (the head, for features) has no such state.
    for (const { attributes: { name } } of program.states) executable.setState(name, this.#start[name]);
    this.#compiled.set(key, executable);
    return executable;
  }

  dispose(): void {
    for (const executable of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
  }
}

async function gradientCurve(
  runner: EpisodeRunner,
  evaluation: EvaluationSpec,
  innerLr: number,
  dataSet: DataSet,
  split: EvaluationSplit,
  episodes: number,
): Promise<EvaluationResult> {
  const drawn = drawnSteps(evaluation);
  const curve = evaluation.innerSteps.map((innerSteps): StepScores & { scores: (number | null)[] } => ({
    innerSteps,
    strength: innerLr,
    scores: [],
  }));
  const illustrations: Illustration[] = [];
  const names = drawn.map((steps) => `step${steps}`);
  for await (const { first, batch, outputs } of runner.over(dataSet, split, episodes, evaluation, names)) {
    const length = batch.nQuery * dataSet.outputs;
    for (const innerSteps of drawn) {
      const predictions = outputs[`step${innerSteps}`];
      const scored = curve.find((point) => point.innerSteps === innerSteps);
      for (let t = 0; t < batch.tasks; t++) {
        const [from, to] = [t * length, (t + 1) * length];
        const targets = batch.queryY.subarray(from, to);
        scored?.scores.push(scoreEpisode(dataSet.kind, predictions.subarray(from, to), targets, dataSet.outputs));
      }
      if (first === 0) {
        illustrations.push({ innerSteps, predictions: rowsOf(predictions.subarray(0, length), dataSet.outputs) });
      }
    }
  }
  return { curve, illustrations };
}

/** [n, outputs] as rows; non-finite numbers become null in JSON. */
export function rowsOf(values: ArrayLike<number>, outputs: number): number[][] {
  return Array.from(
    { length: values.length / outputs },
    (_, row) => Array.from({ length: outputs }, (_, column) => values[row * outputs + column]),
  );
}
