/** Paths as a user means them: a task of deno.json runs in the project's folder, wherever its user stands. */
import { resolve } from "node:path";

/** Name of the environment variable in which `deno task` says where its user stands. */
const STANDS_IN = "INIT_CWD";

/** A path as an absolute one: relative to where the user stands, which is the working directory unless `deno task` says otherwise. */
export function userPath(path: string): string {
  const permission = Deno.permissions.querySync({ name: "env", variable: STANDS_IN });
  const folder = permission.state === "granted" ? Deno.env.get(STANDS_IN) : undefined;
  return resolve(folder ? folder : ".", path);
}
