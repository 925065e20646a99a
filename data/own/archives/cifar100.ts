/**
 * CIFAR-100 itself, in the version for Python, as CIFAR-FS or FC100: those are its 60,000 images with other divisions of its classes.
 *
 * Source: Krizhevsky 2009; the classes of CIFAR-FS in `cifar_fs.json` are those of Bertinetto et al. 2019 (arXiv:1805.08136), the superclasses of FC100
 * those of Oreshkin et al. 2018 (arXiv:1805.10123), appendix A; what is in neither list is for training.
 */
import { join } from "node:path";
import { SPLITS } from "../../../common/vocabulary.ts";
import { DataError, type Split } from "../../contract/dataset.ts";
import type { Raster } from "../images/resize.ts";
import { byLetters } from "../split.ts";
import type { Archive, ArchiveSplit } from "./archive.ts";
import cifarFs from "./cifar_fs.json" with { type: "json" };
import { readArchiveFile } from "./files.ts";
import { unpickle } from "./pickle.ts";
import type { RandomAccess } from "./random_access.ts";
import { type Blob, bytesOf, NdArray, numbersOf, type Value } from "./values.ts";

/** Files of the version for Python, and the folder that its archive unpacks to. */
const FILES = ["train", "test", "meta"] as const;
export const CIFAR100_FOLDER = "cifar-100-python";

const SIDE = 32;
const PLANE = SIDE * SIDE;
const CHANNELS = 3;

const FC100 = {
  validation: ["large_carnivores", "large_omnivores_and_herbivores", "non-insect_invertebrates", "small_mammals"],
  test: ["aquatic_mammals", "insects", "medium_mammals", "people"],
} as const;

/** The sets that CIFAR-100 can be divided into. */
export type Cifar100Set = "cifar-fs" | "fc100";

/** Lists of classes, or of superclasses, of each set. */
const LISTS = {
  "cifar-fs": { ...cifarFs, of: "class" },
  fc100: { ...FC100, of: "superclass" },
} as const;

/** One of the two files of images. */
interface Part {
  readonly images: Blob | Uint8Array;
  readonly fine: readonly number[];
  readonly coarse: readonly number[];
}

/** A set from the files of CIFAR-100 in a folder, or in the folder that its archive makes there; undefined when there are none. @throws DataError */
export function openCifar100(set: Cifar100Set, path: string): Archive | undefined {
  const folder = [path, join(path, CIFAR100_FOLDER)].find((own) => FILES.every((name) => isFile(join(own, name))));
  if (folder === undefined) return undefined;
  const [train, test, meta] = FILES.map((name) => join(folder, name));
  const names = readArchiveFile(meta, (file) => namesOf(unpickle(file)));
  const parts = [train, test].map((own) => readArchiveFile(own, (file) => partOf(unpickle(file), file)));
  const classes = classesOf(parts, names, folder);
  const listed = LISTS[set];
  const splitOf = (name: string): Split => {
    const [coarse, fine] = name.split("/");
    const own = listed.of === "class" ? fine : coarse;
    return (["validation", "test"] as const).find((split) => (listed[split] as readonly string[]).includes(own)) ??
      "train";
  };
  for (const name of [...listed.validation, ...listed.test]) {
    const known = (listed.of === "class" ? names.fine : names.coarse).includes(name);
    if (!known) throw new DataError(`${meta} has no ${listed.of} "${name}", which ${set} is divided by`);
  }
  const split = (own: Split): ArchiveSplit => ({
    files: [train, test],
    classes: new Map([...classes].filter(([name]) => splitOf(name) === own)),
    image: (index, files) => Promise.resolve(imageOf(parts, index, files)),
  });
  const splits = Object.fromEntries(SPLITS.map((own) => [own, split(own)])) as Archive["splits"];
  return { splits, divided: true };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Classes named "superclass/class", with the numbers of their images through both files. */
function classesOf(
  parts: readonly Part[],
  names: { readonly fine: readonly string[]; readonly coarse: readonly string[] },
  folder: string,
): ReadonlyMap<string, readonly number[]> {
  const classes = new Map<string, number[]>();
  let before = 0;
  for (const { fine, coarse } of parts) {
    fine.forEach((label, index) => {
      const name = `${names.coarse[coarse[index]]}/${names.fine[label]}`;
      const own = classes.get(name) ?? [];
      own.push(before + index);
      classes.set(name, own);
    });
    before += fine.length;
  }
  if (classes.size !== names.fine.length || [...classes.keys()].some((name) => name.includes("undefined"))) {
    throw new DataError(
      `${folder} has images of ${classes.size} classes in superclasses, and names of ${names.fine.length}`,
    );
  }
  return new Map([...classes].sort(([a], [b]) => byLetters(a, b)));
}

function imageOf([train, test]: readonly Part[], index: number, files: readonly RandomAccess[]): Raster {
  const inTrain = index < train.fine.length;
  const [part, own, file] = inTrain ? [train, index, files[0]] : [test, index - train.fine.length, files[1]];
  const planes = bytesOf(part.images, file, own * CHANNELS * PLANE, CHANNELS * PLANE);
  const data = new Uint8Array(CHANNELS * PLANE);
  for (let pixel = 0; pixel < PLANE; pixel++) {
    for (let c = 0; c < CHANNELS; c++) data[pixel * CHANNELS + c] = planes[c * PLANE + pixel];
  }
  return { width: SIDE, height: SIDE, channels: CHANNELS, data };
}

function member(value: Value, name: string): Value | undefined {
  if (!(value instanceof Map)) throw new Error("is no file of CIFAR-100 for Python: it holds no dict");
  return value.get(name);
}

function partOf(value: Value, file: RandomAccess): Part {
  const data = member(value, "data");
  const isImages = data instanceof NdArray && data.dtype === "u1" && !data.fortran && !Array.isArray(data.data) &&
    data.shape.length === 2 && data.shape[1] === CHANNELS * PLANE;
  if (!isImages) throw new Error(`holds no array "data" of images with ${CHANNELS * PLANE} bytes each`);
  const [fine, coarse] = ["fine_labels", "coarse_labels"].map((name) => {
    const labels = numbersOf(member(value, name) ?? null, file);
    if (labels.length !== data.shape[0]) throw new Error(`has ${labels.length} ${name} for ${data.shape[0]} images`);
    return labels;
  });
  const images = data.data as Blob | Uint8Array;
  if (images.length !== data.shape[0] * CHANNELS * PLANE) {
    throw new Error("is damaged: it has not as many images as it says");
  }
  return { images, fine, coarse };
}

function namesOf(value: Value): { fine: string[]; coarse: string[] } {
  const [fine, coarse] = ["fine_label_names", "coarse_label_names"].map((name) => {
    const list = member(value, name);
    if (!Array.isArray(list) || list.some((own) => typeof own !== "string")) throw new Error(`holds no list "${name}"`);
    return list as string[];
  });
  return { fine, coarse };
}
