/** What `common/command.ts` does around every command, for those that read data: that may be absent or damaged, which is as wrong as anything else asked for. */
import { type CommandLine, explained, explanation, type KnownError, runCommand } from "../../common/command.ts";
import { EXIT } from "../../common/errors.ts";
import { DataError } from "../../data/mod.ts";

const KNOWN: readonly KnownError[] = [{ kind: DataError, status: EXIT.usage }];

/** As `explained`. */
export function explainedRun(
  args: readonly string[],
  say: (line: string) => void,
  work: (line: CommandLine) => number | Promise<number>,
): Promise<number> {
  return explained(args, say, work, KNOWN);
}

/** As `explanation`. */
export function explanationOfRun(error: unknown): ReturnType<typeof explanation> {
  return explanation(error, KNOWN);
}

/** As `runCommand`. */
export function runRunCommand(main: Parameters<typeof runCommand>[0]): Promise<never> {
  return runCommand(main, KNOWN);
}
