/** Files of an archive, read with their names in what is said of them. */
import { DataError } from "../../contract/dataset.ts";
import { RandomAccess } from "./random_access.ts";

/** Reads a file. @throws DataError that begins with its name, where `use` throws the end of a sentence */
export function readArchiveFile<T>(path: string, use: (file: RandomAccess) => T): T {
  using file = new RandomAccess(path);
  try {
    return use(file);
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw new DataError(`${path} ${error instanceof Error ? error.message : error}`);
  }
}
