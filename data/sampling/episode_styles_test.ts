import assert from "node:assert/strict";
import { EPISODE_STYLES } from "../contract/episode_styles.ts";
import type { DataSet } from "../contract/dataset.ts";
import { UDHR } from "../languages/declarations.ts";
import { languages } from "../languages/mod.ts";
import { missingPackage } from "../npm/package.ts";
import { characterCollection } from "../omniglot/collection.ts";
import { CHARACTERS, DRAWINGS, PIXELS, SPLIT_CHARACTERS } from "../omniglot/contents.ts";
import { omniglot } from "../omniglot/mod.ts";
import { findOmniglot } from "../testing/mod.ts";
import { collectionDataSet } from "./collection_data_set.ts";

const dataDir = await findOmniglot() ?? "";
const missing = await missingPackage(UDHR, "languages");

/** The groups of each of some test episodes. */
function groupsOf(data: DataSet, ways: number, episodes = 200): Set<string | undefined>[] {
  const { classes } = data.episodes("test", 0, episodes, 1, 1);
  const own = data.classesOf!("test");
  return Array.from(
    { length: episodes },
    (_, t) => new Set([...classes!.subarray(ways * t, ways * (t + 1))].map((id) => own[id].group)),
  );
}

/** Every task of one group, more than one group among all, and the usual style across groups. */
function checkHierarchy(usual: DataSet, hierarchical: DataSet, ways: number): void {
  const groups = groupsOf(hierarchical, ways);
  assert(groups.every((own) => own.size === 1 && !own.has(undefined)));
  assert(new Set(groups.flatMap((own) => [...own])).size > 1);
  assert(groupsOf(usual, ways).some(({ size }) => size > 1));
  assert.notEqual(usual.digest, hierarchical.digest);
  const { classes, supportY } = hierarchical.episodes("test", 7, 1, 1, 2);
  assert.deepEqual(hierarchical.episodes("test", 0, 8, 1, 2).classes!.subarray(-ways), classes);
  assert.equal(supportY.length, ways * ways);
}

Deno.test("hierarchical episodes of Omniglot's characters, rotations among them, are of one alphabet each", () => {
  const characters = characterCollection({
    ...{ name: "omniglot", names: CHARACTERS, characters: SPLIT_CHARACTERS, rotations: 4, digest: "x" },
    drawings: new Uint8Array(CHARACTERS.length * DRAWINGS * PIXELS),
  });
  const [usual, hierarchical] = [EPISODE_STYLES.usual, EPISODE_STYLES.hierarchical].map((style) =>
    collectionDataSet(characters, 20, style)
  );
  checkHierarchy(usual, hierarchical, 20);
});

Deno.test({
  name: `the real Omniglot gives hierarchical episodes at 5 and 20 ways${dataDir === "" ? " (not there)" : ""}`,
  ignore: dataDir === "",
  fn: async () => {
    for (const ways of [5, 20]) {
      const [usual, hierarchical] = await Promise.all(
        [EPISODE_STYLES.usual, EPISODE_STYLES.hierarchical].map((style) => omniglot.open({ dataDir, ways, style })),
      );
      checkHierarchy(usual, hierarchical, ways);
    }
  },
});

Deno.test({
  name: `hierarchical episodes of languages are of one script each${
    missing === undefined ? "" : " (npm cannot be reached)"
  }`,
  ignore: missing !== undefined,
  fn: async () => {
    const [usual, hierarchical] = await Promise.all(
      [EPISODE_STYLES.usual, EPISODE_STYLES.hierarchical].map((style) =>
        languages.open({ dataDir: "", ways: 5, style })
      ),
    );
    checkHierarchy(usual, hierarchical, 5);
  },
});

Deno.test("imbalanced episodes have K support examples a class on average and none without, and their queries stay balanced", () => {
  const examples = 60;
  const split = Array.from({ length: 8 }, (_, id) => ({ name: `c${id}`, examples }));
  const collection = {
    ...{ name: "letters", inputShape: [1], digest: "x", classes: [...split, ...split, ...split] },
    splits: { train: [0, 1, 2, 3, 4, 5, 6, 7], validation: [8, 9, 10, 11, 12], test: [16, 17, 18, 19, 20] },
    write: () => {},
  };
  const [ways, shots, episodes] = [5, 10, 300];
  const data = collectionDataSet(collection, ways, EPISODE_STYLES.imbalanced);
  const { supportY, queryY, nSupport } = data.episodes("test", 0, episodes, shots, 3);
  assert.equal(nSupport, ways * shots);
  const counts = (y: Float32Array, perTask: number) =>
    Array.from({ length: episodes }, (_, t) =>
      Array.from({ length: ways }, (_, n) => {
        let sum = 0;
        for (let i = 0; i < perTask; i++) sum += y[(t * perTask + i) * ways + n];
        return sum;
      }));
  const support = counts(supportY, nSupport);
  assert(support.every((own) => own.every((count) => count >= 1)));
  assert(counts(queryY, 15).every((own) => own.every((count) => count === 3)));
  // Shares lie within a factor of 4 of each other; the ones of extreme weights are seen, and equal ones are the exception.
  assert(support.some((own) => Math.max(...own) >= 2 * Math.min(...own)));
  assert(support.filter((own) => own.every((count) => count === shots)).length < episodes / 10);
});
