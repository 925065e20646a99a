/** `deno task figures`: figures and tables of a run, for a paper. */
import { join, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { started, startNothingMore } from "../../common/permissions.ts";
import { writePaper } from "../../reports/paper/mod.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { isPresent } from "../../common/files.ts";
import { explainDrawing, readRun, requireNoLoss, withRunAccess } from "../run/read_run.ts";
import { reportInput } from "../run/report_input.ts";

const HELP = `Usage: deno task figures [DIR] [--out DIR] [--tables-only]

Figures as PDF and SVG at the widths of one column (3.25 in) and of two (6.75 in), and
tables as LaTeX (booktabs) and Markdown, from the tables of a run; how test episodes
looked is taken from its store.

  DIR            folder of the run (default: reports/runs/quick)
  --out DIR      folder to write to (default: paper in the folder of the run)
  --tables-only  where the store lacks what figures picture, draw the others, even beside
                 figures that are there
  --help         this text

Exit status: 0 drawn, 1 drawn without what the store lacks, 2 not drawn.`;

const PROGRAM = { set: "figures", script: "bench/commands/figures.ts" };

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = parseArgs([...started(args).argv], {
      string: ["out", "_"],
      boolean: ["help", "tables-only"],
      unknown: (arg: string) => {
        if (!arg.startsWith("-")) return true;
        throw new UsageError(`Unknown flag "${arg}": deno task figures takes DIR, --out DIR and --tables-only`);
      },
    });
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    if (flags._.length > 1) {
      throw new UsageError(`Cannot draw ${flags._.length} runs at once: deno task figures takes one DIR`);
    }
    const run = resolve(String(flags._[0] ?? join("reports", "runs", "quick")));
    const dir = resolve(flags.out ?? join(run, "paper"));
    const elsewhere = await withRunAccess(PROGRAM, args, run, dir);
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const results = await readRun(run);
    requireNoLoss(results, dir, isPresent(dir) && !flags["tables-only"]);
    const paths = await writePaper(reportInput(results), dir);
    console.log(`${paths.length} files in ${dir}`);
    if (results.lacks === "") return EXIT.ok;
    console.error(`They lack ${results.lacks}`);
    return EXIT.failed;
  } catch (error) {
    return explainDrawing(error);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
