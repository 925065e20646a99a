/** The one table of all data sets: adding one is a file and a line here. */
import type { DataSetEntry } from "./contract/dataset.ts";
import { languages, languages40, languages80, languagesOneScript } from "./languages/mod.ts";
import { languagesOneFamily } from "./languages/one_family.ts";
import { omniglot } from "./omniglot/mod.ts";
import { continentTides } from "./tides/continents.ts";
import { noisyTides, tides } from "./tides/mod.ts";
import { sinusoid, sinusoidFrequency } from "./sinusoid.ts";
import { withMostWays } from "./ways.ts";

/** All data sets by name. */
export const dataSets = {
  "sinusoid": sinusoid,
  "sinusoid-frequency": sinusoidFrequency,
  "omniglot": withMostWays(omniglot, 4112, 688),
  "languages": withMostWays(languages, 220, 49),
  "languages-40": withMostWays(languages40, 220, 49),
  "languages-80": withMostWays(languages80, 215, 47),
  "languages-one-script": withMostWays(languagesOneScript, 161, 40),
  "languages-one-family": withMostWays(languagesOneFamily, 90, 15),
  "tides": tides,
  "tides-noisy": noisyTides,
  ...continentTides,
} as const satisfies Record<string, DataSetEntry>;

/** A data set's name. */
export type DataSetName = keyof typeof dataSets;

/** All names, in the order of the table. */
export const dataSetNames: readonly DataSetName[] = Object.keys(dataSets) as DataSetName[];
