/** `deno task bench`: the command line. */
import { backendEntries } from "../algorithms/tensor/backends.ts";
import { DataError } from "../data/mod.ts";
import { dryRun } from "./dry_run.ts";
import { EXIT, oneLine, StorageError, storageError, UsageError } from "./errors.ts";
import { type ExecutorName, executors } from "./executors/registry.ts";
import { type FlagChoices, helpText, parseFlags } from "./flags.ts";
import { type Request, requestOf } from "./prepare.ts";
import { STDERR, type Voice } from "./progress.ts";
import { endWithParent, GRANTED, needsPermission, runAgain } from "./reexec.ts";
import { sweeps } from "./sweeps/registry.ts";

/** What the flags of this machine choose among. */
export const CHOICES: FlagChoices = {
  profiles: Object.keys(sweeps),
  backends: Object.keys(backendEntries),
  executors: Object.keys(executors),
  cores: navigator.hardwareConcurrency,
};

const TERMINAL: Voice = { print: (line) => console.log(line), screen: STDERR };

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[], voice: Voice = TERMINAL): Promise<number> {
  const again = args[0] === GRANTED;
  const argv = again ? args.slice(1) : args;
  let request: Request | undefined;
  try {
    const flags = parseFlags(argv, CHOICES);
    if (flags.help) {
      voice.print(helpText(CHOICES));
      return EXIT.ok;
    }
    request = requestOf(flags);
    if (flags.dryRun) return await dryRun(request, flags, voice);
    const executor = executors[flags.executor as ExecutorName];
    const access = { write: [request.out, request.store], run: executor.programs };
    if (!again && needsPermission(access)) return await runAgain(argv, access);
    if (again) void endWithParent();
    return await executor.run(request, flags, voice, interruption(request, voice));
  } catch (error) {
    return explain(error, request, voice);
  }
}

/** Ctrl-C and its like: the workers are ended, the user is told how to go on. */
function interruption({ store }: Request, { screen }: Voice): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (controller.signal.aborted) return;
      controller.abort();
      screen.write(
        `${screen.terminal ? "\r\x1b[K" : ""}Interrupted. What is finished, and how far trainings are, is kept in ` +
          `${store}; run the same command again to go on\n`,
      );
      // Workers have a second to save where they are; nothing else is worth waiting for.
      setTimeout(() => Deno.exit(EXIT.interrupted), 1500);
    });
  }
  return controller.signal;
}

function explain(error: unknown, request: Request | undefined, { screen }: Voice): number {
  if (error instanceof UsageError || error instanceof DataError) {
    screen.write(`error: ${oneLine(error)}\n`);
    return EXIT.usage;
  }
  const known = storageError("Stopped", error);
  if (known instanceof StorageError) {
    screen.write(
      `error: ${known.message}. What is finished is kept in ${request?.store}; run the same command again to go on\n`,
    );
    return EXIT.failed;
  }
  screen.write(`error: ${error instanceof Error ? error.stack ?? error.message : error}\n`);
  return EXIT.failed;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
