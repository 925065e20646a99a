/** Computes what a store lacks of some units, with worker processes. */
import { EXIT } from "../../common/errors.ts";
import { traced } from "../../common/tracing.ts";
import type { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";
import type { Outcome } from "../workers/job.ts";
import { runPool } from "../workers/pool.ts";
import { addTimes, HarnessClock } from "./harness.ts";
import { HeartbeatFile } from "./heartbeat_file.ts";
import { missingUnits } from "./prepare.ts";
import { MUTE, Progress } from "./progress.ts";
import { type Run, say } from "./run.ts";

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
