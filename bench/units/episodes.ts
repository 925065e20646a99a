/** Programs over episodes, chunk by chunk. */
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend, Data, Executable } from "../../algorithms/tensor/backend.ts";
import type { Program } from "../../algorithms/tensor/program.ts";
import type { DataSet, EpisodeBatch, EvaluationSplit } from "../../data/contract/dataset.ts";
import type { EpisodeSizes } from "./adaptation.ts";
import { scoreEpisode } from "./score.ts";
import type { EvaluationSpec } from "../store/types.ts";
import type { Illustration } from "../../reports/view/input.ts";

/** Episodes adapted at once. */
export const CHUNK = 25;

/** Which episodes. */
export interface EpisodeRange extends Pick<EvaluationSpec, "shots" | "testQueries"> {
  readonly split: EvaluationSplit;
  /** Number of the first one; 0 by default. */
  readonly first?: number;
  /** How many. */
  readonly episodes: number;
}

/** Runs a program over episodes in chunks; one compiled program per size of batch. */
export class EpisodeRunner {
  readonly #backend: Backend;
  readonly #build: (sizes: EpisodeSizes) => Program;
  readonly #compiled = new Map<string, { readonly program: Program; readonly executable: Executable }>();
  readonly #kept: Map<string, EpisodeBatch> | undefined;
  #start: TrainedState;

  /** @param keep whether episodes are kept in memory, to be visited again */
  constructor(backend: Backend, start: TrainedState, build: (sizes: EpisodeSizes) => Program, keep = false) {
    this.#kept = keep ? new Map() : undefined;
    this.#backend = backend;
    this.#start = start;
    this.#build = build;
  }

  /** Goes on with other parameters. */
  use(start: TrainedState): void {
    this.#start = start;
    for (const { program, executable } of this.#compiled.values()) setStates(program, executable, start);
  }

  /** Visits episodes of a split, chunk by chunk, with the outputs asked for. */
  async *over(
    dataSet: DataSet,
    { split, first: from = 0, episodes, shots, testQueries }: EpisodeRange,
    outputs: readonly string[],
  ): AsyncGenerator<{ first: number; batch: EpisodeBatch; outputs: Record<string, Data> }> {
    for (let first = from; first < from + episodes; first += CHUNK) {
      const count = Math.min(CHUNK, from + episodes - first);
      const key = `${split} ${first} ${count} ${shots} ${testQueries}`;
      const batch = this.#kept?.get(key) ?? dataSet.episodes(split, first, count, shots, testQueries);
      this.#kept?.set(key, batch);
      const executable = this.#executable(batch);
      executable.run({ supportX: batch.supportX, supportY: batch.supportY, queryX: batch.queryX });
      const values = await Promise.all(outputs.map(async (name) => [name, await executable.read(name)] as const));
      yield { first, batch, outputs: Object.fromEntries(values) };
    }
  }

  #executable(batch: EpisodeBatch): Executable {
    const key = `${batch.tasks},${batch.nSupport},${batch.nQuery}`;
    const known = this.#compiled.get(key);
    if (known !== undefined) return known.executable;
    const program = this.#build(batch);
    const executable = this.#backend.compile(program);
    setStates(program, executable, this.#start);
    this.#compiled.set(key, { program, executable });
    return executable;
  }

  dispose(): void {
    for (const { executable } of this.#compiled.values()) executable.dispose();
    this.#compiled.clear();
  }
}

/** A program that does not need a parameter (the head, for features) has no such state. */
function setStates({ states }: Program, executable: Executable, start: TrainedState): void {
  for (const { attributes: { name } } of states) executable.setState(name, start[name]);
}

/** Scores along an adaptation curve, and what episode 0 looked like; one entry per number of inner steps. */
export interface GradientCurve {
  readonly scores: readonly (readonly (number | null)[])[];
  readonly illustrations: readonly Illustration[];
}

/** Looks at more than the predictions of an adaptation. */
export interface Observer {
  /** The outputs it wants to see. */
  readonly outputs: readonly string[];
  /** Sees them for one chunk. */
  see(batch: EpisodeBatch, outputs: Readonly<Record<string, Data>>): void;
}

/** Runs an adaptation program over episodes and scores what it predicts. */
export async function gradientCurve(
  runner: EpisodeRunner,
  innerSteps: readonly number[],
  range: EpisodeRange,
  dataSet: DataSet,
  observer?: Observer,
): Promise<GradientCurve> {
  const names = innerSteps.map((s) => `step${s}`);
  const scores: (number | null)[][] = innerSteps.map(() => []);
  const illustrations: Illustration[] = [];
  for await (const { first, batch, outputs } of runner.over(dataSet, range, [...names, ...observer?.outputs ?? []])) {
    observer?.see(batch, outputs);
    names.forEach((name, position) => {
      const length = batch.nQuery * dataSet.outputs;
      for (let t = 0; t < batch.tasks; t++) {
        const predictions = outputs[name].subarray(t * length, (t + 1) * length);
        const targets = batch.queryY.subarray(t * length, (t + 1) * length);
        scores[position].push(scoreEpisode(dataSet.kind, predictions, targets, dataSet.outputs));
        if (first + t === 0) {
          illustrations.push({
            innerSteps: innerSteps[position],
            predictions: rowsOf(predictions, dataSet.outputs),
          });
        }
      }
    });
  }
  return { scores, illustrations };
}

/** The curve over some episodes and then others. */
export function joined(a: GradientCurve, b: GradientCurve): GradientCurve {
  return {
    scores: a.scores.map((scores, position) => [...scores, ...b.scores[position]]),
    illustrations: [...a.illustrations, ...b.illustrations],
  };
}

/** [n, outputs] as rows; non-finite numbers become null in JSON. */
function rowsOf(values: ArrayLike<number>, outputs: number): number[][] {
  return Array.from(
    { length: values.length / outputs },
    (_, row) => Array.from({ length: outputs }, (_, column) => values[row * outputs + column]),
  );
}
