/** The field's standard sets from the archives that people have: official splits, as the files say them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { canonicalJson } from "../../../common/digest.ts";
import { SPLITS } from "../../../common/vocabulary.ts";
import { DataError } from "../../contract/dataset.ts";
import { columnOf, readCsv } from "../csv.ts";
import { lookAt, readText } from "../files.ts";
import { type CountedImages, type ImageListing, listImages } from "../images/listing.ts";
import { type ImageContent, imageLength, openImages, openPixels, type PixelSettings } from "../images/pixels.ts";
import { frameOf, type Raster, resize } from "../images/resize.ts";
import { type ArchiveSource, type ImagesSource, imagesSource } from "../source.ts";
import { byLetters } from "../split.ts";
import type { Archive } from "./archive.ts";
import { CIFAR100_FOLDER, openCifar100 } from "./cifar100.ts";
import { CUB_FILES, CUB_FOLDER, listCub } from "./cub.ts";
import { openFashionMnist } from "./fashion_mnist.ts";
import { namesOf, openFiles } from "./layouts.ts";
import { RandomAccess } from "./random_access.ts";

const HASH_CHUNK = 1 << 22;

/** A standard set, looked at. */
export interface OpenedArchive {
  readonly listing: CountedImages;
  open(settings: PixelSettings): Promise<ImageContent>;
}

/** Looks at the archive of a standard set. @throws DataError when its files are not there or not what they should be */
export function openArchive(source: ArchiveSource): OpenedArchive {
  const { reader, path } = source;
  if (!lookAt(path).isDirectory) {
    throw new DataError(`${path} is no folder: unpack the archive, and name the folder of its files`);
  }
  const folders = foldersOf(source);
  if (folders !== undefined) {
    const { listing, images } = folders;
    return { listing, open: (settings) => openImages(listing, images, settings) };
  }
  if (reader === "fashion-mnist") return fromFiles(openFashionMnist(path), source);
  if (reader === "cub") {
    throw new DataError(
      `${path} has no files of cub: expected images/, ${CUB_FILES.join(", ")}, or ${CUB_FOLDER}/ with them`,
    );
  }
  const archive = openFiles(reader, path) ?? (isOfCifar100(reader) ? openCifar100(reader, path) : undefined);
  if (archive !== undefined) return fromFiles(archive, source);
  const beside = FOLDERS[reader as keyof typeof FOLDERS] ?? "";
  const more = isOfCifar100(reader) ? `; or ${CIFAR100_FOLDER}/ with train, test and meta` : "";
  throw new DataError(`${path} has no files of ${reader}: expected ${beside}${namesOf(reader)}${more}`);
}

/** Sets that come as folders of images too, in words. */
const FOLDERS = {
  "cifar-fs": "data/ and splits/bertinetto/; or ",
  miniimagenet: "images/, train.csv, val.csv and test.csv; or ",
} as const;

function isOfCifar100(reader: string): reader is "cifar-fs" | "fc100" {
  return reader === "cifar-fs" || reader === "fc100";
}

/** Sets that come as image files: folders with lists of classes, or one table of files per split. */
function foldersOf(source: ArchiveSource): { listing: ImageListing; images: ImagesSource } | undefined {
  const { reader, path, size, colour, memoryMib } = source;
  const images = (own: string) => imagesSource.parse({ reader: "images", path: own, size, colour, memoryMib });
  const isThere = (...parts: string[]) => {
    try {
      Deno.statSync(join(path, ...parts));
      return true;
    } catch {
      return false;
    }
  };
  if (reader === "cifar-fs" && isThere("data") && isThere("splits", "bertinetto")) {
    const own = images(join(path, "data"));
    return { listing: listImages(own, join(path, "splits", "bertinetto")), images: own };
  }
  if (reader === "miniimagenet" && isThere("images") && isThere("train.csv")) {
    return { listing: fromTables(path), images: images(path) };
  }
  if (reader === "cub") {
    const listing = listCub(path);
    return listing && { listing, images: images(path) };
  }
  return undefined;
}

/** miniImageNet as Ravi and Larochelle (2017) divided it: a table of file and class per split. */
function fromTables(folder: string): ImageListing {
  const classes = new Map<string, string[]>();
  const tables = { train: "train.csv", validation: "val.csv", test: "test.csv" } as const;
  const splits = { train: [] as string[], validation: [] as string[], test: [] as string[] };
  const splitOf = new Map<string, string>();
  for (const split of SPLITS) {
    const path = join(folder, tables[split]);
    const table = readCsv(readText(path), path);
    const [file, label] = [
      columnOf(table, "filename", "its header", path),
      columnOf(table, "label", "its header", path),
    ];
    for (const { line, values } of table.records()) {
      const [name, own] = [values[file].trim(), values[label].trim()];
      if (!/^[\w.-]+$/.test(name) || name.startsWith("..")) {
        throw new DataError(`${path}, line ${line}: "${name}" is not the name of a file in images/`);
      }
      const earlier = splitOf.get(own) ?? tables[split];
      if (earlier !== tables[split]) {
        throw new DataError(`${path}, line ${line}: the class "${own}" is in ${earlier} too; a class has one split`);
      }
      if (!splitOf.has(own)) splits[split].push(own);
      splitOf.set(own, tables[split]);
      const files = classes.get(own) ?? [];
      files.push(join(folder, "images", name));
      classes.set(own, files);
    }
    if (splits[split].length === 0) throw new DataError(`${path} names no image`);
    splits[split].sort(byLetters);
  }
  const named = [...classes].sort(([a], [b]) => byLetters(a, b));
  return { classes: named.map(([name, files]) => ({ name, files: files.sort(byLetters) })), splits };
}

function fromFiles(archive: Archive, source: ArchiveSource): OpenedArchive {
  // Labels may begin anew in each split, so classes are named with it.
  const groups = SPLITS.flatMap((split) =>
    [...archive.splits[split].classes].map(([name, files]) => ({
      name: archive.divided ? name : `${split} ${name}`,
      split,
      files,
    }))
  );
  const names = (split: string) => groups.filter((group) => group.split === split).map(({ name }) => name);
  const listing: CountedImages = {
    classes: groups,
    splits: { train: names("train"), validation: names("validation"), test: names("test") },
  };
  const { size, colour } = source;
  return {
    listing,
    open: (settings) =>
      openPixels(
        {
          count: groups.reduce((sum, { files }) => sum + files.length, 0),
          digest: () => archiveDigest(archive, groups, source),
          async decode(pixels, onProgress) {
            const step = imageLength(source);
            let done = 0;
            for (const split of SPLITS) {
              const { files: paths, image } = archive.splits[split];
              using opened = new DisposableStack();
              const files = paths.map((path) => opened.use(new RandomAccess(path)));
              for (const index of groups.filter((group) => group.split === split).flatMap(({ files }) => files)) {
                try {
                  const raster = inColour(await image(index, files), colour);
                  resize(raster, frameOf(raster, "crop"), size, pixels, step * done);
                } catch (error) {
                  if (error instanceof DataError) throw error;
                  throw new DataError(`${paths[0]}, image ${index}: ${error instanceof Error ? error.message : error}`);
                }
                onProgress(++done, pixels.length / step);
              }
            }
          },
        },
        source,
        settings,
      ),
  };
}

/** Grey as elsewhere: 0.299 R + 0.587 G + 0.114 B; what is grey already is the same in all channels of colour. */
function inColour(image: Raster, colour: "grey" | "rgb"): Raster {
  const { width, height, channels, data } = image;
  if (channels === (colour === "rgb" ? 3 : 1)) return image;
  if (colour === "rgb") {
    return {
      width,
      height,
      channels: 3,
      data: Uint8Array.from({ length: 3 * data.length }, (_, i) => data[Math.floor(i / 3)]),
    };
  }
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i++) {
    grey[i] = 0.299 * data[3 * i] + 0.587 * data[3 * i + 1] + 0.114 * data[3 * i + 2];
  }
  return { width, height, channels: 1, data: grey };
}

/** Of the files' bytes and how they are read and divided: a pass over all of them. */
function archiveDigest(
  { splits, divided }: Archive,
  groups: readonly { readonly name: string; readonly split: string }[],
  { reader, size, colour }: ArchiveSource,
): string {
  const division = divided ? { classes: groups.map(({ name, split }) => [name, split]) } : {};
  const hash = createHash("sha256").update(canonicalJson({ format: 1, reader, size, colour, ...division }));
  const all = SPLITS.flatMap((split) => splits[split].files);
  for (const path of divided ? new Set(all) : all) {
    using file = new RandomAccess(path);
    hash.update(`${file.size}\n`);
    for (let at = 0; at < file.size; at += HASH_CHUNK) hash.update(file.read(at, Math.min(HASH_CHUNK, file.size - at)));
  }
  return hash.digest("hex");
}
