/**
 * Omniglot's drawings as a collection.
 *
 * A class is a character in one of four rotations, as in Vinyals et al. 2016 (arXiv 1606.04080): rotations are new
 * classes in training, validation and test alike. The N classes of a task differ, but two of them may be rotations of one
 * character, as there.
 */
import { createHash } from "node:crypto";
import type { Collection } from "../contract/collection.ts";
import type { Split } from "../contract/dataset.ts";
import { type ArchiveSet, DRAWINGS, PIXELS, ROTATIONS, SIDE } from "./contents.ts";
import { writeTurned } from "./rotation.ts";

/** What the collection is made of. */
export interface CharacterSource {
  readonly name: string;
  /** [characters, 20, 28, 28], see `openDrawings`. */
  readonly drawings: Uint8Array;
  /** Names of all characters, like "Gurmukhi/character42". */
  readonly names: readonly string[];
  /** Indices of each split's characters. */
  readonly characters: Readonly<Record<Split, readonly number[]>>;
  /** Classes per character: 4, or 1 to use drawings as they are. */
  readonly rotations: number;
  /** See `Collection.digest`. */
  readonly digest: string;
}

/** sha256 over everything that determines what is drawn, beside code. */
export function contentDigest(
  archiveSet: ArchiveSet,
  characters: Readonly<Record<Split, readonly number[]>>,
  rotations: number,
): string {
  const content = {
    archives: archiveSet.archives.map((archive) => archive.contentDigest),
    pixels: archiveSet.pixelDigest,
    characters,
    rotations,
  };
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** Makes the collection: all characters in the first rotation, then all in the second, ..., as whole and in each split. */
export function characterCollection(source: CharacterSource): Collection {
  const { name, drawings, names, characters, rotations, digest } = source;
  if (rotations < 1 || rotations > ROTATIONS) throw new RangeError(`internal: ${rotations} rotations`);
  const turned = Array.from({ length: rotations }, (_, quarterTurns) => quarterTurns);
  const inAllRotations = (split: Split) =>
    turned.flatMap((quarterTurns) => characters[split].map((character) => quarterTurns * names.length + character));
  return {
    name,
    inputShape: [SIDE, SIDE, 1],
    digest,
    classes: turned.flatMap((quarterTurns) =>
      names.map((character) => ({
        name: quarterTurns === 0 ? character : `${character} turned by ${90 * quarterTurns} degrees`,
        group: character.split("/")[0],
        examples: DRAWINGS,
      }))
    ),
    splits: { train: inAllRotations("train"), validation: inAllRotations("validation"), test: inAllRotations("test") },
    write(classId, example, out, at) {
      const character = classId % names.length;
      const quarterTurns = (classId - character) / names.length;
      writeTurned(drawings, (character * DRAWINGS + example) * PIXELS, quarterTurns, out, at);
    },
  };
}
