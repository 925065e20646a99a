/** All drawings of a set of archives in memory, as models see them. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { DataError } from "../contract/dataset.ts";
import { type CacheKey, readCache, writeCache } from "./cache.ts";
import { type ArchiveSet, DRAWINGS, PACKED_BYTES, PIXELS } from "./contents.ts";

/** Folder of the zip files inside the data folder. */
export const FOLDER = "omniglot";

/** No official archive has more than 10 MB. */
const LARGEST_ZIP = 64 * 1024 * 1024;

/**
 * Reads and verifies the archives, or the cache made from them.
 *
 * @param dataDir folder that holds `omniglot/*.zip`
 * @param cacheDir folder of the cache
 * @returns [characters, 20 drawings, 28, 28] grey values 0 .. 225 (full ink), one byte each
 * @throws DataError when an archive is absent, damaged or not Omniglot
 */
export async function openDrawings(archiveSet: ArchiveSet, dataDir: string, cacheDir: string): Promise<Uint8Array> {
  const paths = archiveSet.archives.map(({ file }) => join(dataDir, FOLDER, file));
  const zips = await Promise.all(paths.map(readZip));
  const count = archiveSet.archives.reduce((sum, { characters }) => sum + characters.length, 0) * DRAWINGS;
  const key: CacheKey = {
    zipDigests: zips.map((zip) => createHash("sha256").update(zip).digest("hex")),
    pixelDigest: archiveSet.pixelDigest,
    length: count * PIXELS,
  };
  const cached = await readCache(cacheDir, key);
  if (cached !== undefined) return cached;

  // Loaded only here: workers that find a cache start without the zip and PNG libraries.
  const [{ readArchive }, { resample }] = await Promise.all([import("./archive.ts"), import("./resample.ts")]);
  const drawings = new Uint8Array(key.length);
  let done = 0;
  for (const [i, archive] of archiveSet.archives.entries()) {
    const packed = await readArchive(zips[i], paths[i], archive);
    for (let at = 0; at < packed.length; at += PACKED_BYTES) {
      resample(packed.subarray(at, at + PACKED_BYTES), drawings, PIXELS * done++);
    }
  }
  const digest = createHash("sha256").update(drawings).digest("hex");
  if (digest !== key.pixelDigest) {
    throw new Error(`internal: the resampled drawings have the digest ${digest} instead of ${key.pixelDigest}`);
  }
  await writeCache(cacheDir, key, drawings);
  return drawings;
}

/** One sentence that says which archives are absent and how to get them; undefined when all are there. */
export async function missingArchives(archiveSet: ArchiveSet, dataDir: string): Promise<string | undefined> {
  const absent: string[] = [];
  for (const { file } of archiveSet.archives) {
    const isFile = await Deno.stat(join(dataDir, FOLDER, file)).then((info) => info.isFile, (error) => {
      if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return false;
      throw error;
    });
    if (!isFile) absent.push(file);
  }
  return absent.length === 0 ? undefined : absence(join(dataDir, FOLDER), absent, dataDir);
}

function absence(folder: string, files: readonly string[], dataDir: string): string {
  return `Omniglot is not there: ${folder} has no ${files.join(" and no ")}. ` +
    `Run \`deno task data omniglot --data-dir ${dataDir}\`, or name the folder that holds ${FOLDER}/ by --data-dir or BENCH_DATA_DIR; ` +
    `docs/data.md says where else to get the files and where to put them by hand`;
}

async function readZip(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const { size } = await Deno.stat(path);
    if (size > LARGEST_ZIP) {
      throw new DataError(`${path} cannot be used: it has ${size} bytes, far more than Omniglot's archives`);
    }
    return await Deno.readFile(path);
  } catch (error) {
    if (error instanceof DataError) throw error;
    const [file, folder, dataDir] = [path.split(/[\\/]/).at(-1)!, join(path, ".."), join(path, "..", "..")];
    if (error instanceof Deno.errors.NotFound) throw new DataError(absence(folder, [file], dataDir));
    throw new DataError(`Cannot read ${path}: ${error instanceof Error ? error.message : error}`);
  }
}
