/** Getting Omniglot's archives. */
import { join } from "node:path";
import { download, type DownloadOptions, md5Of } from "../archives/download.ts";
import { readArchive } from "./archive.ts";
import { type ArchiveSet, OMNIGLOT } from "./contents.ts";
import { FOLDER } from "./drawings.ts";

/** Where the authors publish the archives. */
export const OFFICIAL_URL = "https://raw.githubusercontent.com/brendenlake/omniglot/master/python";

/** Where else they are, by another host and another protocol. */
const ELSEWHERE = "from the folder python/ of `git clone https://github.com/brendenlake/omniglot`";

/** What happened to one archive. */
export interface Fetched {
  readonly path: string;
  /** `official`: was there, byte for byte; `equivalent`: was there, other bytes but the same drawings. */
  readonly how: "downloaded" | "official" | "equivalent";
}

/** Options of {@linkcode fetchOmniglot}. */
export interface FetchOptions extends Omit<DownloadOptions, "onProgress"> {
  /** Another place with the same files. */
  readonly baseUrl?: string;
  readonly archiveSet?: ArchiveSet;
  readonly onProgress?: (file: string, received: number, total: number | undefined) => void;
  /** Called after each archive. */
  readonly onDone?: (fetched: Fetched) => void;
}

/**
 * Makes sure that all archives are in `<dataDir>/omniglot`, downloading what is absent and checking what is there.
 *
 * @throws DataError when a download fails or a file that is there is not Omniglot's
 */
export async function fetchOmniglot(dataDir: string, options: FetchOptions = {}): Promise<void> {
  const { baseUrl = OFFICIAL_URL, archiveSet = OMNIGLOT, onProgress, onDone } = options;
  for (const archive of archiveSet.archives) {
    const path = join(dataDir, FOLDER, archive.file);
    if (await exists(path)) {
      const official = await md5Of(path) === archive.md5;
      if (!official) await readArchive(await Deno.readFile(path), path, archive);
      onDone?.({ path, how: official ? "official" : "equivalent" });
      continue;
    }
    await download({ url: `${baseUrl}/${archive.file}`, path, md5: archive.md5, elsewhere: ELSEWHERE }, {
      ...options,
      onProgress: (received, total) => onProgress?.(archive.file, received, total),
    });
    onDone?.({ path, how: "downloaded" });
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
