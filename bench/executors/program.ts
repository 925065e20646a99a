/** What `deno task bench` does with its arguments. */
import { readableFor } from "../../data/mod.ts";
import { explainedRun } from "../run/command.ts";
import { withAccess } from "../../common/permissions.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { dryRun } from "../run/dry_run.ts";
import { EXIT, StorageError, storageError } from "../../common/errors.ts";
import { type ExecutorName, executors } from "./registry.ts";
import { helpText } from "../flags/flag_table.ts";
import { CHOICES } from "./choices.ts";
import { parseFlags } from "../flags/flags.ts";
import { linkedRepository } from "../run/git_state.ts";
import { givenSweep, ownOf, printedSweep, type Request, requestOf } from "../run/request.ts";
import { allSources } from "../sweeps/sourced.ts";
import { type Console, STDERR } from "../run/progress.ts";
import { startPage } from "../serve/start.ts";

const PROGRAM = { set: "bench", script: "bench/commands/bench.ts" };

const TERMINAL: Console = { print: (line) => console.log(line), screen: STDERR };

/** Runs the command line. @returns the exit status */
export async function runBench(args: readonly string[], output: Console = TERMINAL): Promise<number> {
  return await explainedRun(
    args,
    (line) => output.screen.write(`${line}\n`),
    ({ argv }) => bench(argv, args, output),
  );
}

async function bench(argv: readonly string[], args: readonly string[], output: Console): Promise<number> {
  const flags = parseFlags(argv, CHOICES);
  if (flags.help) {
    output.print(helpText(CHOICES));
    return EXIT.ok;
  }
  const named = ownOf(flags).sources.map(({ source }) => readableFor(source));
  if (flags.printSweep !== undefined) {
    const readable = await withAccess(PROGRAM, args, { read: named });
    if (readable !== undefined) return readable;
    output.print(printedSweep(flags.printSweep, flags));
    return EXIT.ok;
  }
  const files = [flags.sweepFile, flags.cluster.file].filter((path) => path !== undefined);
  const readable = await withAccess(PROGRAM, args, { read: [...files, ...named] });
  if (readable !== undefined) return readable;
  const own = allSources(givenSweep(flags)).map(readableFor);
  const data = await withAccess(PROGRAM, args, { read: [...files, ...named, ...own] });
  if (data !== undefined) return data;
  const request = requestOf(flags);
  const executor = executors[flags.executor as ExecutorName];
  const folders = [request.out, request.store];
  const elsewhere = await withAccess(PROGRAM, args, {
    read: [...files, ...named, ...own, ...folders, request.dataDir, ...linkedRepository(PROJECT_ROOT)],
    write: flags.dryRun ? [] : folders,
    run: flags.dryRun ? [] : executor.programs,
    mayRun: flags.dryRun ? [] : executor.optionalPrograms,
  });
  if (elsewhere !== undefined) return elsewhere;
  for (const note of flags.quiet ? [] : request.notes ?? []) output.screen.write(`${note}\n`);
  if (flags.dryRun) return await dryRun(request, flags, output);
  const page = flags.serve === undefined ? undefined : await startPage(request, flags.serve, output.screen);
  try {
    return await executor.run(request, flags, output, interruption(request, output));
  } catch (error) {
    throw withWayOn(error, request);
  } finally {
    page?.end();
  }
}

/** Ctrl-C and its like: the workers are ended, the user is told how to go on. */
function interruption({ store }: Request, { screen }: Console): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (controller.signal.aborted) return;
      controller.abort();
      screen.write(
        `${screen.terminal ? "\r\x1b[K" : ""}Interrupted. What is finished, and how far trainings are, is kept in ` +
          `${store}; run the same command again to go on\n`,
      );
      // Workers have a moment to save where they are; nothing else is worth waiting for.
      setTimeout(() => Deno.exit(EXIT.interrupted), 1700);
    });
  }
  return controller.signal;
}

/** Says, of a disk that is full and its like, that nothing is lost. */
function withWayOn(error: unknown, { store }: Request): unknown {
  const known = storageError("Stopped", error);
  if (!(known instanceof StorageError)) return error;
  return new StorageError(
    `${known.message}. What is finished is kept in ${store}; run the same command again to go on`,
    { cause: error },
  );
}
