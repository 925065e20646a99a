/** `deno task report`: draws the report of a run again. */
import { join, resolve } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { started, startNothingMore } from "../../common/permissions.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { OUT_FILES } from "../run/out_folder.ts";
import { writeReportFor } from "../run/report_input.ts";
import { explainDrawing, readRun, withRunAccess } from "../run/read_run.ts";

const HELP = `Usage: deno task report [--out DIR]

Draws report/ again from the results of a run.

  --out DIR  folder of the run (default: reports/runs/quick)
  --help     this text`;

/** Draws the report of the run in a folder. @returns the path of its page */
export async function drawAgain(out: string): Promise<string> {
  return await writeReportFor(out, await readRun(out));
}

const PROGRAM = { set: "report", script: "bench/commands/report.ts" };

async function main(args: readonly string[]): Promise<number> {
  try {
    const flags = parseArgs([...started(args).argv], {
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
    const out = resolve(flags.out ?? join("reports", "runs", "quick"));
    const elsewhere = await withRunAccess(PROGRAM, args, out, join(out, OUT_FILES.report));
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const page = await drawAgain(out);
    console.log(`Report: ${page}`);
    return EXIT.ok;
  } catch (error) {
    return explainDrawing(error);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
