/**
 * What Omniglot consists of: 1,623 characters of 50 alphabets, each drawn once by 20 people, in two archives.
 *
 * Source: Lake, Salakhutdinov, Tenenbaum 2015, "Human-level concept learning through probabilistic program induction",
 * Science 350(6266); files at https://github.com/brendenlake/omniglot (MIT licence).
 */
import alphabets from "./alphabets.json" with { type: "json" };
import vinyals from "./splits/vinyals_2016.json" with { type: "json" };
import type { Split } from "../contract/dataset.ts";

/** Width and height of an original drawing, pixels. */
export const ORIGINAL_SIDE = 105;
/** Width and height of the drawings that models see, pixels. */
export const SIDE = 28;
/** Pixels of a drawing that models see. */
export const PIXELS: number = SIDE * SIDE;
/** Drawings of every character. */
export const DRAWINGS = 20;
/** Quarter turns that make one character four classes. */
export const ROTATIONS = 4;
/** Bytes of an original drawing as bits. */
export const PACKED_BYTES: number = Math.ceil(ORIGINAL_SIDE ** 2 / 8);

/** One of the zip files. */
export interface Archive {
  /** File name, and the name of the folder inside without its ".zip". */
  readonly file: string;
  /** md5 of the official file, as downloaded. */
  readonly md5: string;
  /**
   * sha256 over all drawings in the order of character and drawer, each as 105 x 105 bits row by row, 1 = ink, most
   * significant bit first, padded to 1,379 bytes: the same however the zip and its images were compressed.
   */
  readonly contentDigest: string;
  /** Number of the first character, counted from 1 through both archives; the others follow. */
  readonly firstCharacter: number;
  /** Names like "Gurmukhi/character42", in the order of their numbers. */
  readonly characters: readonly string[];
}

/** A set of archives whose drawings are used together. */
export interface ArchiveSet {
  readonly archives: readonly Archive[];
  /** sha256 of all drawings at 28 x 28 in 225ths of ink, one byte per pixel, in the order of character and drawer. */
  readonly pixelDigest: string;
}

const characterName = (alphabet: string, number: number) => `${alphabet}/character${String(number).padStart(2, "0")}`;

function archive(folder: string, md5: string, contentDigest: string): Archive {
  const own = alphabets.filter((alphabet) => alphabet.archive === folder);
  return {
    file: `${folder}.zip`,
    md5,
    contentDigest,
    firstCharacter: own[0].firstCharacter,
    characters: own.flatMap(({ name, characters }) =>
      Array.from({ length: characters }, (_, i) => characterName(name, i + 1))
    ),
  };
}

/** The official data set. */
export const OMNIGLOT: ArchiveSet = {
  archives: [
    archive(
      "images_background",
      "68d2efa1b9178cc56df9314c21c6e718",
      "0ab79f985d54d682c6b0648ec00ec1a97555a19777e32d86acce0e07da605341",
    ),
    archive(
      "images_evaluation",
      "6b91aef0f799c5bb55b94e3f2daec811",
      "8b30138357c6f079e1a4a87405d5cda8999b6036890a8aa2fefafcd69824c707",
    ),
  ],
  pixelDigest: "90fd13d13be792b8c4b10ba0f49fc8eefea0053b017d977afda14a9be1fced1d",
};

/** All characters' names; the position in this list is the character's index everywhere in the code. */
export const CHARACTERS: readonly string[] = OMNIGLOT.archives.flatMap(({ characters }) => characters);

/**
 * The characters of each split as indices into {@linkcode CHARACTERS}, ascending: 1,028 train, 172 validation, 423 test.
 *
 * Source: Vinyals et al. 2016, "Matching Networks for One Shot Learning", arXiv 1606.04080. Each character is four
 * classes there, one per rotation, and all four belong to the same split.
 */
export const SPLIT_CHARACTERS: Readonly<Record<Split, readonly number[]>> = {
  train: indices(vinyals.train),
  validation: indices(vinyals.validation),
  test: indices(vinyals.test),
};

function indices(ranges: Readonly<Record<string, readonly (readonly number[])[]>>): number[] {
  const position = new Map(CHARACTERS.map((name, index) => [name, index]));
  return Object.entries(ranges).flatMap(([alphabet, parts]) =>
    parts.flatMap(([first, last]) =>
      Array.from({ length: last - first + 1 }, (_, i) => {
        const name = characterName(alphabet, first + i);
        const index = position.get(name);
        if (index === undefined) throw new Error(`internal: the split names ${name}, which is not a character`);
        return index;
      })
    )
  ).sort((a, b) => a - b);
}
