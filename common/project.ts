/** Where this project is, and where data sets and what is derived from them are kept. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's root folder. */
export const PROJECT_ROOT: string = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** The project's own folder for downloads; git ignores it. */
export const DOWNLOADS: string = join(PROJECT_ROOT, "data", "downloads");

/** The folder for what can be derived from downloads at any time. */
export const CACHE: string = join(DOWNLOADS, "cache");

/** Name of the environment variable that names another data folder. */
export const DATA_DIR_VARIABLE = "BENCH_DATA_DIR";

/** The data folder when the user names none: `BENCH_DATA_DIR` where it is set and may be read, else the project's own. */
export function defaultDataDir(): string {
  const permission = Deno.permissions.querySync({ name: "env", variable: DATA_DIR_VARIABLE });
  const named = permission.state === "granted" ? Deno.env.get(DATA_DIR_VARIABLE) : undefined;
  return named ? named : DOWNLOADS;
}
