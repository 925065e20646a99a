/** `deno task report`: draws the report of a run again. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { OUT_FILES, QUICK_RUN } from "../run/out_folder.ts";
import { writeReportFor } from "../run/report_input.ts";
import { userFolder } from "../../common/user_paths.ts";
import { drawing, readRun, withRunAccess } from "../run/read_run.ts";

const HELP = `Usage: deno task report [--out DIR]

Draws report/ again from the results of a run.

  --out DIR  folder of the run (default: reports/runs/quick)
  --verbose  ${VERBOSE_HELP}
  --help     this text`;

/** Draws the report of the run in a folder. @returns the path of its page */
export async function drawAgain(out: string): Promise<string> {
  return await writeReportFor(out, await readRun(out));
}

const PROGRAM = { set: "report", script: "bench/commands/report.ts" };

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out"],
      boolean: ["help"],
      unknown: (arg: string) => {
        throw new UsageError(`Unknown argument "${arg}": deno task report takes --out DIR`);
      },
    });
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    const out = flags.out === undefined ? QUICK_RUN : userFolder("--out", flags.out);
    const elsewhere = await withRunAccess(PROGRAM, args, out, join(out, OUT_FILES.report));
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const page = await drawing(() => drawAgain(out));
    console.log(`Report: ${page}`);
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
