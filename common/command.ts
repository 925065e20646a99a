/** What every command does around its work: it takes --verbose and -h, ends when it is not wanted any more, and says in one line what went wrong. */
import { EXIT, oneLine, StorageError, storageError, UsageError } from "./errors.ts";
import { endWithParent, endWithTask, started } from "./permissions.ts";

/** What a command's work gets. */
export interface CommandLine {
  /** The user's arguments, `-h` spelt out and without `--verbose`. */
  readonly argv: readonly string[];
  readonly verbose: boolean;
}

/** A kind of error beside those of `common/errors.ts` whose message is meant for the user, and the exit status that it ends with. */
export interface KnownError {
  readonly kind: abstract new (...args: never[]) => Error;
  readonly status: number;
}

/** Line of `--help` about the flag that every command has. */
export const VERBOSE_HELP = "show where in the code an error comes from";

/**
 * Does a command's work and, where that fails, says why in one line.
 *
 * @param args as the command got them
 * @param say writes a line for the user
 * @param known errors that the work may end with, beside usual ones
 * @returns the exit status
 */
export async function explained(
  args: readonly string[],
  say: (line: string) => void,
  work: (line: CommandLine) => number | Promise<number>,
  known: readonly KnownError[] = [],
): Promise<number> {
  const given = started(args).argv;
  const verbose = given.includes(VERBOSE);
  const argv = given.filter((arg) => arg !== VERBOSE).map((arg) => arg === "-h" ? "--help" : arg);
  try {
    return await work({ argv, verbose });
  } catch (error) {
    const { line, status } = explanation(error, known);
    say(`error: ${line}`);
    if (verbose && error instanceof Error && error.stack !== undefined) say(error.stack);
    return status;
  }
}

const VERBOSE = "--verbose";

/** What went wrong, in one line with the way out, and the exit status that belongs to it. */
export function explanation(
  error: unknown,
  known: readonly KnownError[] = [],
): { readonly line: string; readonly status: number } {
  if (error instanceof UsageError) return { line: oneLine(error), status: EXIT.usage };
  const own = known.find(({ kind }) => error instanceof kind);
  if (own !== undefined) return { line: oneLine(error), status: own.status };
  if (error instanceof Deno.errors.NotCapable) {
    const what = oneLine(error).replace(/, run again with .*$/, "");
    return { line: `${what}, which this command has not; choose another path or program`, status: EXIT.usage };
  }
  const storage = storageError("Stopped", error);
  if (storage instanceof StorageError) return { line: oneLine(storage), status: EXIT.failed };
  const what = oneLine(error).replace(/^internal: /, "");
  return {
    line:
      `internal: ${what}. This is a mistake in the program: run the command again with ${VERBOSE} and report what it prints, ` +
      "with the command, to those you have the program from",
    status: EXIT.failed,
  };
}

/**
 * Runs a command as this process, which ends with its status; what fails beside its work is said in one line too.
 *
 * @param main the command
 * @param known errors that it may end with, beside usual ones
 */
export async function runCommand(
  main: (args: readonly string[]) => number | Promise<number>,
  known: readonly KnownError[] = [],
): Promise<never> {
  const fail = (event: Event, error: unknown) => {
    event.preventDefault();
    void explained(Deno.args, console.error, () => {
      throw error;
    }).then(Deno.exit);
  };
  globalThis.addEventListener("unhandledrejection", (event) => fail(event, event.reason));
  globalThis.addEventListener("error", (event) => fail(event, event.error));
  endWithTask(Deno.args);
  if (started(Deno.args).again > 0) void endWithParent();
  return Deno.exit(await explained(Deno.args, console.error, () => main(Deno.args), known));
}
