/** Ends what a cluster computes for a run. */
import { UsageError } from "../../common/errors.ts";
import type { Scheduler } from "./scheduler.ts";
import { JOB_STAGES, readSubmissions, stopSubmission } from "./submissions.ts";
import { jobNames, liveJobs, taskPlaces } from "./work.ts";

/** How long the scheduler may take to end the jobs, and how often it is asked. */
const TIMES = { waitMs: 60_000, pollMs: 500 };

/**
 * Cancels a run's jobs and waits until they have ended. Results that are in the store stay, and the next submission goes on from there.
 *
 * @returns the jobs that were queued or running
 * @throws UsageError when the scheduler cannot be asked, or jobs go on
 */
export async function cancelRun(out: string, scheduler: Scheduler, { waitMs, pollMs } = TIMES): Promise<string[]> {
  const submissions = readSubmissions(out);
  const names = jobNames(submissions);
  const places = taskPlaces(submissions, await scheduler.tasks(names));
  const jobs = liveJobs(places, JOB_STAGES);
  // First the mark: a task that begins before it is cancelled ends by itself, and a submission that is being made goes no further.
  for (const submission of new Set(places.filter(({ live }) => live).map((place) => place.submission))) {
    if (submission.stopped === undefined) stopSubmission(submission, "cancelled");
  }
  await scheduler.cancel(jobs);
  for (let waited = 0;; waited += pollMs) {
    const left = liveJobs(taskPlaces(submissions, await scheduler.tasks(names)), JOB_STAGES);
    if (left.length === 0) return jobs;
    if (waited >= waitMs) {
      throw new UsageError(
        `Jobs ${left.join(", ")} are still queued or running after ${waitMs / 1000} s: try scancel ${left.join(" ")}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
