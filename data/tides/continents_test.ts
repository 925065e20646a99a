import { deepStrictEqual as equal, notDeepStrictEqual as differ, ok } from "node:assert/strict";
import { missingPackage } from "../npm/package.ts";
import { referencesOf } from "../references/floors.ts";
import { continentDataSet, type ContinentName, continents, continentTides, stationsOf } from "./continents.ts";
import { tideDataSet, TIDES } from "./mod.ts";
import { readStations, splitStations, TIDE_DATABASE } from "./stations.ts";

const missing = await missingPackage(TIDE_DATABASE, "tides");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";
const NAMES = Object.keys(continentTides) as ContinentName[];

Deno.test({
  name:
    `each continent has stations in every split, those of a country in one, and its line says how many it trains on${where}`,
  ...here,
  fn: async () => {
    const known = await continents();
    const seen = new Map<string, string>();
    for (const name of NAMES) {
      const { own } = await stationsOf(name);
      ok(own.train.length >= 20 && own.validation.length >= 4 && own.test.length >= 10, name);
      ok(continentTides[name].summary.includes(` ${own.train.length} training stations`), name);
      for (const split of ["train", "validation", "test"] as const) {
        for (const { id, country } of own[split]) {
          equal(known.get(id), continentTides[name].title.replace("Tides, ", ""));
          const place = `${name} ${split}`;
          equal(seen.get(country) ?? place, place, `${country} is in one split of one continent`);
          seen.set(country, place);
        }
      }
    }
  },
});

Deno.test({
  name: `the tides of all stations, as a continent of their own, are those of the whole data set${where}`,
  ...here,
  fn: async () => {
    const all = splitStations(await readStations());
    const [whole, made] = [tideDataSet(TIDES, all), continentDataSet(TIDES, { all, own: all })];
    equal(made.episodes("test", 5, 4, 6, 10), whole.episodes("test", 5, 4, 6, 10));
    equal(made.trainBatch(3, 4, 5, ["x"]), whole.trainBatch(3, 4, 5, ["x"]));
    const [task] = [made.episodes("test", 5, 1, 6, 10)];
    equal(
      referencesOf(made).map((own) => [own.name, Array.from(own.predict(task))]),
      referencesOf(whole).map((own) => [own.name, Array.from(own.predict(task))]),
    );
  },
});

Deno.test({
  name: `a continent's tasks are of its stations in the unit of all tides, and digests tell continents apart${where}`,
  ...here,
  fn: async () => {
    const opened = await Promise.all(NAMES.map((name) => continentTides[name].open({ dataDir: "", ways: 1 })));
    equal(new Set(opened.map(({ digest }) => digest)).size, NAMES.length);
    const { all, own } = await stationsOf("tides-asia");
    // With Asia's stations alone as all there are, curves are the same but for the unit.
    const [asia, alone] = [continentDataSet(TIDES, { all, own }), continentDataSet(TIDES, { all: own, own })];
    const [a, b] = [asia, alone].map((data) => data.episodes("test", 0, 1, 5, 10));
    equal(a.supportX, b.supportX);
    differ(a.supportY, b.supportY);
    const ratio = a.supportY[0] / b.supportY[0];
    a.supportY.forEach((y, i) => ok(Math.abs(y / b.supportY[i] - ratio) < 1e-3 * ratio));
  },
});
