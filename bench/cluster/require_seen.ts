/** Whether a cluster's queue shows what it has taken. */
import { UsageError } from "../../common/errors.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Submission } from "./submissions.ts";
import { jobNames } from "./work.ts";

/** How often a job that was taken is looked for in the queue, and the time between two looks. */
const LOOKS = 5;
const LOOK_AGAIN_MS = 1_000;

/**
 * Checks that the queue shows the job that was submitted last, which waits for the others: one that cannot be seen would be submitted again by the next
 * command, and could not be cancelled.
 */
export async function requireSeen(made: Submission, job: string, scheduler: Scheduler): Promise<void> {
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    // A queue that does not answer now is asked again by the next command, which submits nothing until it does.
    const states = await scheduler.tasks(jobNames([made])).catch(() => undefined);
    if (states === undefined || states.some((state) => state.job === job)) return;
  }
  throw new UsageError(
    `The queue does not show job ${job}, which it has just taken, so that nothing can be said of this run's jobs; they are cancelled. ` +
      "Does squeue look at another cluster than sbatch (SBATCH_CLUSTERS), or is it replaced here?",
  );
}
