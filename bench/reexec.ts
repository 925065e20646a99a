/**
 * The tasks may write only to the project's own folders and run only deno; a run that is sent elsewhere, or that hands its work to other programs,
 * starts itself again with just those permissions more.
 */
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

/** What a program needs beside what its task allows. */
export interface Access {
  /** Paths to write to, absolute or relative to the working directory. */
  readonly write: readonly string[];
  /** Names of programs to run. */
  readonly run: readonly string[];
}

/** Whether any of this is not allowed. */
export function needsPermission({ write, run }: Access): boolean {
  const denied = (descriptor: Deno.PermissionDescriptor) => Deno.permissions.querySync(descriptor).state !== "granted";
  return write.some((path) => denied({ name: "write", path })) ||
    run.some((command) => denied({ name: "run", command }));
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
 * Runs this program again with this access too. Signals are passed on.
 *
 * @returns its exit status
 */
export async function runAgain(
  argv: readonly string[],
  { write, run }: Access,
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
      `--allow-write=${[...own, ...write.map((path) => resolve(path))].join(",")}`,
      ...run.length === 0 ? [] : [`--allow-run=${["deno", ...run].join(",")}`],
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
