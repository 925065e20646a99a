/** `deno task export`: a run for other programs. */
import { join } from "node:path";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { EXIT } from "../../common/errors.ts";
import { startNothingMore } from "../../common/permissions.ts";
import { exportRun } from "../export/write.ts";
import { runAndOut } from "../flags/run_and_out.ts";
import { explainedRun } from "../run/command.ts";
import { QUICK_RUN } from "../run/out_folder.ts";
import { withRunAccess } from "../run/read_run.ts";

const HELP = `Usage: deno task export [DIR] [--out DIR] [--tables-only]

Writes the tables of a run as Parquet and its learned states as safetensors, with the shapes that
the model gives them. docs/from_python.md reads both.

  DIR            folder of the run (default: reports/runs/quick)
  --out DIR      folder to write to (default: export in the folder of the run)
  --tables-only  leave the learned states out
  --verbose      ${VERBOSE_HELP}
  --help         this text

Exit status: 0 written, 1 written without learned states that the store lacks, 2 not written.`;

const PROGRAM = { set: "export", script: "bench/commands/export.ts" };

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = runAndOut("export", argv, ["tables-only"]);
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    const run = flags.run ?? QUICK_RUN;
    const folder = flags.out ?? join(run, "export");
    const elsewhere = await withRunAccess(PROGRAM, args, run, folder);
    if (elsewhere !== undefined) return elsewhere;
    if (import.meta.main) startNothingMore();
    const { paths, lost } = exportRun(run, folder, flags.switches.has("tables-only"));
    console.log(`${paths.length} files in ${folder}`);
    if (lost === 0) return EXIT.ok;
    console.error(`They lack ${lost} learned state${lost === 1 ? "" : "s"} that the store does not have`);
    return EXIT.failed;
  });
}

if (import.meta.main) await runCommand(main);
