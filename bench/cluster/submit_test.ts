import { deepStrictEqual as equal, ok, rejects } from "node:assert";
import { join } from "node:path";
import { CHOICES } from "../executors/choices.ts";
import { UsageError } from "../../common/errors.ts";
import { runOn } from "../executors/slurm.ts";
import { parseFlags } from "../flags/flags.ts";
import { stateOf } from "../status/run_state.ts";
import { withFolder, writeSweep } from "../testing/cli.ts";
import { cancelRun } from "./cancel.ts";
import type { JobRequest, Scheduler, TaskState } from "./scheduler.ts";
import { PATIENCE_MS, readSubmissions } from "./submissions.ts";
import { planWork } from "./work.ts";
import { CATALOG } from "../run/catalog.ts";
import { HeartbeatFile } from "../run/heartbeat_file.ts";
import { readOut } from "../run/out_folder.ts";
import { prepare } from "../run/prepare.ts";
import { knownSweep, requestOf } from "../run/request.ts";
import { readRunFile, storeOf } from "../run/run_file.ts";
import { Store } from "../store/store.ts";
import { runTask } from "../commands/slurm_task.ts";

/** A queue in memory in which nothing runs by itself. */
class FakeScheduler implements Scheduler {
  readonly jobs = new Map<string, JobRequest>();
  readonly states: TaskState[] = [];
  /** Jobs from this one on are refused. */
  refusedFrom = Infinity;

  submit(request: JobRequest): Promise<string> {
    const job = `${this.jobs.size + 1}`;
    if (this.jobs.size + 1 >= this.refusedFrom) return Promise.reject(new UsageError("sbatch refused the job: no"));
    this.jobs.set(job, request);
    for (let task = 0; task < (request.tasks ?? 1); task++) {
      const place = request.tasks === undefined ? null : task;
      this.states.push({ job, task: place, name: request.name, state: "PENDING", reason: "Priority" });
    }
    return Promise.resolve(job);
  }

  tasks(names: readonly string[]): Promise<TaskState[]> {
    return Promise.resolve(this.states.filter(({ name }) => names.includes(name)));
  }

  history(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  cancel(jobs: readonly string[]): Promise<void> {
    this.end(({ job }) => jobs.includes(job), "CANCELLED");
    return Promise.resolve();
  }

  end(which: (state: TaskState) => boolean, state: string, reason = "None"): void {
    for (const [index, known] of this.states.entries()) {
      if (which(known)) this.states[index] = { ...known, state, reason };
    }
  }
}

const SILENT = { print: () => {}, screen: { terminal: false, columns: () => 80, write: () => {} } };

/** Gives a run of nine units, each a task of its own, and what submits it. */
function withRun(
  use: (out: string, scheduler: FakeScheduler, submit: (...more: string[]) => Promise<number>) => Promise<void>,
): Promise<void> {
  return withFolder((folder) => {
    const sweep = writeSweep(folder, (sweep) => {
      (sweep.datasets as Record<string, unknown>[])[0].tuning = null;
      sweep.seeds = [0, 1, 2];
    });
    const out = join(folder, "out");
    const options = join(folder, "options.json");
    Deno.writeTextFileSync(options, '{"taskMinutes":1e-7}');
    const scheduler = new FakeScheduler();
    const argv = ["--sweep", sweep, "--out", out, "--backend", "wasm", "--executor", "slurm", "--slurm", options];
    return use(out, scheduler, (...more) => {
      const flags = parseFlags([...argv, ...more], CHOICES);
      return runOn(scheduler, requestOf(flags), flags, SILENT, new AbortController().signal);
    });
  });
}

const compute = (out: string, submission: number, stage: "train" | "report", task: number) =>
  runTask({ out, submission, stage, task, job: "" }, SILENT, new AbortController().signal);

Deno.test("what waits or runs is not submitted again; what has ended without a result is", () =>
  withRun(async (out, scheduler, submit) => {
    equal(await submit(), 0);
    const [first] = readSubmissions(out);
    equal(first.stages.map(({ stage, tasks }) => [stage, tasks.length]), [["train", 9], ["report", 1]]);
    equal(scheduler.jobs.get("2")?.after, ["1"]);
    equal(await submit(), 0);
    equal(readSubmissions(out).length, 1);

    equal(await compute(out, 1, "train", 0), 0);
    scheduler.end(({ job, task }) => job === "1" && task === 0, "COMPLETED");
    scheduler.end(({ job, task }) => job === "1" && task === 3, "TIMEOUT", "TimeLimit");
    scheduler.end(({ job, task }) => job === "1" && task === 4, "RUNNING");
    const state = await stateOf(out, scheduler);
    const { done, queued, failed } = state.stages[0];
    equal([done, queued, failed, state.report], [1, 7, 1, "queued"]);
    equal(state.failures.map(({ reason }) => reason), ["its task: it reached its time limit (TIMEOUT)"]);
    ok(state.failures[0].log.endsWith("train-3.log"));

    equal(await submit(), 0);
    const [, second] = readSubmissions(out);
    equal(second.stages.map(({ tasks }) => tasks), [[first.stages[0].tasks[3]], [[]]]);
    // The report waits for both; the one that waited for the first alone is not needed.
    equal(scheduler.jobs.get("4")?.after, ["1", "3"]);
    equal(scheduler.states.find(({ job }) => job === "2")?.state, "CANCELLED");
  }));

Deno.test("when a job is refused none of its submission stays, and the next one is whole", () =>
  withRun(async (out, scheduler, submit) => {
    scheduler.refusedFrom = 2;
    await rejects(submit, /sbatch refused the job: no/);
    equal(scheduler.states.every(({ state }) => state === "CANCELLED"), true);
    equal(readSubmissions(out)[0].stopped, "abandoned");
    await rejects(() => compute(out, 1, "train", 0), /This submission was abandoned; nothing is done/);
    scheduler.refusedFrom = Infinity;
    equal(await submit(), 0);
    equal(readSubmissions(out)[1].stages[0].tasks.length, 9);
  }));

Deno.test("a submission that a killed process left half made is waited for, then cancelled and made anew", () =>
  withRun(async (out, scheduler, submit) => {
    equal(await submit(), 0);
    const folder = readSubmissions(out)[0].folder;
    // Killed between the two jobs.
    Deno.writeTextFileSync(join(folder, "jobs.json"), '[{"stage":"train","job":"1"}]');
    scheduler.states.splice(9);
    await rejects(submit, /Process \d+ on .* has been submitting this run since/);
    const path = join(folder, "submission.json");
    const file = JSON.parse(Deno.readTextFileSync(path));
    Deno.writeTextFileSync(
      path,
      JSON.stringify({ ...file, at: new Date(Date.now() - PATIENCE_MS - 1000).toISOString() }),
    );
    equal(await submit(), 0);
    const [old, made] = readSubmissions(out);
    equal([old.stopped, made.stages[0].tasks.length], ["abandoned", 9]);
    ok(scheduler.states.slice(0, 9).every(({ state }) => state === "CANCELLED"));
  }));

Deno.test("tasks refuse to compute when the code is not what it was at submission", () =>
  withRun(async (out, _, submit) => {
    await submit();
    const path = join(readSubmissions(out)[0].folder, "submission.json");
    const file = JSON.parse(Deno.readTextFileSync(path));
    file.code["sinusoid/maml"].train = "0".repeat(64);
    Deno.writeTextFileSync(path, JSON.stringify(file));
    await rejects(
      () => compute(out, 1, "train", 0),
      /The code is not what it was when this was submitted \(sinusoid\/maml, train/,
    );
  }));

Deno.test("a cancelled run is pending, not failed, and --fresh is refused while jobs are live", () =>
  withRun(async (out, scheduler, submit) => {
    await submit();
    await rejects(() => submit("--fresh"), /--fresh drops what jobs 1, 2 are computing; cancel them first/);
    equal(await cancelRun(out, scheduler), ["1", "2"]);
    const { stages: [{ pending, failed }], jobs, complete } = await stateOf(out, scheduler);
    equal([pending, failed, jobs, complete], [9, 0, [], false]);
    await rejects(() => compute(out, 1, "train", 0), /This submission was cancelled/);
    equal(await submit("--fresh"), 0);
    equal(readSubmissions(out)[1].stages[0].tasks.length, 9);
  }));

Deno.test("jobs that scancel does not end are named, and not called cancelled", () =>
  withRun(async (out, scheduler, submit) => {
    await submit();
    scheduler.cancel = () => Promise.resolve();
    await rejects(
      () => cancelRun(out, scheduler, { waitMs: 20, pollMs: 10 }),
      (error) =>
        error instanceof UsageError &&
        /Jobs 1, 2 are still queued or running after .*: try scancel 1 2/.test(error.message),
    );
  }));

Deno.test("a task that was preempted and queued again is queued, and computes what it had not finished", () =>
  withRun(async (out, scheduler, submit) => {
    await submit();
    scheduler.end(({ job, task }) => job === "1" && task === 0, "RUNNING");
    const unit = await unitOf(out, 0);
    const before = new HeartbeatFile(out, "1_0");
    before.progress({ type: "progress", unit, phase: "train", iteration: 1, iterations: 4, loss: null });
    try {
      equal((await stateOf(out, scheduler)).stages[0].running, 1);
      scheduler.end(({ job, task }) => job === "1" && task === 0, "PENDING", "BeginTime");
      const { stages: [{ running, queued, failed }], jobs } = await stateOf(out, scheduler);
      equal([running, queued, failed], [0, 9, 0]);
      ok(jobs[0].includes("1 PENDING (BeginTime)"), jobs[0]);
      await submit();
      equal(readSubmissions(out).length, 1);
      equal(await compute(out, 1, "train", 0), 0);
      equal((await stateOf(out, scheduler)).stages[0].done, 1);
    } finally {
      before.end();
    }
    // Where Slurm ends what it preempts, the same command submits it anew.
    scheduler.end(({ job, task }) => job === "1" && task === 1, "PREEMPTED");
    const { failures } = await stateOf(out, scheduler);
    equal(failures.map(({ reason }) => reason), ["its task: another job took its place (PREEMPTED)"]);
    await submit();
    equal(readSubmissions(out)[1].stages[0].tasks, [readSubmissions(out)[0].stages[0].tasks[1]]);
  }));

/** Address of the unit that a task of the first submission has. */
async function unitOf(out: string, task: number): Promise<string> {
  const [{ stages: [{ tasks: [...tasks] }] }] = readSubmissions(out);
  const run = readRunFile(out);
  const held = readOut(out);
  if (held === undefined) throw new Error(`${out} holds no run`);
  const sweep = knownSweep(held.sweep, out, CATALOG);
  const store = storeOf(out, run);
  const prepared = await prepare({ sweep, digest: held.digest, out, store, dataDir: run.dataDir }, run.backend, true);
  return planWork(prepared, Store.open(store)).train.units[tasks[task][0]].id;
}
