/** Ends what a cluster computes for a run. */
import type { Scheduler } from "./scheduler.ts";
import { JOB_STAGES, readSubmissions, stopSubmission } from "./submissions.ts";
import { jobNames, liveJobs, taskPlaces } from "./work.ts";

/** How long the scheduler may take to end the jobs. */
const WAIT_MS = 60_000;
const POLL_MS = 500;

/**
 * Cancels a run's jobs and waits until they have ended. Results that are in the store stay, and the next submission goes on from there.
 *
 * @returns the jobs that were queued or running
 * @throws UsageError when the scheduler cannot be asked
 */
export async function cancelRun(out: string, scheduler: Scheduler): Promise<string[]> {
  const submissions = readSubmissions(out);
  const names = jobNames(submissions);
  const places = taskPlaces(submissions, await scheduler.tasks(names));
  const jobs = liveJobs(places, JOB_STAGES);
  // First the mark: a task that begins before it is cancelled ends by itself, and a submission that is being made goes no further.
  for (const submission of new Set(places.filter(({ live }) => live).map((place) => place.submission))) {
    if (submission.stopped === undefined) stopSubmission(submission, "cancelled");
  }
  await scheduler.cancel(jobs);
  for (let waited = 0; waited < WAIT_MS; waited += POLL_MS) {
    if (liveJobs(taskPlaces(submissions, await scheduler.tasks(names)), JOB_STAGES).length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return jobs;
}
