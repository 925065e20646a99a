/**
 * Fashion-MNIST: ten kinds of clothes, 7,000 grey images each, from its four files, packed by gzip or not. Ten classes are too few to train on tasks of some of
 * them and to test on others: all are for tests.
 *
 * Source: Xiao, Rasul & Vollgraf 2017 (arXiv:1708.07747), whose files have the layout of LeCun's MNIST.
 */
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { DataError } from "../../contract/dataset.ts";
import { readBytes } from "../files.ts";
import type { Archive, ArchiveSplit } from "./archive.ts";

/** The labels 0 to 9, in the authors' words. */
const CLASSES = [
  ...["T-shirt or top", "trouser", "pullover", "dress", "coat"],
  ...["sandal", "shirt", "sneaker", "bag", "ankle boot"],
] as const;

/** The four files without their endings, images before labels. */
const PARTS = [["train-images", "train-labels"], ["t10k-images", "t10k-labels"]] as const;
/** Dimensions in a file's name: idx3 for images. */
const RANKS = { images: 3, labels: 1 } as const;
/** The first two bytes of such a file are 0, the third says that its numbers are bytes, the fourth how many dimensions it has. */
const BYTES = 8;

/** How the files may be called, for messages. */
export const FASHION_MNIST_FILES: string = PARTS.flat().map((name) => `${name}-idx${rankOf(name)}-ubyte.gz`).join(", ");

function rankOf(name: string): number {
  return name.endsWith("images") ? RANKS.images : RANKS.labels;
}

/** The set in a folder. @throws DataError where a file is not there or not what it should be */
export function openFashionMnist(folder: string): Archive {
  const paths = PARTS.map((names) => names.map((name) => find(folder, name)));
  const labels = paths.map(([, path]) => idxOf(path, RANKS.labels).values);
  const classes = new Map(CLASSES.map((name) => [name as string, [] as number[]]));
  let count = 0;
  paths.forEach(([, path], part) =>
    labels[part].forEach((label) => {
      if (label >= CLASSES.length) {
        throw new DataError(`${path} has the label ${label}; there are 0 to ${CLASSES.length - 1}`);
      }
      classes.get(CLASSES[label])!.push(count++);
    })
  );
  let images: readonly Idx[] | undefined;
  const test: ArchiveSplit = {
    files: paths.flat(),
    classes,
    image(index) {
      images ??= paths.map(([path], part) => {
        const own = idxOf(path, RANKS.images);
        if (own.shape[0] === labels[part].length) return own;
        throw new DataError(`${path} has ${own.shape[0]} images for ${labels[part].length} labels`);
      });
      const inFirst = index < images[0].shape[0];
      const { shape: [, height, width], values } = images[inFirst ? 0 : 1];
      const from = (inFirst ? index : index - images[0].shape[0]) * height * width;
      // Grey images in colour are the same in every channel; which of the two models see is for who resizes.
      return Promise.resolve({ width, height, channels: 1, data: values.subarray(from, from + height * width) });
    },
  };
  const none: ArchiveSplit = { ...test, classes: new Map() };
  return { splits: { train: none, validation: none, test }, divided: true };
}

/** The file of a part, packed or not, with a hyphen or a dot in its name. */
function find(folder: string, part: string): string {
  const names = ["-", "."].flatMap((joint) => {
    const name = `${part}${joint}idx${rankOf(part)}-ubyte`;
    return [name, `${name}.gz`];
  });
  const found = names.find((name) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });
  if (found !== undefined) return join(folder, found);
  throw new DataError(
    `${folder} has no ${part}-idx${rankOf(part)}-ubyte.gz: fashion-mnist needs ${FASHION_MNIST_FILES}`,
  );
}

/** An array of bytes. */
interface Idx {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

function idxOf(path: string, rank: number): Idx {
  const content = unpacked(path);
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  const begin = 4 + 4 * rank;
  const isIdx = content.length >= begin && view.getUint16(0) === 0 && content[2] === BYTES && content[3] === rank;
  if (!isIdx) throw new DataError(`${path} is no file of ${rank === 3 ? "images" : "labels"} in the format of MNIST`);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (content.length !== begin + size) {
    throw new DataError(`${path} is damaged: it has ${content.length - begin} values instead of ${size}`);
  }
  return { shape, values: content.subarray(begin) };
}

function unpacked(path: string): Uint8Array {
  const bytes = readBytes(path);
  if (!path.endsWith(".gz")) return bytes;
  try {
    return new Uint8Array(gunzipSync(bytes));
  } catch {
    throw new DataError(`${path} is damaged: it does not unpack; fetch it again`);
  }
}
