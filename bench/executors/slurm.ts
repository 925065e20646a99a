/** Hands a sweep to a Slurm cluster: its units become job arrays, and its stages wait for each other. */
import { clusterOptions } from "../cluster/options.ts";
import { isLive, type Scheduler } from "../cluster/scheduler.ts";
import { slurm as cluster, SLURM_ACCOUNTS, SLURM_PROGRAMS } from "../cluster/slurm.ts";
import { readSubmissions } from "../cluster/submissions.ts";
import { describeSubmission, howToGoOn, submit } from "../cluster/submit.ts";
import { jobNames } from "../cluster/work.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { describeState } from "../status/describe_state.ts";
import type { Flags } from "../flags/flags.ts";
import { checkOut, OutLock } from "../run/out_folder.ts";
import { prepare } from "../run/prepare.ts";
import type { Request } from "../run/request.ts";
import type { Console } from "../run/progress.ts";
import { stateOf } from "../status/run_state.ts";
import { reportStage } from "../run/report_stage.ts";
import { startRun } from "../run/run.ts";
import { recallFailures } from "../run/stages.ts";
import { Store } from "../store/store.ts";
import type { Executor } from "./executor.ts";

/** Time between two looks at the queue. */
const POLL_MS = 5_000;

/** `--executor slurm` */
export const slurm: Executor = {
  name: "slurm",
  summary: "job arrays of a Slurm cluster with a shared file system",
  programs: SLURM_PROGRAMS,
  optionalPrograms: SLURM_ACCOUNTS,
  run: (request, flags, output, signal) => runOn(cluster, request, flags, output, signal),
};

/** Submits a sweep to a scheduler. @returns the exit status */
export async function runOn(
  scheduler: Scheduler,
  request: Request,
  flags: Flags,
  output: Console,
  signal: AbortSignal,
): Promise<number> {
  const start = performance.now();
  const { file, sbatch, taskMinutes } = flags.cluster;
  const options = clusterOptions(file === undefined ? undefined : readText(file), file ?? "", sbatch, taskMinutes);
  if (request.out.includes("\\")) {
    throw new UsageError(
      `--out ${request.out}: Slurm cannot write logs to a folder with a backslash in its name; choose another`,
    );
  }
  checkOut(request.out, request.digest, flags.fresh);
  Store.open(request.store);
  const prepared = await prepare(request, flags.backend, true);
  const lock = OutLock.take(request.out);
  try {
    const submitted = await submit(prepared, flags, options, scheduler);
    if (submitted.kind === "complete") {
      const { work: { tuned }, store } = submitted;
      const run = startRun(prepared, store, flags, output, signal);
      recallFailures(run, tuned.plan.units);
      return await reportStage(run, tuned, (performance.now() - start) / 1000);
    }
    const lines = submitted.kind === "submitted" ? describeSubmission(submitted, request.out) : [
      `Nothing to submit: the ${submitted.units} units that are missing are queued or running (jobs ${
        submitted.jobs.join(", ")
      })`,
      ...howToGoOn(request.out),
    ];
    for (const line of lines) output.print(line);
  } finally {
    lock.release();
  }
  return flags.cluster.wait ? await waitFor(scheduler, request.out, output, signal) : EXIT.ok;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch (error) {
    throw new UsageError(`Cannot read --slurm ${path}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Waits until no job of the run is left. @returns the exit status */
async function waitFor(scheduler: Scheduler, out: string, output: Console, signal: AbortSignal): Promise<number> {
  for (let shown = ""; !signal.aborted;) {
    let states;
    try {
      states = await scheduler.tasks(jobNames(readSubmissions(out)));
    } catch (error) {
      // A controller that restarts is no reason to give up.
      if (!(error instanceof UsageError)) throw error;
    }
    const live = states?.filter(isLive) ?? [];
    if (states !== undefined && live.length === 0) break;
    const counts = new Map<string, number>();
    for (const { state } of live) counts.set(state, (counts.get(state) ?? 0) + 1);
    const line = [...counts].map(([state, count]) => `${count} ${state.toLowerCase()}`).join(", ");
    if (line !== shown && line !== "") output.screen.write(`Tasks: ${line}\n`);
    shown = line;
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve(undefined);
      }, { once: true });
    });
  }
  if (signal.aborted) {
    output.screen.write("The jobs go on without this command\n");
    return EXIT.interrupted;
  }
  const state = await stateOf(out, scheduler);
  for (const line of describeState(state)) output.print(line);
  return state.complete ? EXIT.ok : EXIT.failed;
}
