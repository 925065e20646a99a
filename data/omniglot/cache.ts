/**
 * A file that holds the drawings at 28 x 28, so that only the first opening pays for decoding 32,460 images.
 *
 * The cache is never trusted: its content must have the known digest, and it names the zip files it was made from, so a
 * changed zip is read (and found wrong) instead of being hidden by the cache. Where it may not be read or written, the
 * data set works without it.
 */
import { createHash, randomUUID } from "node:crypto";
import { dirname, join } from "node:path";

/** Hex digits of sha256 that tell caches of different zip files apart. */
const NAME_DIGITS = 16;

/** What a cache is made from and must contain. */
export interface CacheKey {
  /** sha256 of each zip file's bytes. */
  readonly zipDigests: readonly string[];
  /** sha256 of the content. */
  readonly pixelDigest: string;
  /** Length of the content in bytes. */
  readonly length: number;
}

function cachePath(dir: string, { zipDigests }: CacheKey): string {
  const name = createHash("sha256").update(zipDigests.join(" ")).digest("hex").slice(0, NAME_DIGITS);
  return join(dir, `omniglot-28x28-${name}.bin`);
}

function header({ zipDigests, pixelDigest }: CacheKey): Uint8Array {
  return new TextEncoder().encode(`bridgebench omniglot 28x28 1 ${zipDigests.join(" ")} ${pixelDigest}\n`);
}

/** The cached content, or undefined when there is none that is whole and made from these very zip files. */
export async function readCache(dir: string, key: CacheKey): Promise<Uint8Array | undefined> {
  const path = cachePath(dir, key);
  if (!await allowed("read", path)) return undefined;
  let file: Uint8Array;
  try {
    file = await Deno.readFile(path);
  } catch {
    return undefined;
  }
  const expected = header(key);
  if (file.length !== expected.length + key.length) return undefined;
  if (expected.some((byte, i) => file[i] !== byte)) return undefined;
  const content = file.subarray(expected.length);
  return createHash("sha256").update(content).digest("hex") === key.pixelDigest ? content : undefined;
}

/**
 * Writes the cache: whole or not at all, whoever else writes it at the same time.
 *
 * @returns whether it was written; a folder that may not be written or a full disk is no error
 */
export async function writeCache(dir: string, key: CacheKey, content: Uint8Array): Promise<boolean> {
  const path = cachePath(dir, key);
  const temporary = `${path}.${randomUUID()}.tmp`;
  if (!await allowed("write", path) || !await allowed("write", temporary)) return false;
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    using file = await Deno.open(temporary, { write: true, createNew: true });
    for (const part of [header(key), content]) {
      for (let at = 0; at < part.length;) at += await file.write(part.subarray(at));
    }
    await file.syncData();
    await Deno.rename(temporary, path);
    return true;
  } catch {
    await Deno.remove(temporary).catch(() => {});
    return false;
  }
}

/** Whether Deno already lets us, so that nobody is asked about a mere convenience. */
async function allowed(name: "read" | "write", path: string): Promise<boolean> {
  return (await Deno.permissions.query({ name, path })).state === "granted";
}
