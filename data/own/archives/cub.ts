/**
 * Caltech-UCSD Birds 200-2011: 200 species, from the folder that its archive unpacks to. The classes are divided by their numbers: of every four, the first and
 * the third are for training, the second for validation and the fourth for tests.
 *
 * Source: Wah et al. 2011 (CNS-TR-2011-001); the division is that of Chen et al. 2019 (arXiv:1904.04232), by which birds are what is tested on after training
 * on miniImageNet.
 */
import { join } from "node:path";
import { DataError, type Split } from "../../contract/dataset.ts";
import { readText } from "../files.ts";
import type { ImageListing } from "../images/listing.ts";
import { byLetters } from "../split.ts";

/** The folder that the archive unpacks to. */
export const CUB_FOLDER = "CUB_200_2011";
/** The files that say which images there are. */
export const CUB_FILES = ["classes.txt", "images.txt", "image_class_labels.txt"] as const;

/** The split of a class by its number, from 1. */
function splitOf(number: number): Split {
  return number % 4 === 0 ? "test" : number % 4 === 2 ? "validation" : "train";
}

/** The images in a folder, or in the folder that the archive makes there; undefined when there are none. @throws DataError with file and line */
export function listCub(path: string): ImageListing | undefined {
  const folder = [path, join(path, CUB_FOLDER)].find((own) => CUB_FILES.every((name) => isFile(join(own, name))));
  if (folder === undefined) return undefined;
  const [names, images, labels] = CUB_FILES.map((name) => tableOf(join(folder, name)));
  const classes = new Map([...names.values()].map((name) => [name, [] as string[]]));
  const splits = { train: [] as string[], validation: [] as string[], test: [] as string[] };
  for (const [number, name] of names) splits[splitOf(number)].push(name);
  for (const [image, file] of images) {
    const name = names.get(Number(labels.get(image)));
    if (name === undefined) throw new DataError(`${join(folder, CUB_FILES[2])} has no class of image ${image}`);
    if (!/^[\w.-]+\/[\w.-]+$/.test(file) || file.includes("..")) {
      throw new DataError(`${join(folder, CUB_FILES[1])}: "${file}" is not the path of an image in images/`);
    }
    classes.get(name)!.push(join(folder, "images", file));
  }
  const empty = [...classes].find(([, files]) => files.length === 0);
  if (empty !== undefined) throw new DataError(`${join(folder, CUB_FILES[2])} has no image of the class "${empty[0]}"`);
  for (const split of Object.values(splits)) split.sort(byLetters);
  const named = [...classes].sort(([a], [b]) => byLetters(a, b));
  return { classes: named.map(([name, files]) => ({ name, files: files.sort(byLetters) })), splits };
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Lines of a number and a text. @throws DataError with the line that is none */
function tableOf(path: string): ReadonlyMap<number, string> {
  const table = new Map<number, string>();
  readText(path).split(/\r?\n/).forEach((line, index) => {
    if (line.trim() === "") return;
    const found = /^(\d+) (\S+)$/.exec(line.trim());
    if (found === null) throw new DataError(`${path}, line ${index + 1}: expected a number and a name, got "${line}"`);
    const number = Number(found[1]);
    if (table.has(number)) throw new DataError(`${path}, line ${index + 1}: number ${number} is there twice`);
    table.set(number, found[2]);
  });
  return table;
}
