/** A standard set's archive that has been looked at, image by image if need be. */
import type { Split } from "../../contract/dataset.ts";
import type { Raster } from "../images/resize.ts";
import type { RandomAccess } from "./random_access.ts";

/** One split of an archive, without its images. */
export interface ArchiveSplit {
  /** All files that were read, that of the images first. */
  readonly files: readonly string[];
  /** Numbers of the images of each class, classes in the order of their names. */
  readonly classes: ReadonlyMap<string, readonly number[]>;
  /** An image, decoded; `files` are those of this split, opened. @throws Error as the end of a sentence */
  image(index: number, files: readonly RandomAccess[]): Promise<Raster>;
}

/** All splits. */
export interface Archive {
  readonly splits: Readonly<Record<Split, ArchiveSplit>>;
  /** Whether all splits are of the same files, divided by this project: then names of classes are names, and not numbers that begin anew in each split. */
  readonly divided: boolean;
}
