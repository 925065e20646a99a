/** Paths as users give them: relative to where they stand, which is not where a task runs. */
import { dirname, relative, resolve } from "node:path";
import { UsageError } from "./errors.ts";
import { DATA_DIR_VARIABLE, defaultDataDir, PROJECT_ROOT } from "./project.ts";

/** The variable in which `deno task` keeps the folder that it was called in; a task itself always runs in the project's. */
export const CALLED_IN = "INIT_CWD";

/** The folder in which `deno task` was called; undefined where no task runs this process, or that may not be seen. */
export function calledIn(): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: CALLED_IN });
  return state === "granted" ? Deno.env.get(CALLED_IN) || undefined : undefined;
}

/**
 * A path that a user has given, as an absolute one.
 *
 * @param what gave it, for messages: a flag, a variable
 * @throws UsageError where it begins with a tilde that no shell has expanded
 */
export function userPath(what: string, text: string): string {
  if (/^~($|[/\\])/.test(text)) {
    throw new UsageError(
      `${what} ${text}: no shell has expanded the "~", as after "="; write ${what} ~/... without "=", or the whole path`,
    );
  }
  const path = resolve(calledIn() ?? ".", text);
  // It is printed, and written into commands to be copied.
  if (STEERING.test(path)) {
    throw new UsageError(`${what} ${path}: choose a path without line ends and other control characters`);
  }
  return path;
}

/** Letters that steer a terminal, or turn text around. */
const STEERING = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

/** The folder of a run that a user wants read, as an absolute path. @throws UsageError where that is a file, or behind one */
export function userRun(what: string, text: string): string {
  const path = userPath(what, text);
  requireNoFile(what, path, "name the folder of a run");
  return path;
}

/** @throws UsageError where a path is a file, or lies behind one, as far as this process may see */
function requireNoFile(what: string, path: string, wayOut: string): void {
  try {
    if (!Deno.statSync(path).isFile) return;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotADirectory)) return;
    throw new UsageError(`${what} ${path}: lies behind a file, so it is not a folder; ${wayOut}`);
  }
  throw new UsageError(`${what} ${path}: is a file, so it is not a folder; ${wayOut}`);
}

/** A folder that a user wants written to, as an absolute path. @throws UsageError where this project would lie in it, it is a file, or it cannot be granted */
export function userFolder(what: string, text: string): string {
  const path = userPath(what, text);
  requireApart(what, path);
  requireNoFile(what, path, `choose another ${what}`);
  // Deno's permission flags are lists with commas and know no way to escape one.
  if (path.includes(",")) throw new UsageError(`${what} ${path}: choose a folder without a comma in its path`);
  return path;
}

/** Files of a run among those of a project or a whole disk would not be told apart. @throws UsageError where this project lies in the folder, or is it */
export function requireApart(what: string, path: string): void {
  const inside = relative(path, PROJECT_ROOT);
  const holds = inside === "" || !(inside.startsWith("..") || resolve(inside) === inside);
  if (!holds && dirname(path) !== path) return;
  throw new UsageError(
    `${what} ${path}: cannot be used, since this project itself lies in it; name a folder of its own`,
  );
}

/** The folder of data sets when the user names none: `BENCH_DATA_DIR` where it is set, else the project's own; absolute. */
export function ownDataDir(): string {
  return dataFolder(DATA_DIR_VARIABLE, defaultDataDir());
}

/** A folder of data sets that a user names, as an absolute path. @throws UsageError where that is a file, or behind one */
export function dataFolder(what: string, text: string): string {
  const path = userPath(what, text);
  requireNoFile(what, path, "name the folder that holds the folders of data sets");
  return path;
}
