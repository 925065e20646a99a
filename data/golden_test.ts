/**
 * The draws of the registered data sets, as digests of their bytes: whatever is tidied in a sampler, the same key names the same numbers.
 *
 * The digests were made by the data sets' first samplers (commit 02ee4b9, `data/omniglot/tasks.ts` and `data/sinusoid.ts`) with this file; another
 * digest means that stored results no longer belong to the code.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import type { DataSet, EpisodeBatch, ExampleBatch } from "./contract/dataset.ts";
import { DRAWINGS, PIXELS, ROTATIONS } from "./omniglot/contents.ts";
import { openOmniglot } from "./omniglot/mod.ts";
import { characterCollection } from "./omniglot/collection.ts";
import { collectionDataSet } from "./sampling/collection_data_set.ts";
import { FIXED_FREQUENCY, sinusoidDataSet, VARYING_FREQUENCY } from "./sinusoid.ts";
import { findOmniglot } from "./testing/mod.ts";

const REAL = await findOmniglot();

function digest(...arrays: readonly Float32Array[]): string {
  const hash = createHash("sha256");
  for (const array of arrays) hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  return hash.digest("hex").slice(0, 16);
}

const ofEpisodes = (batch: EpisodeBatch) => digest(batch.supportX, batch.supportY, batch.queryX, batch.queryY);
const ofExamples = (batch: ExampleBatch) => digest(batch.x, batch.y);

/** Digests of a training batch, a pool's batch, test and validation episodes, and of the content. */
function draws(data: DataSet): string[] {
  return [
    ofEpisodes(data.trainBatch(3, 2, 4, [7, "golden", 1])),
    ofExamples(data.pool(9, 3).batch([8, 0, 3], 7, [7, "golden", 1])),
    ofEpisodes(data.episodes("test", 5, 3, 1, 4)),
    ofEpisodes(data.episodes("validation", 0, 2, 5, 15)),
    data.digest.slice(0, 16),
  ];
}

/** Eleven made-up characters of grey noise that a formula gives. */
function noise(): Uint8Array {
  return Uint8Array.from({ length: 11 * DRAWINGS * PIXELS }, (_, i) => (i * 2_654_435_761 >>> 13) % 226);
}

Deno.test("the draws of a made-up collection in Omniglot's layout are those of the first sampler", () => {
  const characters = { train: [0, 2, 4, 6, 8], validation: [1, 3, 5], test: [7, 9, 10] };
  const names = Array.from({ length: 11 }, (_, character) => `Made-up/character${character}`);
  const source = { name: "made-up", drawings: noise(), names, characters, rotations: ROTATIONS };
  const collection = characterCollection({ ...source, digest: "0".repeat(64) });
  assert.deepEqual(draws(collectionDataSet(collection, 5)), [
    "dffc336b2130ae84",
    "4f7b6b7ae4aa75c8",
    "97cf4a97bf15cb24",
    "108331d075420b7d",
    "0000000000000000",
  ]);
});

Deno.test("the draws of both families of sinusoids are those of the first sampler", () => {
  assert.deepEqual(draws(sinusoidDataSet(FIXED_FREQUENCY)), [
    "6fbd7ddff7a288e2",
    "a8ce8814316fc409",
    "5692cd9d3b01a337",
    "6cd71a80eddb84c7",
    "8b5a1c50cbe752d8",
  ]);
  assert.deepEqual(draws(sinusoidDataSet(VARYING_FREQUENCY)), [
    "bb928efae91bc7ab",
    "ca24e9d6a645a1fa",
    "e43a9dabe64dcd71",
    "53e562a69f97495f",
    "68ada750158b62a6",
  ]);
});

Deno.test({
  name: `the draws of the real Omniglot are those of the first sampler${REAL ? "" : " (it is not there)"}`,
  ignore: REAL === undefined,
  fn: async () => {
    assert.deepEqual(draws(await openOmniglot(REAL!, 5)), [
      "981c1176e9c9b93d",
      "30ec7e662bdbf3b7",
      "499e5b58d08556cd",
      "9a3c51799e382a62",
      "f2aeda26ae411187",
    ]);
    assert.deepEqual(draws(await openOmniglot(REAL!, 20)), [
      "42fad41bad10f1b2",
      "b4e334c992e94fed",
      "e1648b0454ea8bff",
      "39885c8beb9427ae",
      "f2aeda26ae411187",
    ]);
  },
});
