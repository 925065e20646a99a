/** The tasks may write only to the project's own folders; a run that is sent elsewhere starts itself again with that one permission more. */
import { join, resolve } from "node:path";
import { PROJECT_ROOT } from "./code_digest.ts";
import { EXIT } from "./errors.ts";

/** Marks a process that has been started again, so that it does not do so endlessly. */
export const GRANTED = "--_granted";

/** Ends a process that was started again as soon as the one that started it has ended, so that killing that one stops the run. */
export async function endWithParent(): Promise<never> {
  try {
    for await (const _ of Deno.stdin.readable);
  } catch {
    // A broken pipe says the same.
  }
  Deno.exit(EXIT.interrupted);
}

/** The folders among these that may not be written. */
export function withoutPermission(folders: readonly string[]): string[] {
  return folders.filter((path) => Deno.permissions.querySync({ name: "write", path }).state !== "granted");
}

/** A program of this project that may start itself again. */
export interface Program {
  /** Name of its set of permissions in deno.json. */
  readonly set: string;
  /** Path of its file. */
  readonly script: string;
}

const BENCH: Program = { set: "bench", script: join(PROJECT_ROOT, "bench", "cli.ts") };

/**
 * Runs this program again, allowed to write to these folders too. Signals are passed on.
 *
 * @param folders absolute or relative to the working directory
 * @returns its exit status
 */
export async function runAgain(
  argv: readonly string[],
  folders: readonly string[],
  { set, script }: Program = BENCH,
): Promise<number> {
  const own = ["reports", "data/downloads"].map((path) => join(PROJECT_ROOT, path));
  const child = new Deno.Command("deno", {
    args: [
      "run",
      "-q",
      "--no-prompt",
      `--config=${join(PROJECT_ROOT, "deno.json")}`,
      `-P=${set}`,
      `--allow-write=${[...own, ...folders.map((path) => resolve(path))].join(",")}`,
      script,
      GRANTED,
      ...argv,
    ],
    // Nothing is ever written to it: its end tells the child that this process is gone, killed perhaps.
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    });
  }
  const { code, signal } = await child.status;
  return signal === null ? code : EXIT.failed;
}
