/** `deno task figures`: figures and tables of a run, for a paper. */
import { join, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { started, startNothingMore } from "../../common/permissions.ts";
import { writePaper } from "../../reports/paper/mod.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { explainDrawing, readRun, withRunAccess } from "../run/read_run.ts";
import { reportInput } from "../run/report_input.ts";

const HELP = `Usage: deno task figures [DIR] [--out DIR]

Figures as PDF and SVG at the widths of one column (3.25 in) and of two (6.75 in), and
tables as LaTeX (booktabs) and Markdown, from the results of a run.

  DIR        folder of the run (default: reports/runs/quick)
  --out DIR  folder to write to (default: paper in the folder of the run)
  --help     this text`;

const PROGRAM = { set: "figures", script: "bench/commands/figures.ts" };

/** Runs the command. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = parseArgs([...started(args).argv], {
      string: ["out", "_"],
      boolean: ["help"],
      unknown: (arg: string) => {
        if (!arg.startsWith("-")) return true;
        throw new UsageError(`Unknown flag "${arg}": deno task figures takes DIR and --out DIR`);
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
    const paths = await writePaper(reportInput(await readRun(run)), dir);
    console.log(`${paths.length} files in ${dir}`);
    return EXIT.ok;
  } catch (error) {
    return explainDrawing(error);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
