/** Solved heads, watched as they are scored: what they say of the test episodes' queries, and how long it took. */
import type { HeadAdapter, HeadTask } from "../../algorithms/adapters/adapter.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { QueryMeasures } from "../store/measures.ts";
import type { AdaptationClock } from "./adaptation_clock.ts";
import { EpisodeRunner } from "./episodes.ts";
import { type LabelledQueries, labelsOf, QuerySums } from "./query_meter.ts";

/** What became of one episode's head. */
interface Watched {
  predictions: ArrayLike<number> | undefined;
  ms: number;
}

/** A runner that remembers the labels of the test episodes that it visits, and times its programs there. */
export class LabelledRunner extends EpisodeRunner {
  readonly labels: LabelledQueries[] = [];
  readonly #clock: AdaptationClock;

  constructor(clock: AdaptationClock, ...args: ConstructorParameters<typeof EpisodeRunner>) {
    super(...args);
    this.#clock = clock;
  }

  override async *over(...args: Parameters<EpisodeRunner["over"]>): ReturnType<EpisodeRunner["over"]> {
    const [, { split, episodes }] = args;
    if (split !== "test") return yield* super.over(...args);
    this.#clock.start(episodes);
    for await (const chunk of super.over(...args)) {
      const { batch } = chunk;
      for (let t = 0; t < batch.tasks && batch.classes !== undefined; t++) this.labels.push(labelsOf(batch, t));
      yield chunk;
    }
    this.#clock.stop();
  }
}

/** An adapter that remembers what its heads said last, in the order in which they were made. */
export class WatchedHeads {
  readonly adapter: HeadAdapter;
  readonly #episodes: Watched[] = [];

  constructor(adapter: HeadAdapter) {
    this.adapter = { ...adapter, solver: (task) => this.#watch(adapter, task) };
  }

  #watch(adapter: HeadAdapter, task: HeadTask): ReturnType<HeadAdapter["solver"]> {
    const watched: Watched = { predictions: undefined, ms: 0 };
    this.#episodes.push(watched);
    const timed = <T>(solve: () => T): T => {
      const start = performance.now();
      const result = solve();
      watched.ms += performance.now() - start;
      return result;
    };
    const solve = timed(() => adapter.solver(task));
    return (strength) => {
      const solution = timed(() => solve(strength));
      watched.predictions = solution.predictions.to1DArray();
      return solution;
    };
  }

  /** What the heads of the last episodes, which are those of the test, say; undefined for regression. */
  measures(labels: readonly LabelledQueries[], dataSet: DataSet): QueryMeasures | undefined {
    const classes = dataSet.classesOf?.("test").length ?? 0;
    if (classes === 0) return undefined;
    const sums = new QuerySums(classes);
    this.#episodes.slice(-labels.length).forEach(({ predictions }, episode) => {
      if (predictions !== undefined) sums.add(predictions, labels[episode]);
    });
    return sums.at(null);
  }

  /** Adds the time of the last episodes' heads, which are those of the test. */
  clock(episodes: number, clock: AdaptationClock): void {
    for (const { ms } of this.#episodes.slice(-episodes)) clock.add(ms);
  }
}
