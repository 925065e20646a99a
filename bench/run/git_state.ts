/** What git knows of a checkout, read from its files: the tasks may not run git. */
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";

/** State of a checkout. */
export interface GitState {
  readonly commit: string;
  /** Whether a tracked file differs from what is staged; null where that cannot be read. */
  readonly dirty: boolean | null;
}

/** The state of the checkout at `root`; null when there is none, or no commit. */
export function gitState(root: string): GitState | null {
  try {
    const folder = gitFolder(root);
    const commit = headCommit(folder);
    return commit === undefined ? null : { commit, dirty: isDirty(root, folder) };
  } catch {
    return null;
  }
}

/** The folder outside a linked worktree or submodule that holds what git knows of it; [] where `.git` is inside. */
export function linkedRepository(root: string): string[] {
  try {
    const folder = gitFolder(root);
    if (folder === join(root, ".git")) return [];
    const main = dirname(dirname(folder));
    return [basename(dirname(folder)) === "worktrees" ? main : folder];
  } catch {
    return [];
  }
}

/** `.git`, or the folder that a file of this name points to. */
function gitFolder(root: string): string {
  const path = join(root, ".git");
  if (Deno.statSync(path).isDirectory) return path;
  return resolve(root, Deno.readTextFileSync(path).replace(/^gitdir:\s*/, "").trim());
}

function headCommit(folder: string): string | undefined {
  const head = Deno.readTextFileSync(join(folder, "HEAD")).trim();
  if (!head.startsWith("ref: ")) return head;
  const name = head.slice("ref: ".length);
  const common = readText(join(folder, "commondir"));
  const shared = common === undefined ? folder : resolve(folder, common.trim());
  for (const place of [folder, shared]) {
    const commit = readText(join(place, name));
    if (commit !== undefined) return commit.trim();
  }
  const packed = readText(join(shared, "packed-refs")) ?? "";
  return packed.split("\n").find((line) => line.endsWith(` ${name}`))?.split(" ")[0];
}

function readText(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return undefined;
  }
}

/** Extensions of an index whose entries are elsewhere (a split one) or stand for whole folders (a sparse one). */
const ELSEWHERE = ["link", "sdir"];
const DIGEST_BYTES = 20;
/** Bits of an entry's flags. */
const [EXTENDED, UNCHECKED, STAGE] = [0x4000, 0x8000, 0x3000];
/** Bits of its further flags: left out of a sparse checkout; to be added. */
const [SKIPPED, INTENDED] = [0x4000, 0x2000];

/**
 * Compares the files with the index (version 2 or 3, sha1): by content, line ends apart, which are a setting of the checkout.
 *
 * @returns null where the index is one that this does not read, so that nothing is known
 */
function isDirty(root: string, folder: string): boolean | null {
  const bytes = Deno.readFileSync(join(folder, "index"));
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(4);
  if (ascii(bytes, 0, 4) !== "DIRC" || version < 2 || version > 3) return null;
  const count = view.getUint32(8);
  let start = 12;
  let dirty = false;
  for (let entry = 0; entry < count; entry++) {
    const mode = view.getUint32(start + 24) >> 12;
    const flags = view.getUint16(start + 60);
    const further = (flags & EXTENDED) === 0 ? 0 : view.getUint16(start + 62);
    const nameStart = start + ((flags & EXTENDED) === 0 ? 62 : 64);
    const nameEnd = bytes.indexOf(0, nameStart);
    const path = join(root, new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)));
    const regularFile = mode === 0b1000;
    // What git was told to take for unchanged is not known.
    if ((flags & UNCHECKED) !== 0) return null;
    const unmerged = (flags & STAGE) !== 0;
    if ((further & SKIPPED) === 0) {
      const changed = unmerged || (further & INTENDED) !== 0 ||
        (regularFile && differs(path, bytes.subarray(start + 40, start + 40 + DIGEST_BYTES)));
      dirty ||= changed;
    }
    start += Math.ceil((nameEnd + 1 - start) / 8) * 8;
  }
  while (start + 8 <= bytes.length - DIGEST_BYTES) {
    if (ELSEWHERE.includes(ascii(bytes, start, start + 4))) return null;
    start += 8 + view.getUint32(start + 4);
  }
  return dirty;
}

function ascii(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}

function differs(path: string, blob: Uint8Array): boolean {
  let content: Uint8Array;
  try {
    content = Deno.readFileSync(path);
  } catch {
    return true;
  }
  return !isBlob(content, blob) && !isBlob(withoutReturns(content), blob);
}

function isBlob(content: Uint8Array, blob: Uint8Array): boolean {
  const digest = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest();
  return digest.every((byte, index) => byte === blob[index]);
}

/** The bytes without a carriage return before a line feed. */
function withoutReturns(bytes: Uint8Array): Uint8Array {
  const [RETURN, FEED] = [13, 10];
  return bytes.filter((byte, index) => byte !== RETURN || bytes[index + 1] !== FEED);
}
