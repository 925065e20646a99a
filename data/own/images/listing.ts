/** Which images there are, of which classes: from folders or from an index, without opening an image. */
import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { DataError } from "../../contract/dataset.ts";
import { columnOf, readCsv } from "../csv.ts";
import { lookAt, readText, unreadable } from "../files.ts";
import type { ImagesSource } from "../source.ts";
import { byLetters, drawSplits, type NamedSplits, readSplits, SPLIT_FOLDER } from "../split.ts";

/** The images of one class, in the order of their files' names. */
export interface ImageClass {
  readonly name: string;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** Which classes there are, how many images each has, and which classes are for what. */
export interface CountedImages {
  readonly classes: readonly { readonly name: string; readonly files: { readonly length: number } }[];
  readonly splits: NamedSplits;
}

/** All images. */
export interface ImageListing extends CountedImages {
  /** In the order of their names; those of no split and those with too few images are left out. */
  readonly classes: readonly ImageClass[];
}

/** Endings of the names of files that are read. */
const READ = /\.(png|jpe?g|webp)$/i;
/** Endings of images that are not. */
const OTHER_IMAGES = /\.(gif|bmp|tiff?|avif|heic|heif|jp2|jxl|ppm|pgm|svg)$/i;
/** What systems leave in folders. */
const HIDDEN = /^\.|^__MACOSX$|^Thumbs\.db$/i;

const MAX_DEPTH = 8;
const MAX_IMAGES = 2_000_000;
const INDEX = "labels.csv";

/**
 * Lists images and divides their classes.
 *
 * @param splitFolder of the files that say a split, where they do not lie beside the classes
 * @throws DataError with file and line about the first thing that cannot be
 */
export function listImages(source: ImagesSource, splitFolder?: string): ImageListing {
  const { path, minExamples } = source;
  const index = indexOf(path);
  const folder = index === undefined ? path : dirname(index);
  const found = index === undefined ? inFolders(path) : inIndex(index, source);
  const enough = new Map([...found].filter(([, files]) => files.length >= minExamples));
  if (enough.size === 0) {
    const why = found.size === 0
      ? "no PNG, JPEG or WebP image; images lie in one folder per class"
      : `no class with ${minExamples} images`;
    throw new DataError(`${path} has ${why}`);
  }
  const splits = readSplits(splitFolder ?? join(folder, SPLIT_FOLDER), new Set(found.keys()), "classes") ??
    drawSplits([...enough.keys()], source, "classes", path);
  const left = (names: readonly string[]) => names.filter((name) => enough.has(name));
  const own = { train: left(splits.train), validation: left(splits.validation), test: left(splits.test) };
  const named = [...own.train, ...own.validation, ...own.test].sort(byLetters);
  return { classes: named.map((name) => ({ name, files: enough.get(name)! })), splits: own };
}

/** The index that a path names or that lies in the folder it names; undefined where folders are the classes. */
function indexOf(path: string): string | undefined {
  if (!lookAt(path).isDirectory) {
    if (/\.[ct]sv$/i.test(path)) return path;
    throw new DataError(`${path} is neither a folder nor a CSV file; name a folder of images or an index of them`);
  }
  const index = join(path, INDEX);
  try {
    return Deno.statSync(index).isFile ? index : undefined;
  } catch {
    return undefined;
  }
}

/** Every folder that holds images is a class, named by its path below the one that was named. */
function inFolders(root: string): Map<string, readonly string[]> {
  const classes = new Map<string, readonly string[]>();
  const visit = (folder: string, name: string, depth: number) => {
    const entries = list(folder).filter((entry) => !HIDDEN.test(entry.name)).sort((a, b) => byLetters(a.name, b.name));
    const images = entries.filter(({ name, isDirectory }) => !isDirectory && isImage(join(folder, name)));
    if (images.length > 0 && name === "") {
      throw new DataError(
        `${join(root, images[0].name)} lies in no folder of a class: put it into one, or write an index ${INDEX}`,
      );
    }
    if (images.length > 0) classes.set(name, images.map((entry) => join(folder, entry.name)));
    for (const entry of entries.filter(({ isDirectory }) => isDirectory)) {
      if (depth === MAX_DEPTH) {
        throw new DataError(
          `${join(folder, entry.name)} is more than ${MAX_DEPTH} folders deep; name a folder further down`,
        );
      }
      visit(join(folder, entry.name), name === "" ? entry.name : `${name}/${entry.name}`, depth + 1);
    }
  };
  visit(root, "", 0);
  const total = classes.values().reduce((sum, { length }) => sum + length, 0);
  if (total > MAX_IMAGES) throw new DataError(`${root} has ${total} images; at most ${MAX_IMAGES} are read`);
  return new Map([...classes].sort(([a], [b]) => byLetters(a, b)));
}

function list(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** @throws DataError on an image of a format that is not read, so that none is left out in silence */
function isImage(path: string): boolean {
  if (OTHER_IMAGES.test(path)) {
    throw new DataError(`${path} cannot be read: images are PNG, JPEG or WebP; convert it or take it away`);
  }
  return READ.test(path);
}

/** The images that an index names, which lie beside it or in `images/` beside it. */
function inIndex(index: string, { fileColumn, classColumn }: ImagesSource): Map<string, readonly string[]> {
  const table = readCsv(readText(index), index);
  const file = columnOf(table, fileColumn, "fileColumn", index);
  const label = columnOf(table, classColumn, "classColumn", index);
  const beside = dirname(index);
  const folder = list(beside).some(({ name, isDirectory }) => isDirectory && name === "images")
    ? join(beside, "images")
    : beside;
  const lines = new Map<string, number>();
  const classes = new Map<string, string[]>();
  for (const { line, values } of table.records()) {
    const place = `${index}, line ${line}`;
    const [path, name] = [normalize(values[file].trim()), values[label].trim()];
    if (values[file].trim() === "") throw new DataError(`${place}: the column "${fileColumn}" is empty`);
    if (name === "") throw new DataError(`${place}: the column "${classColumn}" is empty`);
    if (isAbsolute(path) || path.startsWith("..")) {
      throw new DataError(`${place}: "${path}" leads out of ${folder}; name files below it`);
    }
    const earlier = lines.get(path);
    if (earlier !== undefined) throw new DataError(`${place}: "${path}" is in line ${earlier} too; name it once`);
    lines.set(path, line);
    if (lines.size > MAX_IMAGES) throw new DataError(`${place}: more than ${MAX_IMAGES} images are not read`);
    if (!READ.test(path)) throw new DataError(`${place}: ${basename(path)} is not named as a PNG, JPEG or WebP image`);
    const files = classes.get(name) ?? [];
    files.push(join(folder, path));
    classes.set(name, files);
  }
  for (const files of classes.values()) files.sort(byLetters);
  return new Map([...classes].sort(([a], [b]) => byLetters(a, b)));
}
