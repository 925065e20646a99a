import assert from "node:assert/strict";
import { SPLITS } from "../../common/vocabulary.ts";
import { missingPackage } from "../npm/package.ts";
import countries from "./countries.json" with { type: "json" };
import { APART, distance, readStations, splitStations, type Station, TIDE_DATABASE } from "./stations.ts";

const missing = await missingPackage(TIDE_DATABASE, "tides");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";
const stations = missing === undefined ? await readStations() : [];

/** A made-up station. */
function station(id: string, country: string, latitude: number, longitude: number): Station {
  const harmonics = [{ constituent: "M2", amplitude: 1, phase: 0 }] as const;
  return { id, name: id, country, latitude, longitude, licence: "public domain", attribution: "", harmonics };
}

Deno.test("every country is in one split, the United States with their territories in training", () => {
  const all = SPLITS.flatMap((split) => countries[split]);
  assert.equal(new Set(all).size, all.length);
  for (const country of ["US", "PR", "VI", "GU", "AS", "MP"]) assert(countries.train.includes(country), country);
});

Deno.test("across a border, what is near an evaluated station is left out of training, and near a tested one out of validation", () => {
  const [train, validation, test] = SPLITS.map((split) => countries[split][0]);
  const split = splitStations([
    station("train/by-test", train, 50, 10.1),
    station("train/by-validation", train, 40, 10.1),
    station("train/far", train, 50, 10.2),
    station("validation/by-test", validation, 50.08, 10),
    station("validation/far", validation, 40, 10),
    station("test", test, 50, 10),
    station("nowhere", "XX", 0, 0),
  ]);
  assert.deepEqual(SPLITS.map((name) => split[name].map(({ id }) => id)), [["train/far"], ["validation/far"], [
    "test",
  ]]);
});

Deno.test("distances are those on a sphere", () => {
  const at = (latitude: number, longitude: number) => ({ latitude, longitude });
  assert(Math.abs(distance(at(0, 0), at(0, 1)) - 111.195) < 0.001);
  assert(Math.abs(distance(at(60, 179.9), at(60, -179.9)) - 11.119) < 0.01);
  assert(Math.abs(distance(at(51.5, -0.13), at(40.7, -74)) - 5570) < 10, "London to New York");
});

Deno.test({
  name: `stations may be used by anyone, and name their source where the licence asks for it${where}`,
  ...here,
  fn: () => {
    assert.equal(stations.length, 3602);
    const licences = Map.groupBy(stations, ({ licence }) => licence);
    assert.deepEqual([...licences.keys()].sort(), ["cc-by-4.0", "public domain"]);
    for (const { id, attribution } of licences.get("cc-by-4.0") ?? []) {
      assert.match(attribution, /Source: .+ Licensed CC BY 4\.0 \(https?:/s, id);
    }
  },
});

Deno.test({
  name:
    `no station of a test country, nor one within ${APART} km of it, is in training; every country has its split${where}`,
  ...here,
  fn: () => {
    const splits = splitStations(stations);
    assert.deepEqual(SPLITS.map((split) => splits[split].length), [2813, 185, 601]);
    const known = new Set(SPLITS.flatMap((split) => countries[split]));
    assert.deepEqual(stations.filter(({ country }) => !known.has(country)).map(({ id }) => id), []);
    for (const [split, others] of [["train", ["validation", "test"]], ["validation", ["test"]]] as const) {
      for (const other of others) {
        const apart = new Set(splits[other].map(({ country }) => country));
        assert(splits[split].every(({ country }) => !apart.has(country)));
        const nearest = Math.min(...splits[split].map((a) => Math.min(...splits[other].map((b) => distance(a, b)))));
        assert(nearest > APART, `${split} and ${other} are ${nearest} km apart`);
      }
    }
  },
});

Deno.test({
  name: `no station of a split is a copy of one in another: none has the same constants${where}`,
  ...here,
  fn: () => {
    const splits = splitStations(stations);
    // What all stations have, to the centimetre and degree that a copy would keep whatever its source rounds to.
    const print = ({ harmonics }: Station) =>
      ["M2", "S2", "N2", "K1", "O1"].map((name) => {
        const own = harmonics.find(({ constituent }) => constituent === name);
        return own === undefined ? "-" : `${own.amplitude.toFixed(3)} ${(own.phase * 180 / Math.PI).toFixed(1)}`;
      }).join(", ");
    const prints = SPLITS.map((split) => new Set(splits[split].map(print)));
    for (const [a, b] of [[0, 1], [0, 2], [1, 2]]) {
      assert.deepEqual([...prints[a]].filter((own) => prints[b].has(own)), []);
    }
  },
});
