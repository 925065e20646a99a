/** Hands what is left of a run to a cluster, once. */
import { join } from "node:path";
import { hostName } from "../run/heartbeat_file.ts";
import { startArguments } from "../../common/permissions.ts";
import { DENO } from "../../common/subprocess.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { UsageError } from "../../common/errors.ts";
import { Estimator, formatDuration } from "../plan/estimate.ts";
import type { Flags } from "../flags/flags.ts";
import { linkedRepository } from "../run/git_state.ts";
import { ownPaths } from "../run/out_folder.ts";
import type { Prepared } from "../run/prepare.ts";
import { manifestOf } from "../run/run_file.ts";
import { claimFolders, forget } from "../run/run.ts";
import { Store } from "../store/store.ts";
import type { ClusterOptions } from "./options.ts";
import { isLive, type Scheduler, type TaskState } from "./scheduler.ts";
import { requireSeen } from "./require_seen.ts";
import { sliceUnits } from "./slices.ts";
import {
  claimSubmission,
  isBeingMade,
  isSubmitted,
  type Job,
  JOB_STAGES,
  type JobStage,
  keepJobs,
  logPattern,
  PATIENCE_MS,
  readSubmission,
  readSubmissions,
  stopSubmission,
  type Submission,
} from "./submissions.ts";
import {
  coverageOf,
  jobNames,
  liveJobs,
  planWork,
  type TaskPlace,
  taskPlaces,
  type UnitStage,
  type Work,
} from "./work.ts";
import { shellWord } from "../../common/shell.ts";

/** How often another process may come first. */
const ATTEMPTS = 10;

/** Entry of a task. */
const TASK = { set: "bench", script: "bench/commands/slurm_task.ts" };

/** What became of it. */
export type Submitted =
  /** Jobs were queued. */
  | { readonly kind: "submitted"; readonly submission: Submission; readonly longestS: number; readonly waiting: number }
  /** Everything that is missing is queued or running already. */
  | { readonly kind: "under way"; readonly units: number; readonly jobs: readonly string[] }
  /** The store has everything. */
  | { readonly kind: "complete"; readonly work: Work; readonly store: Store };

/**
 * Hands to the scheduler what is missing and what no job of an earlier submission is at.
 *
 * @throws UsageError when the scheduler refuses, or another process is at it
 */
export async function submit(
  prepared: Prepared,
  flags: Flags,
  options: ClusterOptions,
  scheduler: Scheduler,
): Promise<Submitted> {
  let store: Store | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const submissions = readSubmissions(prepared.out);
    const states = await scheduler.tasks(jobNames(submissions));
    await endAbandoned(submissions, states, scheduler);
    const places = taskPlaces(readSubmissions(prepared.out), states);
    store ??= claim(prepared, flags, places);
    const work = planWork(prepared, store);
    const coverage = coverageOf(places);
    const free = (stage: UnitStage) => work[stage].missing.filter((position) => !coverage[stage].get(position)?.live);
    const wanted = { tune: free("tune"), train: free("train") };
    const missing = work.tune.missing.length + work.train.missing.length;
    if (missing === 0) return { kind: "complete", work, store };
    const reports = liveJobs(places, ["report"]);
    if (wanted.tune.length + wanted.train.length === 0 && reports.length > 0) {
      return { kind: "under way", units: missing, jobs: liveJobs(places, JOB_STAGES) };
    }

    const workers = flags.workers;
    const estimator = new Estimator(prepared.catalog, store.trainingTimings());
    const slices = {
      tune: sliceUnits(work.tune.units, wanted.tune, estimator, workers, options),
      train: sliceUnits(work.train.units, wanted.train, estimator, workers, options),
    };
    const { dataDir, backend, digest: sweepDigest, code } = prepared;
    const made = claimSubmission(prepared.out, submissions.map(({ number }) => number), {
      ...{ store: prepared.store, dataDir, backend, workers, sweepDigest, code },
      flags: taskFlags(flags),
      data: manifestOf(prepared, flags).data,
      stages: [
        ...(["tune", "train"] as const).flatMap((stage) =>
          slices[stage].tasks.length === 0 ? [] : [{ stage, tasks: slices[stage].tasks }]
        ),
        { stage: "report" as const, tasks: [[]] },
      ],
    });
    // Another process was faster: what it has taken is looked at, like everything else.
    if (made === undefined) continue;
    for (const stage of ["tune", "train"] as const) {
      for (const position of wanted[stage]) forgetFailures(work, stage, position, store);
    }
    const submission = await queueJobs(prepared.out, made, places, options, scheduler);
    await scheduler.cancel(
      places.filter(({ stage, state }) => stage === "report" && state?.state === "PENDING")
        .flatMap(({ state }) => state === undefined ? [] : [state.job]),
    );
    return {
      kind: "submitted",
      submission,
      longestS: Math.max(slices.tune.longestS, slices.train.longestS),
      waiting: missing - wanted.tune.length - wanted.train.length,
    };
  }
  throw new UsageError(`Other processes keep submitting ${prepared.out}; let one of them finish`);
}

/** What the tasks are to do as the command would. */
function taskFlags({ workers, checkpointS, stallS, memoryMib, failFast }: Flags): string[] {
  const limit = (value: number) => `${Number.isFinite(value) ? value : 0}`;
  return [
    ...["--workers", `${workers}`, "--checkpoint-every", limit(checkpointS), "--stall-after", limit(stallS)],
    ...["--memory-limit", limit(memoryMib), ...failFast ? ["--fail-fast"] : []],
  ];
}

/** Jobs of a process that died while it submitted them do nothing, so that they can be asked for anew. */
async function endAbandoned(
  submissions: readonly Submission[],
  states: readonly TaskState[],
  scheduler: Scheduler,
): Promise<void> {
  for (const submission of submissions) {
    if (submission.stopped !== undefined || isSubmitted(submission)) continue;
    if (isBeingMade(submission)) {
      const { host, pid, at } = submission;
      throw new UsageError(
        `Process ${pid} on ${host} has been submitting this run since ${at}; look at it with deno task status, ` +
          `or try again in ${formatDuration(PATIENCE_MS / 1000)}, when it is taken for dead`,
      );
    }
    stopSubmission(submission, "abandoned");
    // A job that it had no time to write down is known by its name.
    const names = new Set(jobNames([submission]));
    const queued = [...submission.jobs, ...states.filter((state) => names.has(state.name) && isLive(state))];
    await scheduler.cancel([...new Set(queued.map(({ job }) => job))]);
  }
}

function claim(prepared: Prepared, flags: Flags, places: readonly TaskPlace[]): Store {
  if (flags.fresh) {
    const jobs = liveJobs(places, JOB_STAGES);
    if (jobs.length > 0) {
      throw new UsageError(
        `--fresh drops what jobs ${jobs.join(", ")} are computing; cancel them first: ` +
          `deno task status --out ${shellWord(prepared.out)} --cancel`,
      );
    }
    const store = Store.open(prepared.store);
    forget(planWork(prepared, store).tuned.plan.units, store);
  }
  return claimFolders(prepared, flags);
}

function forgetFailures(work: Work, stage: UnitStage, position: number, store: Store): void {
  const { id, evaluations } = work[stage].units[position];
  for (const address of [id, ...evaluations.map((job) => job.id)]) store.removeFailure(address);
}

/** Queues the jobs of a submission, each after those it needs. When one is refused, none stays. */
async function queueJobs(
  out: string,
  made: Submission,
  places: readonly TaskPlace[],
  { sbatch, setup, tasksAtOnce }: ClusterOptions,
  scheduler: Scheduler,
): Promise<Submission> {
  const jobs: Job[] = [];
  Deno.mkdirSync(join(made.folder, "logs"), { recursive: true });
  try {
    for (const { stage, name, tasks } of made.stages) {
      const { stopped, at } = readSubmission(out, made.number);
      if (stopped !== undefined) {
        throw new UsageError(`This submission was ${stopped} from elsewhere; nothing is queued`);
      }
      if (Date.now() - Date.parse(at) > PATIENCE_MS / 2) {
        throw new UsageError(
          `The scheduler took more than ${formatDuration(PATIENCE_MS / 2000)}; run this command again`,
        );
      }
      const before: readonly JobStage[] = stage === "tune"
        ? []
        : stage === "train"
        ? ["tune"]
        : ["tune", "train", "report"];
      const job = await scheduler.submit({
        name,
        script: scriptOf(out, made, stage, setup),
        tasks: stage === "report" ? undefined : tasks.length,
        atOnce: stage === "report" ? undefined : tasksAtOnce,
        after: [
          ...liveJobs(places, before.filter((known) => known !== "report")),
          ...jobs.filter((known) => before.includes(known.stage)).map((known) => known.job),
        ],
        log: logPattern(made, stage),
        workers: made.workers,
        options: sbatch,
      });
      jobs.push({ stage, job });
      keepJobs(made, jobs);
    }
    await requireSeen(made, jobs[jobs.length - 1].job, scheduler);
  } catch (error) {
    stopSubmission(made, "abandoned");
    // One that was queued although sbatch failed, after a time-out for example, is known by its name only.
    const named = await scheduler.tasks(jobNames([made])).catch(() => []);
    const queued = [...jobs, ...named.filter(isLive)].map(({ job }) => job);
    await scheduler.cancel([...new Set(queued)]).catch(() => {});
    throw error;
  }
  return { ...made, jobs };
}

/** The script of a job. Deno takes the shell's place, so that signals reach it. */
function scriptOf(
  out: string,
  { number, store, dataDir }: Submission,
  stage: JobStage,
  setup: readonly string[],
): string {
  const access = {
    read: [out, store, dataDir, ...ownPaths(out), ...linkedRepository(PROJECT_ROOT)],
    write: [out, store],
  };
  // A node may have another Deno than this machine, or the same one elsewhere.
  const deno = `deno=${quote(Deno.execPath())}; [ -x "$deno" ] || deno=deno`;
  const command = startArguments(TASK, { ...access, mayRun: [DENO] });
  const place = [out, `${number}`, stage];
  const task = '"${SLURM_ARRAY_TASK_ID:-0}"';
  const job = '"${SLURM_ARRAY_JOB_ID:-$SLURM_JOB_ID}_${SLURM_ARRAY_TASK_ID:-0}"';
  return ["#!/bin/sh", ...setup, deno, `exec "$deno" ${[...command, ...place].map(quote).join(" ")} ${task} ${job}`, ""]
    .join("\n");
}

/** A word of a shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Lines about what was submitted. */
export function describeSubmission(
  { submission, longestS, waiting }: Extract<Submitted, { kind: "submitted" }>,
  out: string,
): string[] {
  const { stages, jobs, workers } = submission;
  const lines = stages.map(({ stage, tasks }, index) => {
    const { job } = jobs[index];
    const units = tasks.reduce((sum, task) => sum + task.length, 0);
    const after = index === 0 ? "" : `, after ${jobs[index - 1].job}`;
    return stage === "report"
      ? `  ${stage.padEnd(6)} job ${job}${after}`
      : `  ${stage.padEnd(6)} job ${job}: ${units} units in ${tasks.length} tasks of ${workers} worker${
        workers === 1 ? "" : "s"
      }${after}`;
  });
  return [
    `Submitted from ${hostName()} for ${out}; the longest task is estimated at ${formatDuration(longestS)}:`,
    ...lines,
    ...waiting === 0 ? [] : [`  ${waiting} more units are queued or running from before`],
    ...howToGoOn(out),
  ];
}

/** What to type next. */
export function howToGoOn(out: string): string[] {
  return [
    `Watch:   deno task status --out ${shellWord(out)}`,
    `Cancel:  deno task status --out ${shellWord(out)} --cancel`,
    "Run the same command again to submit what failed or ran out of time",
  ];
}
