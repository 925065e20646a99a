/** Tests with the real drawings; shown as ignored where there are none. */
import assert from "node:assert/strict";
import type { DataSet, EpisodeBatch } from "../contract/dataset.ts";
import { findOmniglot, temporaryFolder } from "../testing/mod.ts";
import { OMNIGLOT, PIXELS } from "./contents.ts";
import { openDrawings } from "./drawings.ts";
import { openOmniglot } from "./mod.ts";

const dataDir = await findOmniglot() ?? "";
const ignore = dataDir === "";
const where = ignore ? " (Omniglot is not there: deno task data omniglot)" : "";

Deno.test({
  name: `the real archives have the published content digest, and the cache of them is the same${where}`,
  ignore,
  fn: async () => {
    using folder = temporaryFolder();
    const read = await openDrawings(OMNIGLOT, dataDir, folder.path);
    const start = performance.now();
    const cached = await openDrawings(OMNIGLOT, dataDir, folder.path);
    assert(performance.now() - start < 1_500, "the cache saves decoding 32,460 images");
    assert.equal(read.length, 1623 * 20 * PIXELS);
    assert.deepEqual(cached, read);
  },
});

/** Accuracy per episode of choosing the class whose mean support drawing is nearest in raw pixels. */
function nearestMeanAccuracies(batch: EpisodeBatch, ways: number): number[] {
  const [shots, queries] = [batch.nSupport / ways, batch.nQuery];
  return Array.from({ length: batch.tasks }, (_, t) => {
    const means = Array.from({ length: ways }, (_, n) => {
      const mean = new Float64Array(PIXELS);
      for (let k = 0; k < shots; k++) {
        const from = (t * batch.nSupport + n * shots + k) * PIXELS;
        for (let i = 0; i < PIXELS; i++) mean[i] += batch.supportX[from + i] / shots;
      }
      return mean;
    });
    let right = 0;
    for (let q = 0; q < queries; q++) {
      const from = (t * queries + q) * PIXELS;
      const distances = means.map((mean) => {
        let sum = 0;
        for (let i = 0; i < PIXELS; i++) sum += (batch.queryX[from + i] - mean[i]) ** 2;
        return sum;
      });
      const label = batch.queryY.subarray((t * queries + q) * ways, (t * queries + q + 1) * ways).indexOf(1);
      if (distances.indexOf(Math.min(...distances)) === label) right++;
    }
    return right / queries;
  });
}

async function floor(ways: number, shots: number, episodes: number): Promise<{ mean: number; error: number }> {
  const data: DataSet = await openOmniglot(dataDir, ways, { rotations: 1 });
  const accuracies: number[] = [];
  const CHUNK = 50;
  for (let first = 0; first < episodes; first += CHUNK) {
    accuracies.push(...nearestMeanAccuracies(data.episodes("test", first, CHUNK, shots, ways > 5 ? 5 : 10), ways));
  }
  const mean = accuracies.reduce((a, b) => a + b, 0) / episodes;
  const variance = accuracies.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (episodes - 1);
  return { mean: 100 * mean, error: 100 * Math.sqrt(variance / episodes) };
}

/*
 * The expected floors were measured by an independent program on area-averaged drawings of the test characters without
 * rotations; the half-width of 0.9 points at 5 ways is two standard errors.
 */
for (
  const [ways, shots, expected, episodes] of [[5, 1, 41.9, 600], [5, 5, 69.1, 600], [20, 1, 22.4, 150], [
    20,
    5,
    47.1,
    150,
  ]]
) {
  Deno.test({
    name: `nearest class mean in raw pixels scores ${expected} % at ${ways} ways and ${shots} shots${where}`,
    ignore,
    fn: async () => {
      const { mean, error } = await floor(ways, shots, episodes);
      const bound = 3.5 * Math.hypot(error, 0.45);
      assert(Math.abs(mean - expected) < bound, `${mean} % is not within ${bound} of ${expected} %`);
    },
  });
}

Deno.test({
  name: `training, validation and test episodes share no drawing${where}`,
  ignore,
  fn: async () => {
    const data = await openOmniglot(dataDir, 20);
    const drawings = (batch: EpisodeBatch) =>
      new Set(
        Array.from({ length: batch.tasks * batch.nQuery }, (_, row) => {
          const image = batch.queryX.subarray(row * PIXELS, (row + 1) * PIXELS);
          return [...image].map((ink) => Math.round(ink * 225)).join();
        }),
      );
    const [train, validation, test] = [
      drawings(data.trainBatch(20, 1, 5, ["disjoint"])),
      drawings(data.episodes("validation", 0, 20, 1, 5)),
      drawings(data.episodes("test", 0, 20, 1, 5)),
    ];
    assert(train.isDisjointFrom(validation) && train.isDisjointFrom(test) && validation.isDisjointFrom(test));
    // Drawings are nearly all different, so the sets are as large as the draws allow.
    assert(test.size > 1_000);
  },
});

Deno.test({
  name: `Omniglot says what it is, and refuses 30 shots of 20 drawings${where}`,
  ignore,
  fn: async () => {
    const data = await openOmniglot(dataDir, 5);
    assert.deepEqual([data.name, data.kind, data.metric, data.outputs], ["omniglot", "classification", "accuracy", 5]);
    assert.deepEqual(data.inputShape, [28, 28, 1]);
    assert.match(data.digest, /^[0-9a-f]{64}$/);
    const batch = data.trainBatch(4, 1, 15, ["range"]);
    assert.equal(batch.supportX.length, 4 * 5 * PIXELS);
    assert(batch.supportX.every((ink) => ink >= 0 && ink <= 1));
    const inked = batch.queryX.reduce((sum, ink) => sum + ink, 0) / batch.queryX.length;
    assert(inked > 0.02 && inked < 0.2, `ink is 1 and rare: ${inked}`);
    assert.throws(() => data.episodes("test", 0, 1, 30, 15), {
      name: "DataError",
      message: /Cannot draw 30 shots \+ 15 queries .* has 20 examples/,
    });
    await assert.rejects(openOmniglot(dataDir, 1000), { name: "DataError", message: /Cannot draw 1000-way tasks/ });
  },
});
