/**
 * All images of a listing in memory, one byte a value. They are decoded once and then come from a cache, which is named by a digest over the files' bytes:
 * changed files are decoded anew, and a folder that has only been moved is not.
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { canonicalJson, sha256 } from "../../../common/digest.ts";
import { CACHE } from "../../../common/project.ts";
import { writeAtomically } from "../../../common/files.ts";
import { DataError } from "../../contract/dataset.ts";
import { readBytes } from "../files.ts";
import type { ImagesSource, PixelOptions } from "../source.ts";
import type { CountedImages, ImageListing } from "./listing.ts";

/** Version of how images become pixels: another one gives other digests and caches. */
const FORMAT = 1;
const NAME_DIGITS = 32;
const MIB = 1024 * 1024;
/** No image file is larger. */
const MAX_FILE_BYTES = 256 * MIB;

/** What is decoded of a listing, and what it is known by. */
export interface ImageContent {
  /** [examples, size, size, channels] values 0 .. 255, class by class. */
  readonly pixels: Uint8Array;
  /** Of the files' bytes, the names and splits of their classes, and how they are read; not of any path. */
  readonly digest: string;
}

/** Called now and then while images are decoded. */
export type OnProgress = (done: number, total: number) => void;

/** Values of one image. */
export function imageLength({ size, colour }: Pick<ImagesSource, "size" | "colour">): number {
  return size * size * (colour === "grey" ? 1 : 3);
}

/** How many images a listing has. */
export function countImages({ classes }: CountedImages): number {
  return classes.reduce((sum, { files }) => sum + files.length, 0);
}

/** @throws DataError with an estimate when the decoded images would take more memory than is allowed */
export function requireRoom(listing: CountedImages, source: PixelOptions): void {
  const { path, size, colour, memoryMib } = source;
  const count = countImages(listing);
  const mib = count * imageLength(source) / MIB;
  if (mib <= memoryMib) return;
  throw new DataError(
    `Cannot use ${path}: its ${count} images of ${size} x ${size} in ${colour} would take ${
      Math.ceil(mib)
    } MiB in every process, ` +
      `more than the ${memoryMib} of memoryMib; choose a smaller size, grey, fewer classes, or raise memoryMib`,
  );
}

/** The digest of the content: a pass over all files. @throws DataError when one cannot be read */
export function contentDigest(listing: ImageListing, source: ImagesSource): string {
  const { size, colour, fit, invert } = source;
  const splitOf = new Map(
    Object.entries(listing.splits).flatMap(([split, names]) => names.map((name) => [name, split])),
  );
  const classes = listing.classes.map(({ name, files }) => [
    ...[name, splitOf.get(name)],
    files.map((file) => {
      const { size: bytes } = Deno.statSync(file);
      if (bytes > MAX_FILE_BYTES) throw new DataError(`${file} has ${bytes} bytes; at most ${MAX_FILE_BYTES} are read`);
      return sha256(readBytes(file));
    }),
  ]);
  return sha256(canonicalJson({ format: FORMAT, size, colour, fit, invert, classes }));
}

/** Where decoded images come from. */
export interface PixelMaker {
  readonly count: number;
  /** A pass over all that is read. */
  digest(): string;
  /** Writes all images, one after another: no more than one is in memory as a whole. */
  decode(pixels: Uint8Array, onProgress: OnProgress): Promise<void>;
}

/** What is known already, and where the cache is. */
export interface PixelSettings {
  /** The digest, where another process has computed it: nothing is read then if there is a cache. */
  readonly known?: string;
  readonly cacheDir?: string;
  readonly onProgress?: OnProgress;
}

/**
 * Decodes images, or takes them from the cache.
 *
 * @throws DataError naming the first image that cannot be used
 */
export async function openPixels(
  maker: PixelMaker,
  source: PixelOptions,
  { known, cacheDir = CACHE, onProgress = () => {} }: PixelSettings = {},
): Promise<ImageContent> {
  const length = maker.count * imageLength(source);
  if (known !== undefined) {
    const pixels = readCache(cacheDir, known, length);
    if (pixels !== undefined) return { pixels, digest: known };
  }
  const digest = maker.digest();
  if (known !== undefined && digest !== known) {
    throw new DataError(`${source.path} has changed since this run began; run the command again`);
  }
  const cached = readCache(cacheDir, digest, length);
  if (cached !== undefined) return { pixels: cached, digest };
  const pixels = new Uint8Array(length);
  await maker.decode(pixels, onProgress);
  writeCache(cacheDir, digest, pixels);
  return { pixels, digest };
}

/** Decodes the images of a listing, or takes them from the cache. @throws DataError naming the first image that cannot be used */
export function openImages(
  listing: ImageListing,
  source: ImagesSource,
  settings: PixelSettings = {},
): Promise<ImageContent> {
  const maker: PixelMaker = {
    count: countImages(listing),
    digest: () => contentDigest(listing, source),
    decode: (pixels, onProgress) => decodeFiles(listing, source, pixels, onProgress),
  };
  return openPixels(maker, source, settings);
}

async function decodeFiles(
  listing: ImageListing,
  source: ImagesSource,
  pixels: Uint8Array,
  onProgress: OnProgress,
): Promise<void> {
  // Loaded only here: processes that find a cache start without the decoders.
  const [{ decodeImage }, { frameOf, resize }] = await Promise.all([import("./decode.ts"), import("./resize.ts")]);
  const { size, colour, fit, invert } = source;
  const [step, total] = [imageLength(source), countImages(listing)];
  let done = 0;
  for (const file of listing.classes.flatMap(({ files }) => files)) {
    try {
      const image = await decodeImage(readBytes(file), colour);
      resize(image, frameOf(image, fit), size, pixels, step * done);
    } catch (error) {
      if (error instanceof DataError) throw error;
      throw new DataError(`${file} ${error instanceof Error ? error.message : error}; mend it or take it away`);
    }
    onProgress(++done, total);
  }
  if (invert) { for (let i = 0; i < pixels.length; i++) pixels[i] = 255 - pixels[i]; }
}

function cachePath(dir: string, digest: string): string {
  return join(dir, `images-${digest.slice(0, NAME_DIGITS)}.bin`);
}

/** What a cache begins with: it is believed only when its content has the digest that stands there. */
function header(digest: string, pixels: Uint8Array): Uint8Array {
  const content = createHash("sha256").update(pixels).digest("hex");
  return new TextEncoder().encode(`bridgebench images ${FORMAT} ${digest} ${content}\n`);
}

function readCache(dir: string, digest: string, length: number): Uint8Array | undefined {
  const path = cachePath(dir, digest);
  if (!allowed("read", path)) return undefined;
  let file: Uint8Array;
  try {
    file = Deno.readFileSync(path);
  } catch {
    return undefined;
  }
  if (file.length < length) return undefined;
  const pixels = file.subarray(file.length - length);
  const expected = header(digest, pixels);
  const whole = file.length === expected.length + length && expected.every((byte, i) => file[i] === byte);
  return whole ? pixels : undefined;
}

/** A convenience: where it may not be written, or there is no room, images are decoded again. */
function writeCache(dir: string, digest: string, pixels: Uint8Array): void {
  const path = cachePath(dir, digest);
  if (!allowed("write", path)) return;
  try {
    writeAtomically(path, () => [header(digest, pixels), pixels]);
  } catch {
    // Said by nobody: the images are in memory.
  }
}

/** Whether Deno already lets us, so that nobody is asked about a mere convenience. */
function allowed(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}
