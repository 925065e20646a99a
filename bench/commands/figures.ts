/** `deno task figures`: figures and tables of a run, for a paper. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { writePaper } from "../../reports/paper/mod.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { isPresent } from "../../common/files.ts";
import { userFolder, userRun } from "../../common/user_paths.ts";
import { QUICK_RUN } from "../run/out_folder.ts";
import { drawing, readRun, requireNoLoss, withRunAccess } from "../run/read_run.ts";
import { once, reportInput } from "../run/report_input.ts";

const HELP = `Usage: deno task figures [DIR] [--out DIR] [--tables-only]

Figures as PDF and SVG at the widths of one column (3.25 in) and of two (6.75 in), and
tables as LaTeX (booktabs) and Markdown, from the tables of a run; how test episodes
looked is taken from its store.

  DIR            folder of the run (default: reports/runs/quick)
  --out DIR      folder to write to (default: paper in the folder of the run)
  --tables-only  where the store lacks what figures picture, draw the others, even beside
                 figures that are there
  --verbose      ${VERBOSE_HELP}
  --help         this text

Exit status: 0 drawn, 1 drawn without what the store lacks, 2 not drawn.`;

const PROGRAM = { set: "figures", script: "bench/commands/figures.ts" };

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out", "_"],
      boolean: ["help", "tables-only"],
      unknown: (arg: string) => {
        if (!arg.startsWith("-")) return true;
        throw new UsageError(`Unknown flag "${arg}": deno task figures takes DIR, --out DIR and --tables-only`);
      },
    });
    requireGivenOnce(argv, ["out"]);
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    if (flags._.length > 1) {
      throw new UsageError(`Cannot draw ${flags._.length} runs at once: deno task figures takes one DIR`);
    }
    const run = flags._.length === 0 ? QUICK_RUN : userRun("DIR", String(flags._[0]));
    const dir = flags.out === undefined ? join(run, "paper") : userFolder("--out", flags.out);
    const elsewhere = await withRunAccess(PROGRAM, args, run, dir);
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const { paths, lacks } = await drawing(async () => {
      const results = await readRun(run);
      requireNoLoss(results, dir, isPresent(dir) && !flags["tables-only"]);
      return {
        paths: await writePaper(reportInput(results), dir, once((line) => console.error(`note: ${line}`))),
        lacks: results.lacks,
      };
    });
    console.log(`${paths.length} files in ${dir}`);
    if (lacks === "") return EXIT.ok;
    console.error(`They lack ${lacks}`);
    return EXIT.failed;
  });
}

if (import.meta.main) await runCommand(main);
