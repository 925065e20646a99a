/** `deno task status`: the command line. */
import { parseArgs } from "@std/cli/parse-args";
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { userRun } from "../../common/user_paths.ts";
import { withAccess } from "../../common/permissions.ts";
import { cancelRun } from "../cluster/cancel.ts";
import type { Scheduler } from "../cluster/scheduler.ts";
import { slurm } from "../cluster/slurm.ts";
import { describeState } from "../status/describe_state.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { requireGivenOnce } from "../../common/given_once.ts";
import { ownPaths, QUICK_RUN, readOut } from "../run/out_folder.ts";
import { type Console, STDERR } from "../run/progress.ts";
import { readRunFile, storeOf } from "../run/run_file.ts";
import { type RunState, stateOf } from "../status/run_state.ts";

const HELP = `Usage: deno task status [--out DIR] [--cancel] [--json]

Shows how far a run is: its units by stage, what runs where, what failed and why. Works while it runs, on this machine,
as a share, or on a cluster.

  --out DIR  folder of the run (default: reports/runs/quick)
  --cancel   end the run's jobs on the cluster first; what is finished is kept
  --json     the same for programs
  --verbose  ${VERBOSE_HELP}
  --help     this text

Exit status: 0 complete or in progress, 1 something failed or nothing is left running, 2 there is no such run, or the
cluster's queue does not answer.`;

const TERMINAL: Console = { print: (line) => console.log(line), screen: STDERR };

const PROGRAM = { set: "status", script: "bench/commands/status.ts" };

/** Gets access to a run's folder, and then to those that its files name. */
async function accessTo(out: string, cancel: boolean, args: readonly string[]): Promise<number | undefined> {
  const access = { read: [out], write: cancel ? [out] : [] };
  const elsewhere = await withAccess(PROGRAM, args, access);
  if (elsewhere !== undefined || readOut(out) === undefined) return elsewhere;
  const run = readRunFile(out);
  return await withAccess(PROGRAM, args, { ...access, read: [out, storeOf(out, run), run.dataDir, ...ownPaths(out)] });
}

/** Runs the command line. @returns the exit status */
export async function main(
  args: readonly string[],
  output: Console = TERMINAL,
  scheduler: Scheduler = slurm,
): Promise<number> {
  return await explainedRun(args, (line) => output.screen.write(`${line}\n`), async ({ argv }) => {
    const flags = parseArgs([...argv], {
      string: ["out"],
      boolean: ["cancel", "json", "help"],
      unknown: (arg: string) => {
        throw new UsageError(`Unknown argument "${arg}": deno task status takes --out DIR, --cancel and --json`);
      },
    });
    requireGivenOnce(argv, ["out"]);
    if (flags.help) {
      output.print(HELP);
      return EXIT.ok;
    }
    if (flags.out === "") throw new UsageError("--out needs a value");
    const out = flags.out === undefined ? QUICK_RUN : userRun("--out", flags.out);
    const elsewhere = await accessTo(out, flags.cancel, args);
    if (elsewhere !== undefined) return elsewhere;
    if (flags.cancel) {
      const jobs = await cancelRun(out, scheduler);
      output.screen.write(
        jobs.length === 0
          ? "No job of this run is queued or running\n"
          : `Cancelled ${jobs.length === 1 ? "job" : "jobs"} ${jobs.join(", ")}\n`,
      );
    }
    const state = await stateOf(out, scheduler);
    if (flags.json) output.print(JSON.stringify(state, undefined, 2));
    else for (const line of describeState(state)) output.print(line);
    return statusOf(state);
  });
}

function statusOf({ complete, stages, jobs, running, queueKnown }: RunState): number {
  const failed = stages.some((counts) => counts.failed > 0);
  if (!complete && !queueKnown) return EXIT.usage;
  return complete || (!failed && jobs.length + running.length > 0) ? EXIT.ok : EXIT.failed;
}

if (import.meta.main) await runCommand(main);
