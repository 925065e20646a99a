/** Runs a sweep: computes what the store lacks, then writes rows and report. */
import { join, relative } from "node:path";
import { collect } from "./collect.ts";
import { describeCounts, describePlan, describeReasons, describeSaving, describeVerdicts } from "./describe.ts";
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
  const missing = empty ? prepared.plan.units : missingUnits(prepared.plan, store);
  const estimator = new Estimator(CATALOG, store.trainingTimings());
  voice.print(`Sweep "${request.sweep.name}" (${request.digest.slice(0, 8)}) to ${request.out}`);
  voice.print(describeBackend(prepared));
  for (const line of describePlan(prepared.plan, CATALOG, estimator, missing, flags.workers)) voice.print(line);
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
  const { sweep, digest, out, plan } = prepared;
  const store = Store.open(prepared.store);
  if (flags.fresh) {
    clearOut(out);
    for (const { id, evaluations } of plan.units) {
      store.removeTraining(id);
      for (const evaluation of evaluations) store.removeEvaluation(evaluation.id);
    }
  }
  claimOut(out, digest, sweep);
  store.prepare();

  const estimator = new Estimator(CATALOG, store.trainingTimings());
  const missing = missingUnits(plan, store);
  if (!flags.quiet) {
    voice.screen.write(`${describeBackend(prepared)}\n${describeSaving(plan, CATALOG)}\n`);
    for (const [name, reason] of prepared.skipped) voice.screen.write(`Skipping ${name}: ${reason}\n`);
    if (missing.length < plan.units.length) {
      voice.screen.write(`${plan.units.length - missing.length} units are in the store already\n`);
    }
  }
  const { failures, fatal } = await compute(prepared, missing, estimator, flags, voice, signal);
  if (signal.aborted) return EXIT.interrupted;
  if (fatal !== undefined) {
    voice.screen.write(
      `error: ${fatal}. Everything computed so far is kept in ${prepared.store}; run the same command again to go on\n`,
    );
    return EXIT.failed;
  }

  const { backend, opened, skipped, code } = prepared;
  const collected = collect(plan, store, { sweep, catalog: CATALOG, opened, failures });
  const data = Object.fromEntries(sweep.datasets.map(({ name }) => {
    const dataSet = opened.get(name);
    return [name, dataSet === undefined ? { skipped: skipped.get(name) ?? "" } : { digest: dataSet.digest }];
  }));
  const manifest = makeManifest({ sweep, sweepDigest: digest, backend, workers: flags.workers, data, code });
  const verdicts = verdictsOf(sweep, CATALOG, opened, collected);
  writeTables(out, collected, verdicts, manifest);
  const record = { store: relativeTo(out, prepared.store), dataDir: prepared.dataDir, failures: [...failures], plan };
  writeRecord(out, record);
  const report = await writeReportFor(out, { sweep, opened, plan, collected, verdicts, manifest });

  const { rows } = collected;
  const failed = rows.some(({ status }) => status === "failed");
  voice.print(`${rows.length} cells: ${describeCounts(rows)} (${formatDuration((performance.now() - start) / 1000)})`);
  for (const line of [...describeReasons(rows), ...describeVerdicts(verdicts)]) voice.print(line);
  voice.print(`Rows:   ${join(out, OUT_FILES.cells)}`);
  if (report !== undefined) voice.print(`Report: ${report}`);
  return failed ? EXIT.failed : EXIT.ok;
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
