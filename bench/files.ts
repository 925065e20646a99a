/** Files that are either there whole or not there at all. */
import { dirname, join } from "node:path";
import { DiskFullError, isDiskFull } from "./errors.ts";

let counter = 0;

/** Ends the names of files that are being written. */
export const TEMPORARY = ".tmp";

/**
 * Writes a file so that its name never holds a part of it: under another name, flushed to the disk, then renamed. Its folder is made.
 *
 * @throws DiskFullError when there is no space left; what was at `path` is untouched
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const temporary = join(dirname(path), `.${Deno.pid}-${counter++}-${crypto.randomUUID().slice(0, 8)}${TEMPORARY}`);
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    writeFlushed(temporary, bytes);
    Deno.renameSync(temporary, path);
  } catch (error) {
    removeIfPresent(temporary);
    if (isDiskFull(error)) throw new DiskFullError(`No space left on the disk of ${dirname(path)}`, { cause: error });
    throw error;
  }
}

function writeFlushed(path: string, bytes: Uint8Array): void {
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    file.syncDataSync();
  } finally {
    file.close();
  }
}

/** Removes a file or an empty folder; a missing one is fine. Returns whether it is gone. */
export function removeIfPresent(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    return error instanceof Deno.errors.NotFound;
  }
}

/** A file's bytes; undefined when there is none. */
export function readIfPresent(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Deno.readFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Whether anything has this name. */
export function isPresent(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
