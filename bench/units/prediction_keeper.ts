/** Keeps what an adaptation predicts for the queries of the first test episodes. */
import type { Data } from "../../algorithms/tensor/backend.ts";
import type { EpisodeBatch } from "../../data/contract/dataset.ts";
import type { KeptPredictions } from "../store/kept_predictions.ts";
import type { Observer } from "./episodes.ts";

/** Sees episodes in their order, from the first on. */
export class PredictionKeeper implements Observer {
  readonly outputs = [];
  readonly #episodes: number;
  readonly #kept: ReadonlyMap<number, (number | null)[][]>;

  constructor(innerSteps: readonly number[], episodes: number) {
    this.#episodes = episodes;
    this.#kept = new Map(innerSteps.map((steps) => [steps, []]));
  }

  see({ tasks }: EpisodeBatch, outputs: Readonly<Record<string, Data>>): void {
    for (const [steps, kept] of this.#kept) {
      const predictions = outputs[`step${steps}`];
      const length = predictions.length / tasks;
      for (let task = 0; task < tasks && kept.length < this.#episodes; task++) {
        const own = predictions.subarray(task * length, (task + 1) * length);
        kept.push(Array.from(own, (value) => Number.isFinite(value) ? value : null));
      }
    }
  }

  /** What was kept at one number of inner steps. */
  at(innerSteps: number): KeptPredictions {
    return { innerSteps, episodes: this.#kept.get(innerSteps) ?? [] };
  }
}
