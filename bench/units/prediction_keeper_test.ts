import { deepStrictEqual as equal } from "node:assert/strict";
import type { EpisodeBatch } from "../../data/contract/dataset.ts";
import { PredictionKeeper } from "./prediction_keeper.ts";

const batchOf = (tasks: number) => ({ tasks }) as EpisodeBatch; // The keeper reads no more of it.

Deno.test("the predictions of the first episodes are kept, whatever the chunks that they come in", () => {
  const keeper = new PredictionKeeper([1, 5], 3);
  keeper.see(batchOf(2), { step1: Float32Array.of(1, 2, 3, 4), step5: Float32Array.of(5, 6, 7, 8) });
  keeper.see(batchOf(2), { step1: Float32Array.of(9, 10, 11, 12), step5: Float32Array.of(NaN, 0, 1, 1) });
  equal(keeper.at(1), { innerSteps: 1, episodes: [[1, 2], [3, 4], [9, 10]] });
  equal(keeper.at(5), { innerSteps: 5, episodes: [[5, 6], [7, 8], [null, 0]] });
});
