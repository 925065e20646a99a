/** `deno task report`: draws the report of a run again. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { OUT_FILES, QUICK_RUN } from "../run/out_folder.ts";
import { writeReportFor } from "../run/report_input.ts";
import { isPresent } from "../../common/files.ts";
import { userFolder } from "../../common/user_paths.ts";
import { lacksOf } from "../run/completeness.ts";
import { drawing, readRun, requireNoLoss, withRunAccess } from "../run/read_run.ts";

const HELP = `Usage: deno task report [--out DIR] [--tables-only]

Draws report/ again from the tables of a run; how test episodes looked is taken from its store.

  --out DIR      folder of the run (default: reports/runs/quick)
  --tables-only  where the store lacks what the report pictures, draw it without, even in place of one that has it
  --verbose      ${VERBOSE_HELP}
  --help         this text

Exit status: 0 drawn, 1 drawn without what the store lacks, 2 not drawn.`;

/** Draws the report of the run in a folder. @returns the path of its page, and what it lacks @throws UsageError when one that lacks nothing is there */
export async function drawAgain(out: string, tablesOnly: boolean): Promise<{ page: string; lacks: string }> {
  const run = await readRun(out);
  const place = join(out, OUT_FILES.report);
  const whole = isPresent(join(place, "index.html")) && lacksOf(out) === undefined;
  requireNoLoss(run, place, whole && !tablesOnly);
  return {
    page: await writeReportFor(out, run, (line) => console.error(`note: ${line}`), run.lacks),
    lacks: run.lacks,
  };
}

const PROGRAM = { set: "report", script: "bench/commands/report.ts" };

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out"],
      boolean: ["help", "tables-only"],
      unknown: (arg: string) => {
        throw new UsageError(`Unknown argument "${arg}": deno task report takes --out DIR and --tables-only`);
      },
    });
    requireGivenOnce(argv, ["out"]);
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    const out = flags.out === undefined ? QUICK_RUN : userFolder("--out", flags.out);
    const elsewhere = await withRunAccess(PROGRAM, args, out, join(out, OUT_FILES.report));
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const { page, lacks } = await drawing(() => drawAgain(out, flags["tables-only"]));
    console.log(`Report: ${page}`);
    if (lacks === "") return EXIT.ok;
    console.error(`It lacks ${lacks}`);
    return EXIT.failed;
  });
}

if (import.meta.main) await runCommand(main);
