/** Runs a sweep in worker processes on this machine. */
import { checkOut, OutLock } from "../out_folder.ts";
import { prepare } from "../prepare.ts";
import { planTuned, reportStage, startRun, trainStage, tuneStage } from "../stages.ts";
import { Store } from "../store.ts";
import type { Executor } from "./executor.ts";

/** `--executor local` */
export const local: Executor = {
  name: "local",
  summary: "worker processes on this machine",
  programs: [],
  async run(request, flags, voice, signal) {
    const start = performance.now();
    checkOut(request.out, request.digest, flags.fresh);
    Store.open(request.store);
    const prepared = await prepare(request, flags.backend, true);
    const lock = OutLock.take(request.out);
    try {
      const run = startRun(prepared, flags, voice, signal);
      const untuned = await tuneStage(run);
      if (untuned !== undefined) return untuned;
      const tuned = planTuned(run);
      const unfinished = await trainStage(run, tuned);
      if (unfinished !== undefined) return unfinished;
      return await reportStage(run, tuned, (performance.now() - start) / 1000);
    } finally {
      lock.release();
    }
  },
};
