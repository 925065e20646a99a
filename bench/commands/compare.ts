/** `deno task compare`: two runs side by side. */
import { basename, join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { startNothingMore, withAccess } from "../../common/permissions.ts";
import { userFolder, userPath } from "../../common/user_paths.ts";
import { compareRuns } from "../compare/compare.ts";
import { explainedRun } from "../run/command.ts";
import { openFinished } from "../run/finished_files.ts";
import { ownPaths, readOut } from "../run/out_folder.ts";

const HELP = `Usage: deno task compare A B [--out DIR]

Two runs side by side: what differs in sweep, code and data, and the differences of the cells that
both have, on the same seeds and test episodes, with the statistics of verdicts. Writes
differences.csv and index.html.

  A B        folders of the runs; differences are A - B
  --out DIR  folder to write to (default: compare-<name of B> in the folder of A)
  --verbose  ${VERBOSE_HELP}
  --help     this text

Exit status: 0 compared, whatever was found; 2 not compared.`;

const PROGRAM = { set: "compare", script: "bench/commands/compare.ts" };

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  return await explainedRun(args, console.error, async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out", "_"],
      boolean: ["help"],
      unknown: (arg: string) => {
        if (!arg.startsWith("-")) return true;
        throw new UsageError(`Unknown flag "${arg}": deno task compare takes A, B and --out DIR`);
      },
    });
    if (flags.help) {
      console.log(HELP);
      return EXIT.ok;
    }
    if (flags._.length !== 2) {
      throw new UsageError(`Name two runs: deno task compare A B, got ${flags._.length}`);
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    const [a, b] = [userPath("A", String(flags._[0])), userPath("B", String(flags._[1]))];
    if (a === b) throw new UsageError(`A and B are the same folder, ${a}: name two runs`);
    const out = flags.out === undefined ? join(a, `compare-${basename(b)}`) : userFolder("--out", flags.out);
    const access = { read: [a, b, out], write: [out] };
    const elsewhere = await withAccess(PROGRAM, args, access);
    if (elsewhere !== undefined) return elsewhere;
    const runs = [a, b].filter((run) => readOut(run) !== undefined);
    const data = runs.flatMap((run) => [openFinished(run).record.dataDir, ...ownPaths(run)]);
    const further = await withAccess(PROGRAM, args, { ...access, read: [...access.read, ...data] });
    if (further !== undefined) return further;
    if (import.meta.main) startNothingMore();
    for (const line of await compareRuns(a, b, out)) console.log(line);
    return EXIT.ok;
  });
}

if (import.meta.main) await runCommand(main);
