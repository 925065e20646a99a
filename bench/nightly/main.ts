/** `deno task nightly`: the command line. */
import { join } from "node:path";
import { DataError } from "../../data/mod.ts";
import { CHOICES, main as bench } from "../cli.ts";
import { PROJECT_ROOT } from "../code_digest.ts";
import { EXIT, oneLine, StorageError, storageError, UsageError } from "../errors.ts";
import { parseFlags } from "../flags.ts";
import { requestOf } from "../prepare.ts";
import { GRANTED, needsPermission, runAgain } from "../reexec.ts";
import { night } from "./night.ts";
import { HELP, parseOptions } from "./options.ts";

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const again = args[0] === GRANTED;
  const argv = again ? args.slice(1) : args;
  try {
    const options = parseOptions(argv);
    if (options.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (options.history.includes(",")) {
      throw new UsageError(`Cannot write to ${options.history}: choose a --history without a comma in its path`);
    }
    const stepSummary = Deno.env.get("GITHUB_STEP_SUMMARY") || undefined;
    const access = { write: [options.history, ...stepSummary === undefined ? [] : [stepSummary]], run: [] };
    if (!again && needsPermission(access)) {
      return await runAgain(argv, access, {
        set: "nightly",
        script: join(PROJECT_ROOT, "bench", "nightly", "main.ts"),
      });
    }
    const given = argv.flatMap((arg, i) =>
      arg === "--history" ? [arg, argv[i + 1]] : arg.startsWith("--history=") ? [arg] : []
    );
    return await night(options, {
      now: () => new Date(),
      print: (line) => console.log(line),
      sweepDigest: (flags) => requestOf(parseFlags(flags, CHOICES)).digest,
      bench: (flags) => bench([...again ? [GRANTED] : [], ...flags]),
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
