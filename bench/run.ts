/** Runs a sweep: computes what the store lacks, then writes rows and report. */
import { join, relative } from "node:path";
import { collect } from "./collect.ts";
import {
  describeCounts,
  describeFailedTrials,
  describePlan,
  describeReasons,
  describeSaving,
  describeTuning,
  describeVerdicts,
} from "./describe.ts";
import { PROJECT_ROOT } from "./code_digest.ts";
import { EXIT } from "./errors.ts";
import { Estimator, formatDuration } from "./estimate.ts";
import type { Flags } from "./flags.ts";
import { makeManifest } from "./manifest.ts";
import { checkOut, claimOut, clearOut, OUT_FILES, OutLock } from "./out_folder.ts";
import { writeRecord, writeTables } from "./outputs.ts";
import { runPool } from "./pool.ts";
import { CATALOG, missingUnits, prepare, type Prepared, type Request } from "./prepare.ts";
import { Progress, type Screen } from "./progress.ts";
import type { WorkerOptions } from "./protocol.ts";
import { writeReportFor } from "./report_input.ts";
import { Store } from "./store.ts";
import { chooseTuned, trialUnits, tunedValues, withTrials } from "./tuning.ts";
import type { TrainingUnit } from "./types.ts";
import { verdictsOf } from "./verdicts.ts";

/** Where a run speaks. */
export interface Voice {
  readonly print: (line: string) => void;
  readonly screen: Screen;
}

/** Shows the plan; writes nothing. */
export async function dryRun(request: Request, flags: Flags, voice: Voice): Promise<number> {
  checkOut(request.out, request.digest, flags.fresh);
  const store = Store.open(request.store);
  const empty = flags.fresh || !hasEntries(store);
  const prepared = await prepare(request, flags.backend, !empty);
  const lacking = (units: readonly TrainingUnit[]) => empty ? [...units] : missingUnits(units, store);
  const { trials } = prepared;
  const choices = chooseTuned(trials, CATALOG, (id) => empty ? undefined : store.training(id));
  const plan = withTrials(prepared.plan(tunedValues(choices)), trials);
  const missing = lacking(plan.units);
  const estimator = new Estimator(CATALOG, store.trainingTimings());
  voice.print(`Sweep "${request.sweep.name}" (${request.digest.slice(0, 8)}) to ${request.out}`);
  voice.print(describeBackend(prepared));
  for (const line of describeTuning(trials, lacking(trialUnits(trials)).length)) voice.print(line);
  for (const line of describePlan(plan, CATALOG, estimator, missing, flags.workers)) voice.print(line);
  return EXIT.ok;
}

function hasEntries(store: Store): boolean {
  try {
    return Deno.statSync(join(store.folder, "training")).isDirectory;
  } catch {
    return false;
  }
}

function describeBackend({ backend: { name, reason } }: Prepared): string {
  return `Backend ${name}: ${reason}`;
}

/** Computes and reports. @returns the exit status */
export async function runSweep(request: Request, flags: Flags, voice: Voice, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  checkOut(request.out, request.digest, flags.fresh);
  Store.open(request.store);
  const prepared = await prepare(request, flags.backend, true);
  const lock = OutLock.take(request.out);
  try {
    return await computeAndReport(prepared, flags, voice, signal, start);
  } finally {
    lock.release();
  }
}

async function computeAndReport(
  prepared: Prepared,
  flags: Flags,
  voice: Voice,
  signal: AbortSignal,
  start: number,
): Promise<number> {
  const { sweep, digest, out, trials } = prepared;
  const store = Store.open(prepared.store);
  if (flags.fresh) {
    clearOut(out);
    forget(trialUnits(trials), store);
  }
  claimOut(out, digest, sweep);
  store.prepare();

  const estimator = new Estimator(CATALOG, store.trainingTimings());
  const say = (line: string) => flags.quiet ? undefined : voice.screen.write(`${line}\n`);
  say(describeBackend(prepared));
  for (const [name, reason] of prepared.skipped) say(`Skipping ${name}: ${reason}`);
  const failures = new Map<string, string>();
  /** Computes what the store lacks of the units. @returns the exit status when there is no going on */
  const stage = async (units: readonly TrainingUnit[]): Promise<number | undefined> => {
    const missing = missingUnits(units, store);
    if (missing.length < units.length) say(`${units.length - missing.length} units are in the store already`);
    const outcome = await compute(prepared, missing, estimator, flags, voice, signal);
    for (const [id, reason] of outcome.failures) failures.set(id, reason);
    if (signal.aborted) return EXIT.interrupted;
    if (outcome.fatal === undefined) return undefined;
    voice.screen.write(
      `error: ${outcome.fatal}. Everything computed so far is kept in ${prepared.store}; run the same command again to go on\n`,
    );
    return EXIT.failed;
  };

  const tried = trialUnits(trials);
  for (const line of describeTuning(trials, missingUnits(tried, store).length)) say(line);
  const untuned = await stage(tried);
  if (untuned !== undefined) return untuned;
  const tuning = chooseTuned(trials, CATALOG, (id) => store.training(id), failures);
  const chosen = prepared.plan(tunedValues(tuning));
  if (flags.fresh) forget(chosen.units, store, new Set(tried.map(({ id }) => id)));
  say(describeSaving(chosen, CATALOG));
  const unfinished = await stage(chosen.units);
  if (unfinished !== undefined) return unfinished;
  const plan = withTrials(chosen, trials);

  const { backend, opened, skipped, code } = prepared;
  const collected = collect(plan, store, { sweep, catalog: CATALOG, opened, failures });
  const data = Object.fromEntries(sweep.datasets.map(({ name }) => {
    const dataSet = opened.get(name);
    return [name, dataSet === undefined ? { skipped: skipped.get(name) ?? "" } : { digest: dataSet.digest }];
  }));
  const manifest = makeManifest({ sweep, sweepDigest: digest, backend, workers: flags.workers, data, code });
  const verdicts = verdictsOf(sweep, CATALOG, opened, collected);
  writeTables(out, collected, verdicts, tuning, manifest);
  const place = { store: relativeTo(out, prepared.store), dataDir: prepared.dataDir };
  writeRecord(out, { ...place, failures: [...failures], plan, tuning });
  const report = await writeReportFor(out, { sweep, opened, plan, collected, verdicts, manifest });

  const { rows } = collected;
  const failed = [...rows, ...tuning].some(({ status }) => status === "failed");
  voice.print(`${rows.length} cells: ${describeCounts(rows)} (${formatDuration((performance.now() - start) / 1000)})`);
  for (const line of [...describeFailedTrials(tuning), ...describeReasons(rows), ...describeVerdicts(verdicts)]) {
    voice.print(line);
  }
  voice.print(`Rows:   ${join(out, OUT_FILES.cells)}`);
  if (report !== undefined) voice.print(`Report: ${report}`);
  return failed ? EXIT.failed : EXIT.ok;
}

/** Drops units and their evaluations from the store; of those kept, the evaluations only. */
function forget(units: readonly TrainingUnit[], store: Store, kept: ReadonlySet<string> = new Set()): void {
  for (const { id, evaluations } of units) {
    if (!kept.has(id)) store.removeTraining(id);
    for (const evaluation of evaluations) store.removeEvaluation(evaluation.id);
  }
}

/** A folder inside another is named relative to it, so that the whole can be moved. */
function relativeTo(out: string, folder: string): string {
  const path = relative(out, folder);
  return path.startsWith("..") ? folder : path;
}

/** The biggest units first, so that the workers end together. */
async function compute(
  prepared: Prepared,
  missing: readonly TrainingUnit[],
  estimator: Estimator,
  flags: Flags,
  voice: Voice,
  signal: AbortSignal,
) {
  const work = new Map(missing.map((unit) => [unit.id, estimator.unit(unit)]));
  const seconds = ({ id }: TrainingUnit) => (work.get(id)?.trainS ?? 0) + (work.get(id)?.evaluateS ?? 0);
  const progress = flags.quiet ? undefined : new Progress(voice.screen, work);
  const outcome = await runPool({
    command: workerCommand(prepared),
    workers: flags.workers,
    units: [...missing].sort((a, b) => seconds(b) - seconds(a)),
    failFast: flags.failFast,
    signal,
    onProgress: (message) => progress?.progress(message),
    onUnit: (unit, failures) => progress?.unit(unit, Object.keys(failures).length > 0),
  });
  progress?.end();
  return outcome;
}

/** Arguments that start a worker with the least access it needs: it writes to the store and the data's cache, and reaches no network. */
function workerCommand({ store, dataDir, backend }: Prepared): string[] {
  const options: WorkerOptions = { store, dataDir, backend: backend.name };
  const cache = join(PROJECT_ROOT, "data", "downloads", "cache");
  const native = backend.name === "tensorflow" ? ["--allow-ffi", "--allow-sys"] : [];
  return [
    "run",
    "-q",
    "--no-prompt",
    `--config=${join(PROJECT_ROOT, "deno.json")}`,
    "--allow-read",
    `--allow-write=${[store, cache].join(",")}`,
    "--allow-env",
    ...native,
    join(PROJECT_ROOT, "bench", "worker.ts"),
    JSON.stringify(options),
  ];
}
