import assert from "node:assert/strict";
import { rng } from "../common/random.ts";
import type { CollectionClass } from "./contract/collection.ts";
import type { DataSet } from "./contract/dataset.ts";
import { groupingsOf } from "./groups.ts";
import { UDHR } from "./languages/declarations.ts";
import { languages } from "./languages/mod.ts";
import families from "./languages/families.json" with { type: "json" };
import { missingPackage } from "./npm/package.ts";
import { characterCollection } from "./omniglot/collection.ts";
import { CHARACTERS, DRAWINGS, PIXELS, SPLIT_CHARACTERS } from "./omniglot/contents.ts";
import { collectionDataSet } from "./sampling/collection_data_set.ts";
import { continents, stationsOf } from "./tides/continents.ts";
import { stationOf } from "./tides/groups.ts";
import countries from "./tides/countries.json" with { type: "json" };
import { tideAt, tideDataSet, TIDES } from "./tides/mod.ts";
import { standardDeviation } from "./tides/moments.ts";
import { readStations, splitStations, TIDE_DATABASE } from "./tides/stations.ts";

const noLanguages = await missingPackage(UDHR, "languages") !== undefined;
const noTides = await missingPackage(TIDE_DATABASE, "tides") !== undefined;
const absent = (missing: boolean) => missing ? " (npm cannot be reached)" : "";

/** A data set of which only the test classes matter. */
const ofClasses = (classes: readonly Partial<CollectionClass>[]) =>
  ({ classesOf: () => classes }) as unknown as DataSet;

Deno.test("a character of Omniglot belongs to its alphabet, however it is turned", async () => {
  const data = collectionDataSet(
    characterCollection({
      ...{ name: "omniglot", names: CHARACTERS, characters: SPLIT_CHARACTERS, rotations: 4, digest: "x" },
      drawings: new Uint8Array(CHARACTERS.length * DRAWINGS * PIXELS),
    }),
    5,
  );
  const [alphabets, ...others] = await groupingsOf("omniglot", data, "test");
  assert.deepEqual([alphabets.level, others.length], ["alphabet", 0]);
  data.classesOf!("test").forEach(({ name }, id) => assert.equal(alphabets.groupOf(id), name.split("/")[0]));
});

Deno.test({
  name: `languages are grouped by their script and by the family that they are split by${absent(noLanguages)}`,
  ignore: noLanguages,
  fn: async () => {
    const data = await languages.open({ dataDir: "", ways: 5 });
    const groupings = await groupingsOf("languages", data, "test");
    assert.deepEqual(groupings.map(({ level }) => level), ["script", "family"]);
    const [scripts, own] = groupings.map(({ groupOf }) => new Set(data.classesOf!("test").map((_, id) => groupOf(id))));
    assert([...own].every((family) => Object.hasOwn(families.test, family)) && own.size >= 5);
    assert(scripts.has("Latin") && scripts.has("Han"));
  },
});

Deno.test({
  name: `the country and continent of a tide's episode are those of the station whose curve it is${absent(noTides)}`,
  ignore: noTides,
  fn: async () => {
    const stations = splitStations(await readStations());
    const data = tideDataSet(TIDES, stations);
    const [country, continent] = await groupingsOf("tides", data, "test");
    assert.deepEqual([country.level, continent.level], ["country", "continent"]);
    const known = await continents();
    const [asian] = await groupingsOf("tides-asia", {} as DataSet, "test");
    const asia = (await stationsOf("tides-asia")).own.test;
    const scale = standardDeviation(stations.train);
    const [low, high] = TIDES.x;
    const hoursPerUnit = TIDES.hours / (high - low);
    const queries = 100;
    const { queryX, queryY } = data.episodes("test", 0, 20, 5, queries);
    for (let episode = 0; episode < 20; episode++) {
      const own = stationOf(TIDES, "test", stations.test, episode);
      assert.equal(country.groupOf(episode), own.country);
      assert.equal(continent.groupOf(episode), known.get(own.id));
      assert.equal(asian.groupOf(episode), stationOf({ name: "tides-asia" }, "test", asia, episode).country);
      assert(countries.test.includes(own.country));
      // With the station known, and the start that is drawn after it, so is the whole curve.
      const random = rng([TIDES.name, "test", episode]);
      random.int(stations.test.length);
      const origin = random.uniform(0, TIDES.startHours) - low * hoursPerUnit;
      const curve = tideAt(own, origin, scale, hoursPerUnit);
      const at = episode * queries + 17;
      assert.equal(queryY[at], Math.fround(curve(queryX[at])));
    }
  },
});

Deno.test("images in folders of folders are grouped by the outer one, others by what their classes say, and else not at all", async () => {
  const nested = ofClasses([{ name: "birds/owl" }, { name: "birds/tit" }, { name: "plants/old/oak" }]);
  const [folders, ...rest] = await groupingsOf("images-mine", nested, "test");
  assert.deepEqual([folders.level, rest.length], ["folder", 0]);
  assert.deepEqual([0, 1, 2].map(folders.groupOf), ["birds", "birds", "plants/old"]);
  assert.deepEqual(await groupingsOf("images-mine", ofClasses([{ name: "birds/owl" }, { name: "cat" }]), "test"), []);
  const [named] = await groupingsOf("table-mine", ofClasses([{ name: "a", group: "g" }]), "test");
  assert.deepEqual([named.level, named.groupOf(0)], ["group", "g"]);
  assert.deepEqual(await groupingsOf("sinusoid", {} as DataSet, "test"), []);
});
