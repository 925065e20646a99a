/** `deno task nightly`: the command line. */
import { DataError } from "../../data/mod.ts";
import { GRANTED, started, withAccess } from "../../common/permissions.ts";
import { CHOICES } from "../executors/choices.ts";
import { runBench } from "../executors/program.ts";
import { EXIT, oneLine, StorageError, storageError, UsageError } from "../../common/errors.ts";
import { parseFlags } from "../flags/flags.ts";
import { requestOf } from "../run/request.ts";
import { linkedFolders } from "../nightly/history.ts";
import { night } from "../nightly/night.ts";
import { HELP, parseOptions } from "../nightly/options.ts";

const PROGRAM = { set: "nightly", script: "bench/commands/nightly.ts" };

const isGiven = (path: string | undefined): path is string => path !== undefined;

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const { again, argv } = started(args);
  try {
    const options = parseOptions(argv);
    if (options.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    const stepSummary = Deno.env.get("GITHUB_STEP_SUMMARY") || undefined;
    const sweep = options.bench[options.bench.indexOf("--sweep") + 1];
    const elsewhere = await withAccess(PROGRAM, args, {
      read: [options.history, options.run, options.bench.includes("--sweep") ? sweep : undefined].filter(isGiven),
      write: [options.history, stepSummary].filter(isGiven),
    });
    if (elsewhere !== undefined) return elsewhere;
    const linked = linkedFolders(options.history);
    const further = linked.length === 0 ? undefined : await withAccess(PROGRAM, args, {
      read: [options.history, ...linked, options.run].filter(isGiven),
      write: [options.history, ...linked, stepSummary].filter(isGiven),
    });
    if (further !== undefined) return further;
    const given = argv.flatMap((arg, i) =>
      arg === "--history" ? [arg, argv[i + 1]] : arg.startsWith("--history=") ? [arg] : []
    );
    return await night(options, {
      now: () => new Date(),
      print: (line) => console.log(line),
      sweepDigest: (flags) => requestOf(parseFlags(flags, CHOICES)).digest,
      bench: (flags) => runBench([...Array<string>(again).fill(GRANTED), ...flags]),
      stepSummary,
      acceptCommand: ["deno task nightly --accept", ...given].join(" "),
    });
  } catch (error) {
    const said = storageError("Stopped", error);
    const known = error instanceof UsageError || error instanceof DataError || said instanceof StorageError;
    console.error(`error: ${known ? oneLine(said) : error instanceof Error ? error.stack ?? error.message : error}`);
    return error instanceof UsageError || error instanceof DataError ? EXIT.usage : EXIT.failed;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
