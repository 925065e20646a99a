/** `deno task merge`: the command line. */
import { join } from "node:path";
import { parseArgs } from "@std/cli/parse-args";
import { dataFolder, ownDataDir, userFolder, userRun } from "../../common/user_paths.ts";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { withAccess } from "../../common/permissions.ts";
import { CHOICES } from "../executors/choices.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { parseFlags } from "../flags/flags.ts";
import { linkedRepository } from "../run/git_state.ts";
import { mergeUnits, openSource, requireOneRun, requireSameHere, sweepHere } from "../run/merge_runs.ts";
import { checkOut, OutLock, ownPaths, readOut } from "../run/out_folder.ts";
import { missingUnits, prepare } from "../run/prepare.ts";
import type { Request } from "../run/request.ts";
import { type Console, STDERR } from "../run/progress.ts";
import { manifestOf, readRunFile, storeOf } from "../run/run_file.ts";
import { reportStage } from "../run/report_stage.ts";
import { claimFolders, startRun } from "../run/run.ts";
import { planTuned, recallFailures, unmadeTrials } from "../run/stages.ts";
import { trialUnits } from "../plan/tuning.ts";

const HELP = `Usage: deno task merge DIR... --out DIR [--data-dir DIR]

Puts the shares of a run, made with deno task bench --shard on different machines, into one folder and writes rows and
report as one run would have. Sweep, code, data, backend and versions of all shares must be equal; a result that two of
them have must be the same to the byte.

  DIR...          folders of the shares
  --out DIR       folder for the whole
  --data-dir DIR  folder of downloaded data sets (default: BENCH_DATA_DIR, else data/downloads)
  --verbose       ${VERBOSE_HELP}
  --help          this text

Exit status: 0 all cells computed, 1 something is missing or failed, 2 the folders cannot be merged.`;

const TERMINAL: Console = { print: (line) => console.log(line), screen: STDERR };

/** Merges the runs in these folders. @returns the exit status */
export async function merge(
  folders: readonly string[],
  out: string,
  dataDir: string,
  output: Console,
): Promise<number> {
  const start = performance.now();
  const sources = folders.map(openSource);
  const held = readOut(out);
  requireOneRun(held === undefined ? sources : [...sources, openSource(out)]);
  const [first] = sources;
  const sweep = sweepHere(sources);
  const { run: { sweepDigest: digest, backend, workers } } = first;
  checkOut(out, digest, false);
  const request: Request = { sweep, digest, out, store: join(out, "store"), dataDir };
  const flags = { ...parseFlags([], CHOICES), workers };
  const prepared = await prepare(request, backend, true);
  requireSameHere(first, prepared, manifestOf(prepared, flags).data);
  const lock = OutLock.take(out);
  try {
    const store = claimFolders(prepared, flags);
    const run = startRun(prepared, store, { ...flags, quiet: true }, output, new AbortController().signal);
    const stores = sources.map((source) => source.store);
    const tried = trialUnits(prepared.trials);
    mergeUnits(tried, stores, store);
    const unmade = unmadeTrials(run, store);
    if (unmade.length > 0) return lacking(output, unmade.length, tried.length, "trials of the tuning", out);
    recallFailures(run, tried);
    const tuned = planTuned(run);
    const { units } = tuned.plan;
    mergeUnits(units, stores, store);
    recallFailures(run, units);
    const missing = missingUnits(units, store)
      .filter(({ id, evaluations }) => ![id, ...evaluations.map((job) => job.id)].some((key) => run.failures.has(key)));
    if (missing.length === units.length && tried.length > 0) {
      output.print(`All ${tried.length} trials of the tuning are in ${store.folder}`);
      output.print(`Now every share computes --stage train on a copy of that store (--store)`);
      return EXIT.ok;
    }
    if (missing.length > 0) return lacking(output, missing.length, units.length, "units", out);
    return await reportStage(run, tuned, (performance.now() - start) / 1000);
  } finally {
    lock.release();
  }
}

function lacking({ screen }: Console, missing: number, all: number, what: string, out: string): number {
  screen.write(
    `error: ${missing} of the ${all} ${what} are in none of these folders. What they have is kept in ${out}; ` +
      `compute the rest there (deno task bench --out), or merge the missing shares into it\n`,
  );
  return EXIT.failed;
}

const PROGRAM = { set: "merge", script: "bench/commands/merge.ts" };

/** Runs the command again where this process may not use the folders, or the stores that the shares name. */
async function accessTo(folders: readonly string[], out: string, dataDir: string, args: readonly string[]) {
  const read = [...folders, out, dataDir, ...linkedRepository(PROJECT_ROOT)];
  const elsewhere = await withAccess(PROGRAM, args, { read, write: [out] });
  if (elsewhere !== undefined) return elsewhere;
  const runs = folders.filter((folder) => readOut(folder) !== undefined);
  const stores = runs.map((folder) => storeOf(folder, readRunFile(folder)));
  const own = runs.flatMap(ownPaths);
  return await withAccess(PROGRAM, args, { read: [...read, ...stores, ...own], write: [out] });
}

/** Runs the command line. @returns the exit status */
export async function main(args: readonly string[], output: Console = TERMINAL): Promise<number> {
  return await explainedRun(args, (line) => output.screen.write(`${line}\n`), async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out", "data-dir", "_"],
      boolean: ["help"],
      unknown: (arg: string) => {
        if (arg.startsWith("-")) throw new UsageError(`Unknown flag "${arg}", see deno task merge --help`);
      },
    });
    requireGivenOnce(argv, ["out", "data-dir"]);
    if (flags.help) {
      output.print(HELP);
      return EXIT.ok;
    }
    if (flags._.length === 0) throw new UsageError("Name the folders of the shares, see deno task merge --help");
    const folders = flags._.map((folder) => userRun("DIR", String(folder)));
    if (!flags.out) throw new UsageError("Say with --out which folder to merge them into");
    if (flags["data-dir"] === "") throw new UsageError("--data-dir needs a value");
    const out = userFolder("--out", flags.out);
    const dataDir = flags["data-dir"] === undefined ? ownDataDir() : dataFolder("--data-dir", flags["data-dir"]);
    const elsewhere = await accessTo(folders, out, dataDir, args);
    if (elsewhere !== undefined) return elsewhere;
    return await merge(folders, out, dataDir, output);
  });
}

if (import.meta.main) await runCommand(main);
