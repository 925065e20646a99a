/** Adapts a learned state to one task, for other people's code. */
import { Matrix } from "ml-matrix";
import type { Adapter, GraphAdapter, HeadAdapter } from "../../algorithms/adapters/adapter.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { definitionOf } from "../../algorithms/library/algorithm.ts";
import { openNamed } from "../../algorithms/library/tensor.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import type { Program } from "../../algorithms/tensor/program.ts";
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";
import type { DataSet, EpisodeBatch } from "../../data/contract/dataset.ts";
import { adaptationProgram, featureProgram, startOf, type Subject } from "../units/adaptation.ts";
import { EpisodeRunner } from "../units/episodes.ts";
import { scoreEpisode } from "../units/score.ts";
import { solveBest } from "../units/solve_heads.ts";
import { metaSpecsOf, modelOf, nativeAdapterOf } from "../units/subject.ts";
import { withMoments } from "../units/task_state.ts";
import { dataSetOf, type Episode } from "./data.ts";
import { type Learned, specOf } from "./train.ts";

/** How a state is adapted. */
export interface AdaptOptions {
  /** A name in the table of adapters; the algorithm's native one by default. */
  readonly adapter?: string;
  /** Gradient steps, for adapters that take some; 5 by default. */
  readonly steps?: number;
  /**
   * What the adapter leaves open: a step size, α of training by default, or a strength of regularisation, chosen on 50 validation episodes of the data set by
   * default.
   */
  readonly strength?: number;
  /** What computes; "wasm" by default. */
  readonly backend?: string;
}

/** What a state says of a task that it was adapted to. */
export interface Adapted {
  /** [m, outputs]: predictions of the query set, or logits. */
  readonly predictions: Float32Array;
  /** The mean squared error or the accuracy; null without targets, and where a prediction is not finite. */
  readonly score: number | null;
  /** The adapter's name. */
  readonly adapter: string;
  /** The step size, or the strength of regularisation. */
  readonly strength: number;
}

/** Validation episodes that strengths are chosen on, as runs do. */
const VALIDATION_EPISODES = 50;

/**
 * Adapts a learned state to an episode and predicts its query set. The state stays as it is.
 *
 * @param learned by `train`
 * @param episode drawn by `drawEpisode`, or arrays of one's own in the data set's shapes
 * @throws UsageError when the arrays or the adapter do not fit
 */
export async function adapt(learned: Learned, episode: Episode, options: AdaptOptions = {}): Promise<Adapted> {
  const spec = specOf(learned);
  const dataSet = dataSetOf(learned.data);
  const adapter = adapterFor(learned, dataSet, options.adapter);
  const batch = batchOf(episode, dataSet);
  const backend = await openNamed(options.backend ?? "wasm");
  const model = modelOf(spec, dataSet);
  const subject: Subject = { model, spec, metaSpecs: metaSpecsOf(spec, model, dataSet) };
  const taskStart = definitionOf(learned.algorithm).reads.includes("taskStart") ? "mean" : null;
  const start = await withMoments(
    startOf(model, spec, taskStart, learned.state),
    spec,
    model,
    dataSet,
    backend,
  );
  const place: Place = { subject, start, batch, dataSet, backend };
  const { predictions, strength } = adapter.form === "graph"
    ? await byGradient(adapter, options.steps ?? 5, options.strength ?? spec.hyper.innerLr, place)
    : await byHead(adapter, options.strength, place);
  const { queryY } = episode;
  const score = queryY === undefined ? null : scoreEpisode(dataSet.kind, predictions, queryY, dataSet.outputs);
  return { predictions, score, adapter: adapter.name, strength };
}

interface Place {
  readonly subject: Subject;
  readonly start: TrainedState;
  readonly batch: EpisodeBatch;
  readonly dataSet: DataSet;
  readonly backend: Backend;
}

interface Predicted {
  readonly predictions: Float32Array;
  readonly strength: number;
}

function adapterFor({ algorithm }: Learned, dataSet: DataSet, name: string | undefined): Adapter {
  const definition = definitionOf(algorithm);
  if (name === undefined) return nativeAdapterOf(definition, dataSet.kind);
  if (!Object.hasOwn(adapters, name)) throw new UsageError(unknownName("adapter", name, Object.keys(adapters)));
  const adapter: Adapter = adapters[name as keyof typeof adapters];
  if (!adapter.supports.includes(dataSet.kind)) {
    throw new UsageError(`The adapter ${name} is for ${adapter.supports.join(" and ")} only, not for ${dataSet.kind}`);
  }
  if (adapter.changes === "context" && definition.context === undefined) {
    throw new UsageError(`The adapter ${name} adapts context vectors, which ${algorithm.name} has not learned`);
  }
  return adapter;
}

/** The episode as a batch of one task. @throws UsageError when its arrays have other lengths than the data set's shapes ask for */
function batchOf({ supportX, supportY, queryX, queryY }: Episode, dataSet: DataSet): EpisodeBatch {
  const size = dataSet.inputShape.reduce((product, extent) => product * extent, 1);
  const [nSupport, nQuery] = [supportX.length / size, queryX.length / size];
  const expected = (name: string, length: number, wanted: number) => {
    if (length === wanted) return;
    throw new UsageError(`${name} has ${length} numbers; as many rows as there are inputs would be ${wanted}`);
  };
  for (const [name, rows] of [["supportX", nSupport], ["queryX", nQuery]] as const) {
    if (Number.isInteger(rows) && rows > 0) continue;
    throw new UsageError(`${name} has ${rows * size} numbers; an input of "${dataSet.name}" has ${size}`);
  }
  expected("supportY", supportY.length, nSupport * dataSet.outputs);
  if (queryY !== undefined) expected("queryY", queryY.length, nQuery * dataSet.outputs);
  return {
    tasks: 1,
    nSupport,
    nQuery,
    supportX: Float32Array.from(supportX),
    supportY: Float32Array.from(supportY),
    queryX: Float32Array.from(queryX),
    queryY: Float32Array.from(queryY ?? { length: nQuery * dataSet.outputs }),
  };
}

async function byGradient(adapter: GraphAdapter, steps: number, strength: number, place: Place): Promise<Predicted> {
  if (!Number.isInteger(steps) || steps < 0) {
    throw new UsageError(`steps is ${steps}, but takes a whole number of at least 0`);
  }
  const { subject, batch, dataSet } = place;
  const adaptation = { ...subject, adapter, adaptDepth: "native", innerSteps: [steps], strength } as const;
  const [predictions] = await outputsOf(adaptationProgram(adaptation, batch, dataSet), [`step${steps}`], place);
  return { predictions, strength };
}

async function byHead(adapter: HeadAdapter, given: number | undefined, place: Place): Promise<Predicted> {
  const { subject, batch, dataSet } = place;
  const strength = given ?? await chosen(adapter, place);
  const [support, query] = await outputsOf(featureProgram(subject, batch, dataSet), ["support", "query"], place);
  const rows = (values: ArrayLike<number>, n: number) => Matrix.from1DArray(n, values.length / n, Array.from(values));
  const { nSupport, nQuery, supportY } = batch;
  const solver = adapter.solver({
    support: rows(support, nSupport),
    query: rows(query, nQuery),
    targets: rows(supportY, nSupport),
  });
  return { predictions: Float32Array.from(solver(strength).predictions.to1DArray()), strength };
}

/** The candidate that does best on validation episodes with as many shots. */
async function chosen(adapter: HeadAdapter, { subject, start, batch, dataSet, backend }: Place): Promise<number> {
  if (adapter.candidates.length === 1) return adapter.candidates[0];
  const shots = Math.max(1, Math.floor(batch.nSupport / (dataSet.kind === "regression" ? 1 : dataSet.outputs)));
  const runner = new EpisodeRunner(backend, start, (sizes) => featureProgram(subject, sizes, dataSet));
  try {
    const testQueries = Math.max(1, Math.round(batch.nQuery / dataSet.outputs));
    const range = { split: "validation", episodes: VALIDATION_EPISODES, shots, testQueries } as const;
    return (await solveBest(runner, adapter, range, dataSet)).strength;
  } finally {
    runner.dispose();
  }
}

async function outputsOf(
  program: Program,
  names: readonly string[],
  { start, batch: { supportX, supportY, queryX }, backend }: Place,
): Promise<Float32Array[]> {
  const executable = backend.compile(program);
  try {
    for (const { attributes: { name } } of program.states) executable.setState(name, start[name]);
    executable.run({ supportX, supportY, queryX });
    return await Promise.all(names.map(async (name) => Float32Array.from(await executable.read(name))));
  } finally {
    executable.dispose();
  }
}
