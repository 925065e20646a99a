/** Looks at a training from time to time; what it sees changes nothing. */
import type { Model } from "../../algorithms/models/model.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Backend } from "../../algorithms/tensor/backend.ts";
import type { DataSet } from "../../data/contract/dataset.ts";
import type { TrainSpec } from "../store/types.ts";
import { Validator, watchedIterations } from "./validation.ts";
import { type WatchedScores } from "../store/types.ts";

/** The validation curve of one training as it grows. */
export class ValidationMonitor {
  /** Scores so far. */
  readonly seen: WatchedScores[] = [];
  /** Spent on looking so far. */
  seconds = 0;
  readonly #iterations: ReadonlySet<number>;
  readonly #validator: Validator | undefined;

  constructor(spec: TrainSpec, model: Model, dataSet: DataSet, backend: Backend) {
    const { validation, hyper } = spec;
    this.#iterations = watchedIterations(hyper.iterations, validation?.points ?? 0);
    this.#validator = validation === null ? undefined : new Validator(spec, validation, model, dataSet, backend);
  }

  /** Goes on where another process was. */
  resume(seen: readonly WatchedScores[], seconds: number): void {
    this.seen.push(...seen);
    this.seconds += seconds;
  }

  /** Whether the iteration is one to look after. */
  looksAfter(iteration: number): boolean {
    return this.#validator !== undefined && this.#iterations.has(iteration);
  }

  /** Looks, when the iteration is one to look after. */
  async after(iteration: number, state: () => Promise<TrainedState>): Promise<void> {
    if (this.#validator === undefined || !this.looksAfter(iteration)) return;
    const start = performance.now();
    this.seen.push({ iteration, scores: await this.#validator.scores(await state()) });
    this.seconds += (performance.now() - start) / 1000;
  }

  dispose(): void {
    this.#validator?.dispose();
  }
}
