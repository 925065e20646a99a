/** Files that are either there whole or not there at all. */
import { dirname, join } from "node:path";
import { storageError, systemCode } from "./errors.ts";

let counter = 0;

/** Ends the names of files that are being written. */
export const TEMPORARY = ".tmp";

/** What a file is to hold: whole, or piece by piece, from the beginning whenever it is asked for. */
export type Content = Uint8Array | string | (() => Iterable<Uint8Array>);

/** Attempts at a write whose unfinished file is taken away by a process that holds it for a stale one, its clock being wrong. */
const ATTEMPTS = 3;

/**
 * Writes a file so that its name never holds a part of it: under another name, flushed to the disk, then renamed. Its folder is made.
 *
 * @throws StorageError with the way out when the system refuses; what was at `path` is untouched
 */
export function writeAtomically(path: string, content: Content): void {
  for (let attempt = 1;; attempt++) {
    const temporary = join(dirname(path), `.${Deno.pid}-${counter++}-${crypto.randomUUID().slice(0, 8)}${TEMPORARY}`);
    try {
      Deno.mkdirSync(dirname(path), { recursive: true });
      writeFlushed(temporary, content);
      return Deno.renameSync(temporary, path);
    } catch (error) {
      removeIfPresent(temporary);
      if (error instanceof Deno.errors.NotFound && attempt < ATTEMPTS) continue;
      throw storageError(`Cannot write to ${dirname(path)}`, error);
    }
  }
}

function writeFlushed(path: string, content: Content): void {
  const file = Deno.openSync(path, { write: true, createNew: true });
  try {
    for (const bytes of piecesOf(content)) {
      for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
    }
    file.syncDataSync();
  } finally {
    file.close();
  }
}

function piecesOf(content: Content): Iterable<Uint8Array> {
  if (typeof content === "function") return content();
  return [typeof content === "string" ? new TextEncoder().encode(content) : content];
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

/**
 * A file's bytes; undefined when there is none. On NFS a file that another machine replaces while it is read is stale: it is read again.
 *
 * @param read for tests
 * @throws StorageError when it cannot be read
 */
export function readIfPresent(
  path: string,
  read: (path: string) => Uint8Array<ArrayBuffer> = Deno.readFileSync,
): Uint8Array<ArrayBuffer> | undefined {
  for (let attempt = 1;; attempt++) {
    try {
      return read(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      if (systemCode(error) === "ESTALE" && attempt < ATTEMPTS) continue;
      throw storageError(`Cannot read ${path}`, error);
    }
  }
}

/** Age of what only a write that was broken off can have left. */
const STALE_MS = 3_600_000;

/** Whether a file has not been written to for an hour. */
export function isStale(path: string): boolean {
  try {
    return Date.now() - (Deno.statSync(path).mtime?.getTime() ?? 0) > STALE_MS;
  } catch {
    // It has its own name by now.
    return false;
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
