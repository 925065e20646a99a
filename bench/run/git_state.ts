/** What git knows of a checkout, read from its files: the tasks may not run git. */
import { createHash } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { isPresent } from "../../common/files.ts";
import { readIndex } from "./git_index.ts";

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

/**
 * Compares the files with the index: by content, line ends apart, which are a setting of the checkout.
 *
 * @returns null where the index is one that cannot be read here, or says of a file that it is not to be looked at, so that nothing is known
 */
function isDirty(root: string, folder: string): boolean | null {
  const entries = readIndex(folder);
  if (entries === undefined || entries.some(({ unchecked }) => unchecked)) return null;
  // Git looks into a folder that a sparse checkout leaves out as soon as it is there; what is staged of it is in no list here.
  if (entries.some(({ left, name }) => left && name.endsWith("/") && isPresent(join(root, name)))) return null;
  return entries.some(({ name, left, unfinished, plain, blob }) =>
    !left && (unfinished || (plain && differs(join(root, name), blob)))
  );
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
