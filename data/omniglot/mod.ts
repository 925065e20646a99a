/** Omniglot as a data set: N-way tasks over characters and their rotations, 28 x 28 pixels, ink = 1. */
import type { DataSet, DataSetEntry, EpisodeStyle } from "../contract/dataset.ts";
import { CACHE } from "../../common/project.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { characterCollection, contentDigest } from "./collection.ts";
import { CHARACTERS, DRAWINGS, OMNIGLOT, ROTATIONS, SIDE, SPLIT_CHARACTERS } from "./contents.ts";
import { missingArchives, openDrawings } from "./drawings.ts";

/** The line of `omniglot` in the table of data sets. */
export const omniglot: DataSetEntry = {
  name: "omniglot",
  title: "Omniglot",
  summary: "Classification of handwritten characters, 20 drawings each; a rotated character is another class",
  source:
    "Lake, Salakhutdinov, Tenenbaum 2015, Science 350(6266); classes split as in Vinyals et al. 2016, arXiv 1606.04080",
  kind: "classification",
  metric: "accuracy",
  inputShape: [SIDE, SIDE, 1],
  examplesPerClass: DRAWINGS,
  classes: SPLIT_CHARACTERS.train.length * ROTATIONS,
  sourceFiles: ["data/omniglot/mod.ts"],
  missing: (dataDir) => missingArchives(OMNIGLOT, dataDir),
  open: ({ dataDir, ways, style }) => openOmniglot(dataDir, ways, { style }),
};

/** What can be varied when Omniglot is opened. */
export interface OmniglotOptions {
  /** Classes per character: 4, or 1 to leave out the rotations. */
  readonly rotations?: number;
  /** How tasks are drawn. */
  readonly style?: EpisodeStyle;
  /** Folder of the cache of decoded drawings. */
  readonly cacheDir?: string;
}

/**
 * Opens Omniglot.
 *
 * @param dataDir folder that holds `omniglot/images_background.zip` and `omniglot/images_evaluation.zip`
 * @param ways N
 * @throws DataError when an archive is absent, damaged or not Omniglot, or N is too large
 */
export async function openOmniglot(
  dataDir: string,
  ways: number,
  { rotations = ROTATIONS, style, cacheDir = CACHE }: OmniglotOptions = {},
): Promise<DataSet> {
  const drawings = await openDrawings(OMNIGLOT, dataDir, cacheDir);
  const source = { name: omniglot.name, drawings, names: CHARACTERS, characters: SPLIT_CHARACTERS, rotations };
  const digest = contentDigest(OMNIGLOT, SPLIT_CHARACTERS, rotations);
  return collectionDataSet(characterCollection({ ...source, digest }), ways, style);
}
