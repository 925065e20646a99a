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

/** Compares the files with the index (version 2 or 3, sha1): by size, then by content. */
function isDirty(root: string, folder: string): boolean | null {
  const bytes = Deno.readFileSync(join(folder, "index"));
  const view = new DataView(bytes.buffer);
  const version = view.getUint32(4);
  if (new TextDecoder().decode(bytes.subarray(0, 4)) !== "DIRC" || version < 2 || version > 3) return null;
  const entries = view.getUint32(8);
  for (let entry = 0, start = 12; entry < entries; entry++) {
    const mode = view.getUint32(start + 24) >> 12;
    const size = view.getUint32(start + 36);
    const flags = view.getUint16(start + 60);
    const nameStart = start + ((flags & 0x4000) !== 0 ? 64 : 62);
    const nameEnd = bytes.indexOf(0, nameStart);
    const path = join(root, new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)));
    const regularFile = mode === 0b1000;
    if (regularFile && differs(path, size, bytes.subarray(start + 40, start + 60))) return true;
    start += Math.ceil((nameEnd + 1 - start) / 8) * 8;
  }
  return false;
}

function differs(path: string, size: number, blob: Uint8Array): boolean {
  let content: Uint8Array;
  try {
    if (size !== 0 && Deno.statSync(path).size !== size) return true;
    content = Deno.readFileSync(path);
  } catch {
    return true;
  }
  const digest = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest();
  return !digest.every((byte, index) => byte === blob[index]);
}
