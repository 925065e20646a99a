/** Data of one's own as lines of the table of data sets: made when a sweep names where it is. */
import type { Split, TaskKind } from "../../common/vocabulary.ts";
import { dirname } from "node:path";
import { SPLITS } from "../../common/vocabulary.ts";
import { DataError, type DataSet, type DataSetEntry } from "../contract/dataset.ts";
import { type LimitableEntry, withTrainingClasses } from "../contract/limitable.ts";
import { collectionDataSet } from "../sampling/collection_data_set.ts";
import { mostWays, rosterOf } from "../sampling/episode.ts";
import { imageCollection, imageShape } from "./images/collection.ts";
import { type CountedImages, listImages } from "./images/listing.ts";
import { type ImageContent, type OnProgress, openImages, requireRoom } from "./images/pixels.ts";
import type { ArchiveSource, ImagesSource, PixelOptions, Source, TableSource } from "./source.ts";
import { openArchive } from "./archives/mod.ts";
import { tableCollection } from "./table/classes.ts";
import { divide } from "./table/divide.ts";
import { readTable } from "./table/read.ts";
import { tableRegression } from "./table/regression.ts";

export type { OnProgress } from "./images/pixels.ts";

/** What is known of data of one's own before any image is opened. */
export interface OwnEntry extends DataSetEntry {
  /** How many classes (or tasks, of regression) each split has, that a task can be drawn from. */
  readonly sizes: Readonly<Record<Split, number>>;
  /** What has the fewest examples, by name. */
  readonly scarcest: string;
  /** Examples of it: what shots and queries together cannot exceed. */
  readonly examplesPerClass: number;
  /** Training tasks there are (regression): a pool has no more. */
  readonly trainTasks?: number;
  /** Examples of all training classes (classification): a batch over all of them has no more. */
  readonly trainExamples?: number;
}

/** The file or folder that has to be readable for a source: an index names files beside it. */
export function readableFor({ reader, path }: Source): string {
  return reader === "images" && /\.[ct]sv$/i.test(path) ? dirname(path) : path;
}

/** What another process knows of the data already. */
export interface OwnOptions {
  /** The digest that the data must have: what has changed since is refused. */
  readonly known?: string;
  readonly onProgress?: OnProgress;
  /** Folder of the cache of decoded images. */
  readonly cacheDir?: string;
  /** What was trained on, where this is only tested on: a table is standardised as that one is, where it is a table. */
  readonly standardisedBy?: Source;
}

/**
 * Looks at data of one's own.
 *
 * @param name what it is called in rows and messages, and in the names of draws
 * @param source with an absolute path
 * @throws DataError with file and line about the first thing that is wrong
 */
export function ownEntry(name: string, source: Source, options: OwnOptions = {}): OwnEntry {
  if (source.reader === "table") return tableEntry(name, source, options);
  if (source.reader === "images") return imagesEntry(name, source, options);
  const { listing, open } = openArchive(source);
  return pixelsEntry(name, source, listing, () => open(options));
}

function imagesEntry(name: string, source: ImagesSource, options: OwnOptions): OwnEntry {
  const listing = listImages(source);
  return pixelsEntry(name, source, listing, () => openImages(listing, source, options));
}

function pixelsEntry(
  name: string,
  source: (ImagesSource | ArchiveSource) & PixelOptions,
  listing: CountedImages,
  openContent: () => Promise<ImageContent>,
): OwnEntry & LimitableEntry {
  requireRoom(listing, source);
  const { classes, splits } = listing;
  const scarcest = classes.reduce((least, own) => own.files.length < least.files.length ? own : least);
  return {
    ...facts(name, source, "classification"),
    inputShape: imageShape(source),
    sizes: { train: splits.train.length, validation: splits.validation.length, test: splits.test.length },
    // Of a set that is only tested on, those of the test.
    classes: Math.min(...SPLITS.map((split) => splits[split].length).filter((length) => length > 0)),
    ...(splits.train.length === 0 ? { testOnly: true } : {}),
    scarcest: scarcest.name,
    examplesPerClass: scarcest.files.length,
    trainExamples: classes.reduce((sum, { name, files }) => splits.train.includes(name) ? sum + files.length : sum, 0),
    async open({ ways, style }) {
      const content = await openContent();
      return collectionDataSet(imageCollection(name, listing, source, content), ways, style);
    },
    async openLimited({ ways, style }, classes) {
      const whole = imageCollection(name, listing, source, await openContent());
      return collectionDataSet(withTrainingClasses(whole, classes), ways, style);
    },
  };
}

function tableEntry(name: string, source: TableSource, { known, standardisedBy }: OwnOptions): OwnEntry {
  const by = standardisedBy?.reader !== "table"
    ? undefined
    : divide(readTable(standardisedBy), standardisedBy).constants;
  const table = divide(readTable(source), source, by);
  const { kind, features, groups, digest } = table;
  if (known !== undefined && known !== digest) {
    throw new DataError(`${source.path} has changed since this run began; run the command again`);
  }
  const all = SPLITS.flatMap((split) => groups[split]);
  const scarcest = all.reduce((least, own) => own.rows.length < least.rows.length ? own : least);
  const common = {
    ...facts(name, source, kind),
    inputShape: [features.length],
    scarcest: scarcest.name,
    examplesPerClass: scarcest.rows.length,
  };
  if (kind === "regression") {
    return {
      ...common,
      sizes: { train: groups.train.length, validation: groups.validation.length, test: groups.test.length },
      trainTasks: groups.train.length,
      open: () => Promise.resolve(tableRegression(name, table)),
    };
  }
  const collection = tableCollection(name, table);
  const style = { hierarchical: source.task !== null };
  const ways = (split: Split) => mostWays(rosterOf(collection, split, style));
  const sizes = { train: ways("train"), validation: ways("validation"), test: ways("test") };
  return {
    ...common,
    sizes,
    classes: Math.min(...Object.values(sizes)),
    trainExamples: groups.train.reduce((sum, { rows }) => sum + rows.length, 0),
    open: ({ ways }) => Promise.resolve<DataSet>(collectionDataSet(collection, ways, style)),
  };
}

function facts(name: string, { reader, path }: Source, kind: TaskKind) {
  return {
    name,
    title: name,
    summary: `Data of one's own: ${reader} in ${path}`,
    source: `${reader} of one's own`,
    kind,
    metric: kind === "regression" ? "mse" as const : "accuracy" as const,
    sourceFiles: ["data/own/mod.ts"],
    missing: () => Promise.resolve(undefined),
  };
}
