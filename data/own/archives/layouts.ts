/** The archives of the field's standard sets as they are passed around: which files there are, and what is in them. */
import { join } from "node:path";
import { SPLITS } from "../../../common/vocabulary.ts";
import { DataError } from "../../contract/dataset.ts";
import { byLetters } from "../split.ts";
import type { Archive, ArchiveSplit } from "./archive.ts";
import { readArchiveFile } from "./files.ts";
import { readNpz } from "./npz.ts";
import { unpickle } from "./pickle.ts";
import type { RandomAccess } from "./random_access.ts";
import { type Blob, bytesOf, isBlob, NdArray, numbersOf, type Value } from "./values.ts";

/** How the files of a set may be called, per split in the order train, validation, test; the first ones that are all there count. */
const LAYOUTS = {
  "cifar-fs": [layout("CIFAR_FS_*.pickle", ["train", "val", "test"])],
  fc100: [
    layout("FC100_*.pickle", ["train", "val", "test"]),
    layout("few-shot-*.npz", ["train", "val", "test"]),
  ],
  miniimagenet: [
    layout("miniImageNet_category_split_*.pickle", ["train_phase_train", "val", "test"]),
    layout("mini-imagenet-cache-*.pkl", ["train", "val", "test"]),
    layout("mini-imagenet-cache-*.pkl", ["train", "validation", "test"]),
    layout("few-shot-*.npz", ["train", "val", "test"]),
  ],
  tieredimagenet: [
    layout("*_images_png.pkl", ["train", "val", "test"], "*_labels.pkl"),
    layout("*_images.npz", ["train", "val", "test"], "*_labels.pkl"),
  ],
} as const;

/** Names of the sets that come as one or two files per split. */
export type FiledSet = keyof typeof LAYOUTS;

interface Layout {
  readonly names: readonly string[];
  /** Of labels that are in files of their own. */
  readonly labels?: readonly string[];
}

function layout(pattern: string, splits: readonly string[], labels?: string): Layout {
  const named = (text: string) => splits.map((split) => text.replace("*", split));
  return { names: named(pattern), ...(labels === undefined ? {} : { labels: named(labels) }) };
}

/** How the files of a set may be called, for messages. */
export function namesOf(set: FiledSet): string {
  return LAYOUTS[set].map(({ names, labels = [] }) => [...names, ...labels].join(", ")).join("; or ");
}

/** The files of a set in a folder; undefined when there are none. @throws DataError naming a file that is not what it should be */
export function openFiles(set: FiledSet, folder: string): Archive | undefined {
  const isThere = (name: string) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  };
  const found = LAYOUTS[set].find(({ names, labels = [] }: Layout) => [...names, ...labels].every(isThere));
  if (found === undefined) return undefined;
  const { names, labels }: Layout = found;
  const splits = SPLITS.map((_, index) => openSplit(join(folder, names[index]), labels && join(folder, labels[index])));
  return { splits: { train: splits[0], validation: splits[1], test: splits[2] }, divided: false };
}

function openSplit(path: string, labelPath: string | undefined): ArchiveSplit {
  const images = readArchiveFile(path, (file) => contentOf(valueOf(path, file), file));
  const labels = labelPath === undefined
    ? images.labels
    : readArchiveFile(labelPath, (file) => labelsOf(unpickle(file), file));
  const { count } = images;
  if (labels === undefined) throw new DataError(`${path} has no labels of its images`);
  const total = [...labels.values()].reduce((sum, { length }) => sum + length, 0);
  if (total !== count || [...labels.values()].flat().some((index) => index < 0 || index >= count)) {
    throw new DataError(`${labelPath ?? path} has ${total} labels for ${count} images`);
  }
  return {
    files: labelPath === undefined ? [path] : [path, labelPath],
    classes: new Map([...labels].sort(([a], [b]) => byLetters(a, b))),
    image: images.image,
  };
}

/** A pickle's value, or a dict of the arrays of an .npz file. */
function valueOf(path: string, file: RandomAccess): Value {
  return path.endsWith(".npz") ? new Map<Value, Value>(readNpz(file)) : unpickle(file);
}

interface Content {
  readonly count: number;
  readonly labels: ReadonlyMap<string, readonly number[]> | undefined;
  readonly image: ArchiveSplit["image"];
}

/** What arrays of images and of labels are called. */
const IMAGES = ["data", "image_data", "features", "images"];
const LABELS = ["labels", "label_specific", "targets"];

/** Images as one array or as a list of PNG files, with labels or without. */
function contentOf(value: Value, file: RandomAccess): Content {
  if (Array.isArray(value)) return { count: value.length, labels: undefined, image: encodedImages(value) };
  if (!(value instanceof Map)) throw new Error("holds no images: expected a dict or a list");
  const data = IMAGES.map((name) => value.get(name)).find((own) => own !== undefined);
  if (!(data instanceof NdArray)) throw new Error(`holds no array "${IMAGES.join('" or "')}"`);
  const { shape, dtype, fortran } = data;
  const [count, height, width, channels] = shape;
  if (dtype !== "u1" || shape.length !== 4 || channels !== 3 || fortran || Array.isArray(data.data)) {
    throw new Error(
      `holds an array of shape [${shape}] and type ${dtype}; expected [images, height, width, 3] of bytes`,
    );
  }
  const size = height * width * channels;
  const bytes = data.data as Blob | Uint8Array;
  if (bytes.length !== count * size) throw new Error("is damaged: its array of images has not the size that it says");
  return {
    count,
    labels: value.has("class_dict") || LABELS.some((name) => value.has(name)) ? labelsOf(value, file) : undefined,
    image: (index, [own]) =>
      Promise.resolve({ width, height, channels, data: bytesOf(bytes, own, index * size, size) }),
  };
}

/** PNG files, each as an array of its bytes. */
function encodedImages(list: readonly Value[]): ArchiveSplit["image"] {
  return async (index, [file]) => {
    const own = list[index];
    const bytes = own instanceof NdArray ? own.data : own;
    if (!(bytes instanceof Uint8Array) && !isBlob(bytes as Value)) throw new Error(`holds no bytes as image ${index}`);
    const { decodeImage } = await import("../images/decode.ts");
    return await decodeImage(bytesOf(bytes as Uint8Array | Blob, file), "rgb");
  };
}

/** Numbers of images by class: from a dict of lists, or from one label per image. */
function labelsOf(value: Value, file: RandomAccess): Map<string, number[]> {
  if (!(value instanceof Map)) throw new Error("holds no labels: expected a dict");
  const lists = value.get("class_dict");
  if (lists instanceof Map) return new Map([...lists].map(([name, own]) => [String(name), numbersOf(own, file)]));
  const labels = LABELS.map((name) => value.get(name)).find((own) => own !== undefined);
  if (labels === undefined) throw new Error(`holds no "class_dict", "${LABELS.join('" or "')}"`);
  const classes = new Map<string, number[]>();
  numbersOf(labels, file).forEach((label, index) => {
    const name = String(label).padStart(4, "0");
    const own = classes.get(name) ?? [];
    own.push(index);
    classes.set(name, own);
  });
  return classes;
}
