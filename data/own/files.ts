/** Files of a user: read whole, or refused in one line. */
import { DataError } from "../contract/dataset.ts";

/** The largest file that is read as text: a string can hold about half a gigabyte. */
const MAX_TEXT_BYTES = 256 * 1024 * 1024;

/** What a user's path leads to. @throws DataError when it leads nowhere, or may not be looked at */
export function lookAt(path: string): Deno.FileInfo {
  try {
    return Deno.statSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** A file as text, without a byte-order mark. @throws DataError when it cannot be read, is too large or is not UTF-8 */
export function readText(path: string): string {
  const { size } = lookAt(path);
  if (size > MAX_TEXT_BYTES) {
    throw new DataError(`${path} has ${size} bytes; at most ${MAX_TEXT_BYTES} are read. Take a part of it`);
  }
  const bytes = readBytes(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new DataError(`${path} is not UTF-8 text; save it as UTF-8`);
  }
}

/** A file's bytes. @throws DataError when it cannot be read */
export function readBytes(path: string): Uint8Array<ArrayBuffer> {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Why a path cannot be used, in a sentence. */
export function unreadable(path: string, error: unknown): DataError {
  if (error instanceof Deno.errors.NotFound) return new DataError(`There is no ${path}; name a file or folder that is`);
  if (error instanceof Deno.errors.NotCapable) {
    return new DataError(`${path} leads out of what may be read; copy what it leads to`);
  }
  return new DataError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`);
}
