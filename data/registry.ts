/** The one table of all data sets: adding one is a file and a line here. */
import type { DataSetEntry } from "./contract/dataset.ts";
import { languages, languages40, languages80, languagesOneScript } from "./languages/mod.ts";
import { omniglot } from "./omniglot/mod.ts";
import { noisyTides, tides } from "./tides/mod.ts";
import { sinusoid, sinusoidFrequency } from "./sinusoid.ts";

/** All data sets by name. */
export const dataSets = {
  "sinusoid": sinusoid,
  "sinusoid-frequency": sinusoidFrequency,
  "omniglot": omniglot,
  "languages": languages,
  "languages-40": languages40,
  "languages-80": languages80,
  "languages-one-script": languagesOneScript,
  "tides": tides,
  "tides-noisy": noisyTides,
} as const satisfies Record<string, DataSetEntry>;

/** A data set's name. */
export type DataSetName = keyof typeof dataSets;

/** All names, in the order of the table. */
export const dataSetNames: readonly DataSetName[] = Object.keys(dataSets) as DataSetName[];
