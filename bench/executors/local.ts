/** Runs a sweep, a share or a stage of it, in worker processes on this machine. */
import { EXIT, UsageError } from "../../common/errors.ts";
import { formatDuration } from "../plan/estimate.ts";
import { LiveStatus } from "../run/live_status.ts";
import { checkOut, OutLock } from "../run/out_folder.ts";
import { missingUnits, prepare } from "../run/prepare.ts";
import { shardName, shareOf } from "../plan/shard.ts";
import { reportStage } from "../run/report_stage.ts";
import { laterRounds } from "../run/rounds.ts";
import { claimFolders, type Run, startRun } from "../run/run.ts";
import { planTuned, recallFailures, trainStage, tuneStage, unmadeTrials } from "../run/stages.ts";
import { Store } from "../store/store.ts";
import { traced } from "../../common/tracing.ts";
import { trialUnits } from "../plan/tuning.ts";
import type { TrainingUnit } from "../store/types.ts";
import type { Executor } from "./executor.ts";

/** `--executor local` */
export const local: Executor = {
  name: "local",
  summary: "worker processes on this machine",
  programs: [],
  optionalPrograms: [],
  async run(request, flags, output, signal) {
    const start = performance.now();
    checkOut(request.out, request.digest, flags.fresh);
    Store.open(request.store);
    const prepared = await prepare(request, flags.backend, true);
    const lock = OutLock.take(request.out);
    let live: LiveStatus | undefined;
    try {
      const store = claimFolders(prepared, flags);
      const facts = { sweep: request.sweep.name, backend: prepared.backend.name, workers: flags.workers };
      live = new LiveStatus(request.out, facts);
      const run = startRun(prepared, store, flags, output, signal, { live });
      const status = await traced("run", facts, async (note) => {
        const status = await stages(run, () => (performance.now() - start) / 1000);
        note({ exit_status: status });
        return status;
      });
      live.end("finished");
      return status;
    } finally {
      // Only where nothing else has been said.
      live?.end("stopped");
      lock.release();
    }
  },
};

/** Does the stages that are asked for. @returns the exit status */
async function stages(run: Run, seconds: () => number): Promise<number> {
  const { prepared, flags: { stage, shard } } = run;
  const tried = trialUnits(prepared.trials);
  if (stage === "all" || stage === "tune") {
    const untuned = await tuneStage(run);
    if (untuned !== undefined) return untuned;
    if (stage === "tune") return sayPart(run, "tuning", tried, seconds());
  }
  if (stage !== "all" || shard !== undefined) {
    requireTrials(run);
    recallFailures(run, tried);
  }
  // Rounds after the first depend on the verdicts before them, which no share has.
  const first = planTuned(run);
  if (stage === "report") recallFailures(run, first.plan.units);
  else {
    const unfinished = await trainStage(run, first);
    if (unfinished !== undefined) return unfinished;
    if (stage === "train" || shard !== undefined) return sayPart(run, "training", first.plan.units, seconds());
  }
  const outcome = await laterRounds(run, first, seconds, stage === "all");
  if ("status" in outcome) return outcome.status;
  return await reportStage(run, outcome.tuned, seconds());
}

/** What trials choose must be known before anything is planned with it. @throws UsageError when trials are missing */
function requireTrials(run: Run): void {
  const unmade = unmadeTrials(run, run.store).length;
  if (unmade === 0) return;
  const all = trialUnits(run.prepared.trials).length;
  throw new UsageError(
    `Cannot plan the trainings: ${unmade} of the ${all} trials of the tuning are not in the store ${run.store.folder}. ` +
      `Let every share do --stage tune first, merge them (deno task merge), and go on with that store (--store)`,
  );
}

/** Says what came of a part of a run that has no report. @returns the exit status */
function sayPart(
  { prepared, store, flags: { shard }, output }: Run,
  what: string,
  units: readonly TrainingUnit[],
  seconds: number,
): number {
  const own = shard === undefined ? units : shareOf(units, shard, prepared.catalog);
  const missing = missingUnits(own, store);
  const name = shard === undefined ? "" : `Share ${shardName(shard)}: `;
  output.print(
    `${name}${own.length - missing.length} of ${own.length} units of the ${what} are in ${prepared.store} (${
      formatDuration(seconds)
    })`,
  );
  for (const { id, spec: { dataset, algorithm }, evaluations } of missing) {
    const reason = [id, ...evaluations.map((job) => job.id)].map((address) => store.failure(address))
      .find((found) => found !== undefined);
    output.print(`  failed ${dataset} ${algorithm} ${id.slice(0, 12)}: ${reason ?? "not computed"}`);
  }
  return missing.length === 0 ? EXIT.ok : EXIT.failed;
}
