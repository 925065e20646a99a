/** `deno task report`: draws the report of a run again. */
import { join } from "node:path";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { oneRun } from "../flags/run_and_out.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { EXIT } from "../../common/errors.ts";
import { OUT_FILES, QUICK_RUN } from "../run/out_folder.ts";
import { writeReportFor } from "../run/report_input.ts";
import { isPresent } from "../../common/files.ts";
import { userFolder } from "../../common/user_paths.ts";
import { lacksOf } from "../run/completeness.ts";
import { drawing, readRun, requireNoLoss, withRunAccess } from "../run/read_run.ts";

const HELP = `Usage: deno task report [DIR] [--tables-only]

Draws report/ again from the tables of a run; how test episodes looked is taken from its store.

  DIR            folder of the run (default: reports/runs/quick); --out DIR is the same
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
    const { help, named, switches } = oneRun("report", argv, ["tables-only"]);
    if (help) {
      console.log(HELP);
      return EXIT.ok;
    }
    const out = named === undefined ? QUICK_RUN : userFolder(named.what, named.text);
    const elsewhere = await withRunAccess(PROGRAM, args, out, join(out, OUT_FILES.report));
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const { page, lacks } = await drawing(() => drawAgain(out, switches.has("tables-only")));
    console.log(`Report: ${page}`);
    if (lacks === "") return EXIT.ok;
    console.error(`It lacks ${lacks}`);
    return EXIT.failed;
  });
}

if (import.meta.main) await runCommand(main);
