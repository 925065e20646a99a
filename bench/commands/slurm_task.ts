/** Entry of an array task of a cluster: computes its slice of a stage, or writes rows and report. */
import { join } from "node:path";
import { explanationOfRun, runRunCommand } from "../run/command.ts";
import { hostName } from "../run/heartbeat_file.ts";
import { CHOICES } from "../executors/choices.ts";
import { differenceOf } from "../run/difference.ts";
import { EXIT, UsageError } from "../../common/errors.ts";
import { type Flags, parseFlags } from "../flags/flags.ts";
import { OUT_FILES, OutLock, readOut } from "../run/out_folder.ts";
import { CATALOG } from "../run/catalog.ts";
import { missingUnits, prepare, type Prepared } from "../run/prepare.ts";
import { knownSweep, type Request } from "../run/request.ts";
import { type Console, STDERR } from "../run/progress.ts";
import { manifestOf } from "../run/run_file.ts";
import { computeStage } from "../run/compute.ts";
import { reportStage } from "../run/report_stage.ts";
import { type Run, startRun } from "../run/run.ts";
import { planTuned, recallFailures, unmadeTrials } from "../run/stages.ts";
import { Store } from "../store/store.ts";
import { trialUnits } from "../plan/tuning.ts";
import type { TrainingUnit } from "../store/types.ts";
import { JOB_STAGES, type JobStage, readSubmission, type Submission, writeTask } from "../cluster/submissions.ts";

/** Who holds a folder while rows are written has this long to finish. */
const LOCK_WAIT_MS = 120_000;
const LOCK_POLL_MS = 1_000;

/** Which task this is. */
export interface TaskId {
  readonly out: string;
  readonly submission: number;
  readonly stage: JobStage;
  readonly task: number;
  /** The scheduler's name of it. */
  readonly job: string;
}

/** Does the work of a task. @returns the exit status @throws UsageError when that cannot be done */
export async function runTask(id: TaskId, output: Console, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  const submission = readSubmission(id.out, id.submission);
  if (submission.stopped !== undefined) {
    throw new UsageError(`This submission was ${submission.stopped}; nothing is done`);
  }
  const { request, flags } = requestOf(id, submission);
  const prepared = await prepare(request, submission.backend, true);
  requireSame(submission, prepared, flags);
  const store = Store.open(submission.store);
  const run = startRun(prepared, store, flags, output, signal, { job: id.job });
  const tried = trialUnits(prepared.trials);
  const own = (units: readonly TrainingUnit[]) => ownUnits(units, submission, id);
  if (id.stage === "tune") return await computeOwn(run, id.stage, own(tried));
  const unmade = unmadeTrials(run, store).length;
  if (unmade > 0) {
    throw new UsageError(
      `Cannot plan the trainings: ${unmade} of the ${tried.length} trials of the tuning came to nothing; ` +
        "run the command that submitted this again",
    );
  }
  recallFailures(run, tried);
  const tuned = planTuned(run);
  if (id.stage === "train") return await computeOwn(run, id.stage, own(tuned.plan.units));
  recallFailures(run, tuned.plan.units);
  const lock = await lockFolder(id.out);
  try {
    return await reportStage(run, tuned, (performance.now() - start) / 1000);
  } finally {
    lock.release();
  }
}

function requestOf({ out }: TaskId, submission: Submission): { request: Request; flags: Flags } {
  const held = readOut(out);
  if (held === undefined) throw new UsageError(`${out} holds no run any more`);
  if (held.digest !== submission.sweepDigest) {
    throw new UsageError(`${out} holds another sweep than when this was submitted; submit again`);
  }
  const { store, dataDir } = submission;
  return {
    request: {
      sweep: knownSweep(held.sweep, join(out, OUT_FILES.sweep), CATALOG),
      digest: held.digest,
      out,
      store,
      dataDir,
    },
    flags: parseFlags(submission.flags, CHOICES),
  };
}

/** Results would be kept under addresses that nobody looks for. @throws UsageError when code or data have changed since */
function requireSame(submission: Submission, prepared: Prepared, flags: Flags): void {
  for (
    const [what, then, now] of [
      ["code", submission.code, prepared.code],
      ["data", submission.data, manifestOf(prepared, flags).data],
    ] as const
  ) {
    const difference = differenceOf(then, now);
    if (difference === undefined) continue;
    throw new UsageError(
      `The ${what} is not what it was when this was submitted (${difference}); run the command that submitted this again`,
    );
  }
}

function ownUnits(units: readonly TrainingUnit[], { stages }: Submission, { stage, task }: TaskId): TrainingUnit[] {
  const positions = stages.find((known) => known.stage === stage)?.tasks[task];
  const wrong = positions?.find((position) => units[position] === undefined);
  if (positions === undefined || wrong !== undefined) {
    throw new Error(`internal: ${stage} task ${task} asks for unit ${wrong} of ${units.length}`);
  }
  return positions.map((position) => units[position]);
}

async function computeOwn(run: Run, stage: "tune" | "train", units: readonly TrainingUnit[]): Promise<number> {
  const ended = await computeStage(run, stage, units);
  if (ended !== undefined) return ended;
  const missing = missingUnits(units, run.store);
  run.output.print(`${units.length - missing.length} of ${units.length} units are in ${run.store.folder}`);
  for (const { id, spec: { dataset, algorithm } } of missing) {
    run.output.print(
      `failed ${dataset} ${algorithm} ${id.slice(0, 12)}: ${run.failures.get(id) ?? "an evaluation failed"}`,
    );
  }
  return missing.length === 0 ? EXIT.ok : EXIT.failed;
}

async function lockFolder(out: string): Promise<OutLock> {
  for (let waited = 0;; waited += LOCK_POLL_MS) {
    try {
      return OutLock.take(out);
    } catch (error) {
      if (waited >= LOCK_WAIT_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOCK_POLL_MS));
    }
  }
}

/** Runs a task and says, in a file beside it, how that ended. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const [out, submission, stage, task, job] = args;
  const id: TaskId = {
    out: `${out}`,
    submission: Number(submission),
    stage: JOB_STAGES.find((known) => known === stage) ?? "report",
    task: Number(task),
    job: `${job}`,
  };
  const place = readSubmission(id.out, id.submission);
  const started = new Date().toISOString();
  const say = (change: { ended?: string; status?: number; signal?: string; problem?: string }) =>
    writeTask(place, id.stage, id.task, {
      ...{ job: id.job, host: hostName(), started, ended: null, status: null, signal: "", problem: "" },
      ...change,
    });
  const ended = () => new Date().toISOString();
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      if (controller.signal.aborted) return;
      controller.abort();
      say({ ended: ended(), status: EXIT.interrupted, signal });
      console.error(
        `${signal}: over the time limit, or cancelled. What is finished, and how far trainings are, is kept in ${place.store}`,
      );
      // Workers have a second to save where they are; nothing else is worth waiting for.
      setTimeout(() => Deno.exit(EXIT.interrupted), 1500);
    });
  }
  say({});
  console.error(`${started} ${hostName()}: ${id.stage} task ${id.task} of submission ${id.submission}, job ${id.job}`);
  const output: Console = { print: (line) => console.log(line), screen: STDERR };
  let status: number;
  let problem = "";
  try {
    status = await runTask(id, output, controller.signal);
  } catch (error) {
    ({ line: problem, status } = explanationOfRun(error));
    console.error(`error: ${problem}`);
  }
  if (!controller.signal.aborted) say({ ended: ended(), status, problem });
  return status;
}

if (import.meta.main) await runRunCommand(main);
