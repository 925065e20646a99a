/** Which classes (or tasks) are for training, validation and test: a keyed draw, or what files say. */
import { join } from "node:path";
import { sha256 } from "../../common/digest.ts";
import { SPLITS } from "../../common/vocabulary.ts";
import { DataError, type Split } from "../contract/dataset.ts";
import { readText } from "./files.ts";

/** The names of each split, in the order of their letters. */
export type NamedSplits = Readonly<Record<Split, readonly string[]>>;

/** How to draw. */
export interface SplitOptions {
  readonly splitSeed: number;
  readonly validation: number;
  readonly test: number;
}

/** Validation and test have at least so many classes, if that leaves them a third each at most. */
const ENOUGH = 5;

/** The folder, beside the classes, of the files that say a split. */
export const SPLIT_FOLDER = "splits";

const FILES = { train: ["train.txt"], validation: ["val.txt", "validation.txt"], test: ["test.txt"] } as const;

/**
 * Divides names by a keyed draw: the order of the digests of seed and name, so that neither the order in which a file system lists them nor other names
 * decide about the place of a name in it.
 *
 * @param what the names are of, in the plural, for messages
 * @throws DataError when there are fewer than three names, or the shares leave nothing for training
 */
export function drawSplits(
  names: readonly string[],
  { splitSeed, validation, test }: SplitOptions,
  what: string,
  place: string,
): NamedSplits {
  const count = names.length;
  if (count < 3) {
    throw new DataError(
      `Cannot split ${place}: it has ${count} ${what}; training, validation and test need one each at least`,
    );
  }
  const own = (share: number) => Math.max(Math.round(share * count), Math.min(ENOUGH, Math.floor(count / 3)));
  const [forTest, forValidation] = [own(test), own(validation)];
  if (forTest + forValidation >= count) {
    throw new DataError(
      `Cannot split ${place}: of its ${count} ${what}, ${forValidation} for validation and ${forTest} for the test leave none for training; ` +
        "choose smaller shares",
    );
  }
  const order = names.map((name) => ({ name, key: sha256(JSON.stringify(["split", splitSeed, name])) }))
    .sort((a, b) => a.key < b.key ? -1 : 1).map(({ name }) => name);
  const [last, middle] = [forTest, forTest + forValidation];
  return {
    test: order.slice(0, last).sort(byLetters),
    validation: order.slice(last, middle).sort(byLetters),
    train: order.slice(middle).sort(byLetters),
  };
}

/** The order of the letters' code points, which is the same everywhere. */
export function byLetters(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What the files `train.txt`, `val.txt` and `test.txt` of a folder say, one name a line; undefined when there are none. Names in no file are left out.
 *
 * @param known the names that there are
 * @throws DataError with file and line when one names what is not there or names something twice, or a file is missing
 */
export function readSplits(folder: string, known: ReadonlySet<string>, what: string): NamedSplits | undefined {
  const found = SPLITS.map((split) => ({ split, file: findFile(folder, split) }));
  const present = found.filter(({ file }) => file !== undefined);
  if (present.length === 0) return undefined;
  const absent = found.find(({ file }) => file === undefined);
  if (absent !== undefined) {
    throw new DataError(
      `${folder} has no ${FILES[absent.split][0]}: add it, or remove ${
        present.map(({ split }) => FILES[split][0]).join(" and ")
      } to have the ${what} split by a draw`,
    );
  }
  const places = new Map<string, string>();
  const splits = { train: [] as string[], validation: [] as string[], test: [] as string[] };
  for (const { split, file } of present) {
    const path = join(folder, file!);
    readText(path).split(/\r?\n/).forEach((line, index) => {
      const name = line.trim();
      if (name === "") return;
      const place = `${path}, line ${index + 1}`;
      if (!known.has(name)) {
        throw new DataError(`${place}: "${name}" is none of the ${known.size} ${what} that there are`);
      }
      const earlier = places.get(name);
      if (earlier !== undefined) throw new DataError(`${place}: "${name}" is in ${earlier} too; name it once`);
      places.set(name, place);
      splits[split].push(name);
    });
    if (splits[split].length === 0) throw new DataError(`${path} names none of the ${what}; it needs one at least`);
    splits[split].sort(byLetters);
  }
  return splits;
}

function findFile(folder: string, split: Split): string | undefined {
  return FILES[split].find((name) => {
    try {
      return Deno.statSync(join(folder, name)).isFile;
    } catch {
      return false;
    }
  });
}
