/** `deno task status`: the command line. */
import { runCommand, VERBOSE_HELP } from "../../common/command.ts";
import { explainedRun } from "../run/command.ts";
import { oneRun } from "../flags/run_and_out.ts";
import { userRun } from "../../common/user_paths.ts";
import { withAccess } from "../../common/permissions.ts";
import { cancelRun } from "../cluster/cancel.ts";
import type { Scheduler } from "../cluster/scheduler.ts";
import { slurm } from "../cluster/slurm.ts";
import { describeState } from "../status/describe_state.ts";
import { EXIT } from "../../common/errors.ts";
import { ownPaths, QUICK_RUN, readOut } from "../run/out_folder.ts";
import { type Console, STDERR } from "../run/progress.ts";
import { readRunFile, storeOf } from "../run/run_file.ts";
import { type RunState, stateOf } from "../status/run_state.ts";

const HELP = `Usage: deno task status [DIR] [--cancel] [--json]

Shows how far a run is: its units by stage, what runs where, what failed and why. Works while it runs, on this machine,
as a share, or on a cluster.

  DIR        folder of the run (default: reports/runs/quick); --out DIR is the same
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
    const { help, named, switches } = oneRun("status", argv, ["cancel", "json"]);
    if (help) {
      output.print(HELP);
      return EXIT.ok;
    }
    const out = named === undefined ? QUICK_RUN : userRun(named.what, named.text);
    const cancel = switches.has("cancel");
    const elsewhere = await accessTo(out, cancel, args);
    if (elsewhere !== undefined) return elsewhere;
    if (cancel) {
      const jobs = await cancelRun(out, scheduler);
      output.screen.write(
        jobs.length === 0
          ? "No job of this run is queued or running\n"
          : `Cancelled ${jobs.length === 1 ? "job" : "jobs"} ${jobs.join(", ")}\n`,
      );
    }
    const state = await stateOf(out, scheduler);
    if (switches.has("json")) output.print(JSON.stringify(state, undefined, 2));
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
