/** How far a run is, seen from outside: from the store, what its processes say, and a cluster's queue. */
import { join } from "node:path";
import { type HeartbeatRecord, readHeartbeats, SILENT_MS } from "../run/heartbeat_file.ts";
import { differenceOf } from "../run/difference.ts";
import { UsageError } from "../../common/errors.ts";
import { readStatus, type StatusFile } from "../run/live_status.ts";
import { incompleteness, lacksOf } from "../run/completeness.ts";
import { OUT_FILES, readOut, requireFormat } from "../run/out_folder.ts";
import { CATALOG } from "../run/catalog.ts";
import { prepare } from "../run/prepare.ts";
import { knownSweep } from "../run/request.ts";
import { readRunFile, storeOf } from "../run/run_file.ts";
import { describeHeld, describeJobs } from "./describe_jobs.ts";
import { describeEnding, isRunning, type Scheduler, type TaskState } from "../cluster/scheduler.ts";
import { logPath, readSubmissions, readTask } from "../cluster/submissions.ts";
import {
  type Coverage,
  coverageOf,
  jobNames,
  planWork,
  type TaskPlace,
  taskPlaces,
  type UnitStage,
  type Work,
} from "../cluster/work.ts";
import type { Catalog } from "../plan/catalog.ts";
import { parseShard, shareOf } from "../plan/shard.ts";
import { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Every state of a unit, in the order in which it is shown; "unknown" is one whose task may wait or run in a queue that does not answer. */
export const UNIT_STATES = ["done", "running", "queued", "failed", "pending", "unknown"] as const;

/** What can be said of a unit. */
export type UnitState = typeof UNIT_STATES[number];

/** Units of a stage by state. */
export type StageCounts = Readonly<Record<UnitState, number>> & { readonly stage: UnitStage; readonly units: number };

/** Units that failed for the same reason. */
export interface Failure {
  readonly reason: string;
  readonly units: number;
  /** One of them, in words. */
  readonly example: string;
  /** Where to read more; "" where there is nothing. */
  readonly log: string;
}

/** How far a run is. */
export interface RunState {
  readonly out: string;
  readonly sweep: string;
  readonly backend: string;
  readonly executor: string;
  readonly shard: string | null;
  readonly stages: readonly StageCounts[];
  /** Whether rows and report are of the latest results. */
  readonly report: "written" | "running" | "queued" | "missing" | "unknown";
  readonly failures: readonly Failure[];
  /** Processes that compute. */
  readonly running: readonly HeartbeatRecord[];
  /** What a run on this machine says of itself while it computes; null where none does. */
  readonly live: StatusFile | null;
  /** Tasks of a cluster that wait or run, by job: "12 train: 3 RUNNING, 5 PENDING (Resources)". */
  readonly jobs: readonly string[];
  /** Whether the cluster's queue has answered; true where the run has no jobs. Without an answer `jobs` says nothing. */
  readonly queueKnown: boolean;
  /** What could not be found out, or is odd. */
  readonly remarks: readonly string[];
  /** Whether everything is computed and written. */
  readonly complete: boolean;
}

/**
 * Looks at the run in a folder; changes nothing.
 *
 * @throws UsageError when the folder holds no run
 */
export async function stateOf(out: string, scheduler: Scheduler, now: number = Date.now()): Promise<RunState> {
  const held = readOut(out);
  const run = readRunFile(out);
  if (held === undefined) throw new UsageError(`${out} holds no run; deno task bench makes one`);
  requireFormat(out, held.format);
  const { digest } = held;
  const sweep = knownSweep(held.sweep, join(out, OUT_FILES.sweep), CATALOG);
  const store = Store.open(storeOf(out, run));
  const request = { sweep, digest, out, store: store.folder, dataDir: run.dataDir };
  const prepared = await prepare(request, run.backend, true);
  const remarks: string[] = [];
  const changed = differenceOf(run.code, prepared.code);
  if (changed !== undefined) {
    remarks.push(`The code has changed since this run began (${changed}): what depends on it is to be computed again`);
  }
  const work = planWork(prepared, store);
  const submissions = readSubmissions(out);
  const states = await statesOf(jobNames(submissions), scheduler, remarks);
  const queueKnown = states !== undefined;
  const places = taskPlaces(submissions, states ?? []);
  const coverage = coverageOf(places);
  const live = places.filter((place) => place.live);
  const runningTasks = new Set(live.filter(({ state }) => state !== undefined && isRunning(state)).map(taskName));
  const running = newestPerJob(readHeartbeats(out))
    .filter(({ at, job }) => job === "" || !queueKnown ? now - Date.parse(at) < SILENT_MS : runningTasks.has(job));
  const computing = new Set(running.flatMap(({ units }) => units.map(({ id }) => id)));
  const history = queueKnown ? await historyOf(work, coverage, scheduler) : new Map<string, TaskState>();
  const failures = new Map<string, Failure>();
  const own = shardFilter(work, run.shard, prepared.catalog);
  const stages = (["tune", "train"] as const).map((stage) =>
    countStage(stage, work, own, (unit, position) => {
      if (computing.has(unit.id)) return { state: "running" };
      const place = coverage[stage].get(position);
      if (place?.live === true) return { state: "queued" };
      const note = noteOf(unit, store);
      if (note !== undefined) return { state: "failed", reason: note, place };
      if (place === undefined || place.submission.stopped !== undefined) return { state: "pending" };
      if (!queueKnown) return { state: "unknown" };
      return { state: "failed", reason: endingOf(place, history), place };
    }, failures)
  ).filter(({ units }) => units > 0);
  const mayReport = !queueKnown &&
    places.some(({ stage, submission: { stopped } }) => stage === "report" && stopped === undefined);
  const damage = damageOfFiles(out);
  const report = reportState(live, damage === undefined, mayReport);
  const computed = stages.every(({ units, done }) => done === units);
  if (report === "missing" && computed && run.shard === null && damage !== undefined) remarks.push(damage);
  const lacks = report === "written" ? lacksOf(out) : undefined;
  if (lacks !== undefined) remarks.push(`The report lacks ${lacks}`);
  remarks.push(...describeHeld(live));
  const said = readStatus(out);
  const current = said?.state === "running" && now - Date.parse(said.updated) < SILENT_MS;
  return {
    ...{ out, sweep: sweep.name, backend: run.backend.name, executor: run.executor, shard: run.shard },
    ...{ stages, report, running, remarks, queueKnown },
    live: current ? said : null,
    failures: [...failures.values()].sort((a, b) => b.units - a.units),
    jobs: describeJobs(live),
    complete: computed && (report === "written" || run.shard !== null),
  };
}

/** @returns undefined, with a remark, when the queue does not answer */
async function statesOf(
  names: readonly string[],
  scheduler: Scheduler,
  remarks: string[],
): Promise<TaskState[] | undefined> {
  try {
    return await scheduler.tasks(names);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    remarks.push(`What is queued or running on the cluster is not known: ${error.message}`);
    return undefined;
  }
}

/** A task that was queued again has left what its first process said beside what its present one says. */
function newestPerJob(heartbeats: readonly HeartbeatRecord[]): HeartbeatRecord[] {
  const newest = new Map<string, HeartbeatRecord>();
  for (const record of heartbeats) {
    const known = newest.get(record.job);
    if (known === undefined || known.at < record.at) newest.set(record.job, record);
  }
  return heartbeats.filter((record) => record.job === "" || newest.get(record.job) === record);
}

/** "12_3": what a task calls itself. */
function taskName({ state, task }: TaskPlace): string {
  return `${state?.job ?? ""}_${task}`;
}

/** The units that a share has to do with. */
function shardFilter(work: Work, shard: string | null, catalog: Catalog): (unit: TrainingUnit) => boolean {
  if (shard === null) return () => true;
  const share = parseShard("shard", shard);
  const own = new Set([work.tune.units, work.train.units].flatMap((units) => shareOf(units, share, catalog)));
  return (unit) => own.has(unit);
}

interface Found {
  readonly state: UnitState;
  readonly reason?: string;
  readonly place?: TaskPlace;
}

function countStage(
  stage: UnitStage,
  work: Work,
  own: (unit: TrainingUnit) => boolean,
  look: (unit: TrainingUnit, position: number) => Found,
  failures: Map<string, Failure>,
): StageCounts {
  const counts = { done: 0, running: 0, queued: 0, failed: 0, pending: 0, unknown: 0 };
  const missing = new Set(work[stage].missing);
  let units = 0;
  for (const [position, unit] of work[stage].units.entries()) {
    if (!own(unit)) continue;
    units++;
    const { state, reason, place }: Found = missing.has(position) ? look(unit, position) : { state: "done" };
    counts[state]++;
    if (reason === undefined) continue;
    const known = failures.get(reason);
    const { spec: { dataset, algorithm, sharingDepth, seed } } = unit;
    const depth = sharingDepth === null ? "" : `, d = ${sharingDepth}`;
    failures.set(reason, {
      reason,
      units: (known?.units ?? 0) + 1,
      example: known?.example ?? `${dataset}, ${algorithm}${depth}, seed ${seed}`,
      log: known?.log ?? (place === undefined ? "" : logPath(place.submission, place.stage, place.task)),
    });
  }
  return { stage, units, ...counts };
}

function noteOf({ id, evaluations }: TrainingUnit, store: Store): string | undefined {
  for (const address of [id, ...evaluations.map((job) => job.id)]) {
    const reason = store.failure(address);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

/** From the scheduler's accounts, tasks that it no longer shows and that left units missing; by job and task. */
async function historyOf(
  work: Work,
  coverage: Coverage,
  scheduler: Scheduler,
): Promise<ReadonlyMap<string, TaskState>> {
  const jobs = new Set<string>();
  for (const stage of ["tune", "train"] as const) {
    for (const position of work[stage].missing) {
      const place = coverage[stage].get(position);
      if (place === undefined || place.live || place.state !== undefined) continue;
      const job = place.submission.jobs.find((known) => known.stage === stage)?.job;
      if (job !== undefined) jobs.add(job);
    }
  }
  const states = await scheduler.history([...jobs]) ?? [];
  return new Map(states.map((state) => [`${state.name} ${state.task ?? 0}`, state]));
}

/** Why a task that has ended left a unit uncomputed. */
function endingOf({ submission, stage, task, state }: TaskPlace, history: ReadonlyMap<string, TaskState>): string {
  const name = submission.stages.find((known) => known.stage === stage)?.name;
  const last = state ?? history.get(`${name} ${task}`);
  const own = readTask(submission, stage, task);
  if (last !== undefined && !["COMPLETED", "FAILED"].includes(last.state)) return `its task: ${describeEnding(last)}`;
  if (own === undefined) return last === undefined ? "its task never began" : `its task: ${describeEnding(last)}`;
  if (own.problem !== "") return own.problem;
  if (own.signal !== "") return `its task was ended by ${own.signal}: over its time limit, or cancelled`;
  if (own.ended === null) {
    return "its task ended without a word: killed, over its limit of memory or time, or its node failed";
  }
  return `its task ended with status ${own.status} before the unit was computed`;
}

function reportState(live: readonly TaskPlace[], whole: boolean, mayRun: boolean): RunState["report"] {
  const [job] = live.filter(({ stage }) => stage === "report");
  if (job !== undefined) return job.state !== undefined && isRunning(job.state) ? "running" : "queued";
  if (whole) return "written";
  return mayRun ? "unknown" : "missing";
}

/** What is wrong with the files of a run that has ended; undefined when nothing is, or it has written none yet. */
function damageOfFiles(out: string): string | undefined {
  const [manifest, run] = [OUT_FILES.manifest, OUT_FILES.run].map((name) => modified(join(out, name)));
  // A run begins with run.json and ends with manifest and report.
  if (manifest === undefined || manifest < (run ?? 0)) return "rows and report are not written yet";
  return incompleteness(out);
}

function modified(path: string): number | undefined {
  try {
    return Deno.statSync(path).mtime?.getTime();
  } catch {
    return undefined;
  }
}
