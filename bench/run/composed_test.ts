import { deepStrictEqual as equal, notDeepStrictEqual as differ } from "node:assert/strict";
import type { DataSet } from "../../data/contract/dataset.ts";
import { UDHR } from "../../data/languages/declarations.ts";
import { dataSets } from "../../data/mod.ts";
import { missingPackage } from "../../data/npm/package.ts";
import { testOnOf } from "../store/tested_on.ts";
import { derivationOf } from "../sweeps/derived.ts";
import { parseSweep } from "../sweeps/read.ts";
import { smoke } from "../sweeps/smoke.ts";
import { variants } from "../sweeps/variants.ts";
import { PLAIN_ADDRESSES } from "../testing/plan.ts";
import { planSweep } from "../plan/plan.ts";
import { openEngine } from "../units/engine.ts";
import type { Engine } from "../units/unit.ts";
import { catalogOf } from "./catalog.ts";
import { groupingsFor, groupingsOn } from "./measured_rows.ts";

const missing = await missingPackage(UDHR, "languages");
const here = { ignore: missing !== undefined };
const where = missing === undefined ? "" : " (npm cannot be reached)";

/** What of a training says which data it opens. */
type Opened = Parameters<Engine["open"]>[0];

/** The smallest built-in sweep, on its first data set with other things said of it. */
function sweepWith(more: Record<string, unknown>) {
  return parseSweep(structuredClone({ ...smoke, datasets: [{ ...smoke.datasets[0], ...more }], predictions: [] }), "x");
}

const LANGUAGES = {
  ...{ name: "languages", ways: [3, 5], episodeStyles: ["hierarchical"], margin: 1, shots: [1], testQueries: 10 },
  ...{ validation: null, tuning: null, adapters: ["gradient"] },
};
const MADE = { testOn: ["languages-80"], trainingClasses: ["all", 60] };

Deno.test({
  name: `a variant with fewer classes is drawn as the variant is, and tested on the other data set as that is${where}`,
  ...here,
  async fn() {
    const sweep = sweepWith({ ...LANGUAGES, ...MADE });
    const { dataSets: known } = catalogOf(sweep);
    const [variant, options] = ["languages-3-way-hierarchical", { dataDir: "", ways: 3 }];
    const name = `${variant}-of-60-classes-to-languages-80`;
    const [pair, whole] = [await known[name].open(options), await known[variant].open(options)];
    const usual = await dataSets.languages.open(options);
    equal([pair.trainClasses, whole.trainClasses], [60, usual.trainClasses]);
    const validated = (dataSet: DataSet) => dataSet.episodes("validation", 0, 4, 1, 5);
    equal(validated(pair), validated(whole));
    differ(validated(pair), validated(usual));
    const target = await dataSets["languages-80"].open(options);
    equal(pair.episodes("test", 0, 4, 1, 5), target.episodes("test", 0, 4, 1, 5));
    // A worker makes the same of what it is told.
    const derived = sweep.datasets.flatMap((entry) => {
      const derivation = derivationOf(entry);
      return derivation === undefined ? [] : [{ name: entry.name, derivation, digest: undefined }];
    });
    const engine = await openEngine("wasm", "", () => {}, { variants: variants(sweep), derived });
    for (const { name, ways } of sweep.datasets) {
      const [told, planned] = [
        await engine.open({ dataset: name, ways } as Opened),
        await known[name].open({ dataDir: "", ways }),
      ];
      equal(told.digest, planned.digest, name);
    }
  },
});

Deno.test("what is tested on changes no training of a variant, and no cell of it", () => {
  const [own, crossed] = [LANGUAGES, { ...LANGUAGES, ...MADE, trainingClasses: ["all"] }].map((more) => {
    const sweep = { ...sweepWith(more), algorithms: ["maml"], comparisons: [] };
    return planSweep(sweep, catalogOf(sweep), PLAIN_ADDRESSES);
  });
  equal(own.units.length > 0, true);
  equal(crossed.units.map(({ id }) => id), own.units.map(({ id }) => id));
  const homes = crossed.units.map(({ evaluations }) => evaluations.filter(({ spec }) => testOnOf(spec) === undefined));
  equal(homes, own.units.map(({ evaluations }) => evaluations));
  equal(crossed.cells.length, 2 * own.cells.length);
});

Deno.test("scores on another data set are grouped as its tasks are", async () => {
  const sweep = sweepWith({ testOn: ["tides"] });
  const { dataSets: known } = catalogOf(sweep);
  const opened = new Map<string, DataSet>();
  for (const { name } of sweep.datasets) opened.set(name, await known[name].open({ dataDir: "", ways: 1 }));
  const groupings = await groupingsFor(sweep, opened);
  const levels = (spec: Record<string, unknown>) =>
    groupingsOn("sinusoid", spec as unknown as Parameters<typeof testOnOf>[0], groupings)?.map(({ level }) => level);
  equal([levels({}), levels({ testOn: "sinusoid-to-tides" })], [[], ["country", "continent"]]);
});
