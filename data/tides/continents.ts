/**
 * Tides of one continent each, to train on one and test on another. Stations keep the split of their country, so that no country that one continent is tested on
 * was trained on by another, and y keeps the unit that it has in `tides`, so that a network meets the tides of other continents in the unit that it learned.
 */
import { z } from "zod";
import type { Rng } from "../../common/random.ts";
import { DataError, type DataSetEntry, type Split } from "../contract/dataset.ts";
import type { ReferencedDataSet } from "../contract/reference.ts";
import { fetchPackage, load, missingPackage } from "../npm/package.ts";
import { curveFamily } from "../sampling/curves.ts";
import { familyDataSet } from "../sampling/family_data_set.ts";
import { bestLinear } from "./best_linear.ts";
import { tideAt, type TideFamily, TIDES, tides } from "./mod.ts";
import { meanTide, powers, SPEEDS, standardDeviation } from "./moments.ts";
import { digestOf, readStations, splitStations, type StationSplits, TIDE_DATABASE } from "./stations.ts";

/** The continents that have stations in every split, as the package names them, by their data sets. */
const CONTINENTS = {
  "tides-africa": "Africa",
  "tides-americas": "Americas",
  "tides-asia": "Asia",
  "tides-europe": "Europe",
  "tides-oceania": "Oceania",
} as const;

/** A data set of one continent. */
export type ContinentName = keyof typeof CONTINENTS;

const stationsShape = z.object({ stations: z.array(z.object({ id: z.string(), continent: z.string() })) });

/** The continent of every station, by its id; all stations of a country are of one. */
export async function continents(): Promise<ReadonlyMap<string, string>> {
  const entry = await fetchPackage(TIDE_DATABASE);
  const found = stationsShape.safeParse(await load(new URL("dist/worker/index.js", entry).href));
  if (!found.success) {
    throw new DataError(
      `npm:${TIDE_DATABASE.name} does not say the continents of its stations as version ${TIDE_DATABASE.version} did: put that version back into deno.json`,
      { cause: found.error },
    );
  }
  return new Map(found.data.stations.map(({ id, continent }) => [id, continent]));
}

/** The stations of one continent, each in the split of its country. */
export async function stationsOf(name: ContinentName): Promise<{ all: StationSplits; own: StationSplits }> {
  const [all, known] = [splitStations(await readStations()), await continents()];
  const of = (split: Split) => all[split].filter(({ id }) => known.get(id) === CONTINENTS[name]);
  return { all, own: { train: of("train"), validation: of("validation"), test: of("test") } };
}

/**
 * Makes the data set of some stations.
 *
 * @param all whose training stations y is scaled by
 */
export function continentDataSet(
  ranges: TideFamily,
  { all, own }: { readonly all: StationSplits; readonly own: StationSplits },
): ReferencedDataSet {
  const { hours, x: [low, high], startHours } = ranges;
  const scale = standardDeviation(all.train);
  const hoursPerUnit = hours / (high - low);
  const mean = meanTide(own.train, startHours);
  const meanAt = (x: number) => mean((x - low) * hoursPerUnit) / scale;
  const curve = (random: Rng, split: Split) => {
    const station = own[split][random.int(own[split].length)];
    return tideAt(station, random.uniform(0, startHours) - low * hoursPerUnit, scale, hoursPerUnit);
  };
  const defining = { ...ranges, scale, stations: digestOf(own) };
  const family = curveFamily(defining, curve, meanAt);
  const references = [bestLinear({
    mean: meanAt,
    powers: powers(own.train).map((power) => power / scale ** 2),
    speeds: SPEEDS.map((speed) => speed * hoursPerUnit),
    noise: 0,
  })];
  return { ...familyDataSet(family), references };
}

/** The line of a continent in the table of data sets. */
function continentEntry(name: ContinentName, stations: number): DataSetEntry {
  return {
    ...tides,
    name,
    title: `Tides, ${CONTINENTS[name]}`,
    summary: `Tides of one continent: ${stations} training stations; test on another one with --test-on`,
    sourceFiles: ["data/tides/continents.ts"],
    missing: () => missingPackage(TIDE_DATABASE, name),
    open: async () => continentDataSet({ ...TIDES, name }, await stationsOf(name)),
  };
}

/** The lines of the continents. */
export const continentTides: Readonly<Record<ContinentName, DataSetEntry>> = {
  "tides-africa": continentEntry("tides-africa", 21),
  "tides-americas": continentEntry("tides-americas", 2390),
  "tides-asia": continentEntry("tides-asia", 53),
  "tides-europe": continentEntry("tides-europe", 286),
  "tides-oceania": continentEntry("tides-oceania", 63),
};
