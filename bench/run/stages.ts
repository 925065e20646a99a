/** The stages of a run, which executors put together: settings are tried, the units planned with the best are computed, results are written. */
import { join } from "node:path";
import { HeartbeatFile } from "./heartbeat_file.ts";
import { collect } from "./collect.ts";
import {
  describeCounts,
  describeFailedTrials,
  describePairings,
  describePredictions,
  describeReasons,
  describeSaving,
  describeTuning,
  describeVerdicts,
} from "./describe.ts";
import { EXIT } from "../../common/errors.ts";
import { Estimator, formatDuration } from "../plan/estimate.ts";
import type { Flags } from "../flags/flags.ts";
import { addTimes, describeOverhead, HarnessClock, type HarnessTime, NO_TIME, overhead } from "./harness.ts";
import type { Outcome } from "../workers/job.ts";
import type { LiveStatus } from "./live_status.ts";
import { claimOut, clearOut, OUT_FILES } from "./out_folder.ts";
import { writeRecord, writeTables } from "./outputs.ts";
import type { Plan } from "../plan/plan.ts";
import { runPool } from "../workers/pool.ts";
import { predictionsOf } from "./evaluate_predictions.ts";
import { CATALOG, missingUnits, type Prepared } from "./prepare.ts";
import { type Console, MUTE, Progress } from "./progress.ts";
import { writeReportFor } from "./report_input.ts";
import { manifestOf, relativeTo, writeRunFile } from "./run_file.ts";
import { shareOf } from "../plan/shard.ts";
import { Store } from "../store/store.ts";
import { traced } from "../../common/tracing.ts";
import { chooseTuned, trialUnits, tunedValues, withTrials } from "../plan/tuning.ts";
import type { TuningRow } from "../../reports/rows/rows.ts";
import type { TrainingUnit } from "../store/types.ts";
import { verdictsOf } from "./judge_sweep.ts";
import { workerCommand } from "./worker_command.ts";

/** A run that computes on this machine. */
export interface Run {
  readonly prepared: Prepared;
  readonly store: Store;
  readonly estimator: Estimator;
  readonly flags: Flags;
  readonly output: Console;
  /** Ends all work within a moment, in which trainings save where they are. */
  readonly signal: AbortSignal;
  /** Job and array task of a cluster; "" elsewhere. */
  readonly job: string;
  /** Why what could not be computed could not, by address. */
  readonly failures: Map<string, string>;
  /** Does a part of the report; whoever measures may look on. */
  readonly part: Part;
  /** Who tells others how far it is; processes of a cluster share the run's folder and have none. */
  readonly live: LiveStatus | undefined;
  /** Arguments of `deno` that start a worker. */
  readonly command: readonly string[];
  /** What workers spent their time on so far. */
  time: HarnessTime;
}

/** Does a named piece of work, sees what it takes, and gives back what it gives. */
export type Part = <T>(name: "collect" | "verdicts" | "tables" | "figures", work: () => T | Promise<T>) => Promise<T>;

/** What is left to plan once settings have been tried. */
export interface TunedPlan {
  readonly tuning: readonly TuningRow[];
  /** Trials apart. */
  readonly plan: Plan;
}

/** Which backend computes and why. */
export function describeBackend({ backend: { name, reason } }: Prepared): string {
  return `Backend ${name}: ${reason}`;
}

/** Makes the folders this run's, dropping what they hold of it when `--fresh` asks for that. */
export function claimFolders(prepared: Prepared, flags: Flags): Store {
  const { sweep, digest, out, trials } = prepared;
  const store = Store.open(prepared.store);
  if (flags.fresh) {
    clearOut(out);
    forget(trialUnits(trials), store);
  }
  claimOut(out, digest, sweep);
  writeRunFile(prepared, flags);
  store.prepare();
  return store;
}

/** A run in folders that are its own. */
export function startRun(
  prepared: Prepared,
  store: Store,
  flags: Flags,
  output: Console,
  signal: AbortSignal,
  {
    job = "",
    part = (name, work) => traced(`report ${name}`, {}, work),
    live,
    command = workerCommand(prepared, flags),
  }: Partial<Pick<Run, "job" | "part" | "live" | "command">> = {},
): Run {
  const run: Run = {
    ...{ prepared, store, flags, output, signal, job, part, live, command, time: NO_TIME },
    estimator: new Estimator(CATALOG, store.trainingTimings()),
    failures: new Map(),
  };
  say(run, describeBackend(prepared));
  for (const [name, reason] of prepared.skipped) say(run, `Skipping ${name}: ${reason}`);
  return run;
}

/** Says something to people, unless they want none. */
export function say({ flags, output }: Pick<Run, "flags" | "output">, line: string): void {
  if (!flags.quiet) output.screen.write(`${line}\n`);
}

/** Tries settings, or a share of them. @returns the exit status when there is no going on */
export async function tuneStage(run: Run): Promise<number | undefined> {
  const { prepared: { trials }, flags: { shard }, store } = run;
  const tried = trialUnits(trials);
  for (const line of describeTuning(trials, missingUnits(tried, store).length)) say(run, line);
  return await computeStage(run, "tune", shard === undefined ? tried : shareOf(tried, shard, CATALOG));
}

/** The trials that nobody has made: neither a result nor a reason for its absence is in the store. */
export function unmadeTrials({ prepared: { trials } }: Pick<Run, "prepared">, store: Store): TrainingUnit[] {
  return missingUnits(trialUnits(trials), store).filter(({ id }) => store.failure(id) === undefined);
}

/** Remembers why others could not compute what the store lacks of the units. */
export function recallFailures({ store, failures }: Pick<Run, "store" | "failures">, units: readonly TrainingUnit[]) {
  for (const { id, evaluations } of missingUnits(units, store)) {
    for (const address of [id, ...evaluations.map((evaluation) => evaluation.id)]) {
      const reason = store.failure(address);
      if (reason !== undefined) failures.set(address, reason);
    }
  }
}

/** Plans the sweep with the settings that the trials in the store chose. */
export function planTuned({ prepared, store, failures }: Pick<Run, "prepared" | "store" | "failures">): TunedPlan {
  const tuning = chooseTuned(prepared.trials, CATALOG, (id) => store.training(id), failures);
  return { tuning, plan: prepared.plan(tunedValues(tuning)) };
}

/** Computes the units of a tuned plan, or a share of them. @returns the exit status when there is no going on */
export async function trainStage(run: Run, { plan }: TunedPlan): Promise<number | undefined> {
  const { prepared: { trials }, flags: { fresh, shard }, store } = run;
  if (fresh) forget(plan.units, store, new Set(trials.map(({ unit }) => unit.id)));
  say(run, describeSaving(plan, CATALOG));
  run.live?.planned(plan.cells);
  return await computeStage(run, "train", shard === undefined ? plan.units : shareOf(plan.units, shard, CATALOG));
}

/** Computes what the store lacks of the units. @returns the exit status when there is no going on */
export async function computeStage(
  run: Run,
  stage: "tune" | "train",
  units: readonly TrainingUnit[],
): Promise<number | undefined> {
  const { prepared, store, output, signal, failures, live } = run;
  const missing = missingUnits(units, store);
  live?.begin(stage, units, missing);
  if (missing.length < units.length) say(run, `${units.length - missing.length} units are in the store already`);
  const counts = { stage, units: units.length, missing: missing.length };
  const outcome = await traced(`stage ${stage}`, counts, () => compute(run, missing));
  live?.rest(null);
  for (const [id, reason] of outcome.failures) failures.set(id, reason);
  if (signal.aborted) {
    live?.end("interrupted");
    return EXIT.interrupted;
  }
  if (outcome.fatal === undefined) return undefined;
  live?.end("stopped");
  output.screen.write(
    `error: ${outcome.fatal}. Everything computed so far is kept in ${prepared.store}; run the same command again to go on\n`,
  );
  return EXIT.failed;
}

/**
 * Writes tables, manifest and report from what the store holds, and says what came out.
 *
 * @param seconds that the run took
 * @returns the exit status
 */
export async function reportStage(run: Run, { tuning, plan: chosen }: TunedPlan, seconds: number): Promise<number> {
  const { prepared, store, flags, output, failures, part } = run;
  const { sweep, out, trials, opened } = prepared;
  run.live?.rest("report");
  const plan = withTrials(chosen, trials);
  const options = { sweep, catalog: CATALOG, opened, failures };
  const collected = await part("collect", () => collect(plan, store, options));
  const manifest = { ...manifestOf(prepared, flags), ...(overhead(run.time) === null ? {} : { harness: run.time }) };
  const verdicts = await part("verdicts", () => verdictsOf(sweep, CATALOG, opened, collected));
  const predictions = predictionsOf(sweep, CATALOG, opened, collected);
  await part("tables", () => {
    writeTables(out, collected, verdicts, predictions, tuning, manifest);
    const place = { store: relativeTo(out, prepared.store), dataDir: prepared.dataDir };
    writeRecord(out, { ...place, failures: [...failures], plan, tuning });
  });
  const results = { sweep, opened, plan, collected, verdicts, predictions, tuning, manifest };
  const report = await part("figures", () => writeReportFor(out, results));

  const { rows } = collected;
  const failed = [...rows, ...tuning].some(({ status }) => status === "failed");
  output.print(`${rows.length} cells: ${describeCounts(rows)} (${formatDuration(seconds)})`);
  const lines = [
    ...describeFailedTrials(tuning),
    ...describeReasons(rows),
    ...describeVerdicts(verdicts, sweep.families),
    ...describePairings(sweep, plan, CATALOG),
    ...describePredictions(predictions),
  ];
  for (const line of lines) {
    output.print(line);
  }
  const spent = describeOverhead(run.time);
  if (spent !== undefined) output.print(spent);
  output.print(`Rows:   ${join(out, OUT_FILES.cells)}`);
  if (report !== undefined) output.print(`Report: ${report}`);
  return failed ? EXIT.failed : EXIT.ok;
}

/** Drops units and their evaluations from the store; of those kept, the evaluations only. */
export function forget(units: readonly TrainingUnit[], store: Store, kept: ReadonlySet<string> = new Set()): void {
  for (const { id, evaluations } of units) {
    if (!kept.has(id)) store.removeTraining(id);
    for (const evaluation of evaluations) store.removeEvaluation(evaluation.id);
  }
}

/** The biggest units first, so that the workers end together. */
async function compute(run: Run, missing: readonly TrainingUnit[]): Promise<Outcome> {
  const { prepared, store, estimator, flags, output, signal, job, live, command } = run;
  const work = new Map(missing.map((unit) => [unit.id, estimator.unit(unit)]));
  const seconds = ({ id }: TrainingUnit) => (work.get(id)?.trainS ?? 0) + (work.get(id)?.evaluateS ?? 0);
  const progress = new Progress(flags.quiet ? MUTE : output.screen, work);
  live?.timed(() => progress.secondsLeft());
  const heartbeat = new HeartbeatFile(prepared.out, job);
  const clock = new HarnessClock(flags.workers, missing, store);
  const warned = new Set<string>();
  try {
    return await runPool({
      command,
      workers: flags.workers,
      limits: flags,
      units: [...missing].sort((a, b) => seconds(b) - seconds(a)),
      failFast: flags.failFast,
      signal,
      onProgress(message) {
        heartbeat.progress(message);
        live?.progress(message);
        progress.progress(message);
      },
      onUnit(unit, failures) {
        const failed = Object.keys(failures).length > 0;
        heartbeat.unit(unit.id);
        noteFailures(unit, failures, store);
        clock.unit(unit, store);
        live?.unit(unit.id, failed);
        progress.unit(unit, failed);
      },
      onWarning(text) {
        progress.end();
        if (!warned.has(text)) output.screen.write(`warning: ${text}\n`);
        warned.add(text);
      },
    });
  } finally {
    run.time = addTimes(run.time, clock.time());
    heartbeat.end();
    progress.end();
  }
}

/** Leaves why a unit failed in the store, and nothing of earlier failures. */
function noteFailures(
  { id, evaluations }: TrainingUnit,
  failures: Readonly<Record<string, string>>,
  store: Store,
): void {
  for (const address of [id, ...evaluations.map((evaluation) => evaluation.id)]) {
    if (Object.hasOwn(failures, address)) store.putFailure(address, failures[address]);
    else store.removeFailure(address);
  }
}
