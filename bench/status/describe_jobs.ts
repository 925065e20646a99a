/** Jobs of a cluster in words. */
import { isHeld, isRunning } from "../cluster/scheduler.ts";
import type { TaskPlace } from "../cluster/work.ts";

/** Jobs that nobody but a person sets free. */
export function describeHeld(live: readonly TaskPlace[]): string[] {
  const held = live.flatMap(({ state }) => state !== undefined && isHeld(state) ? [state] : []);
  if (held.length === 0) return [];
  const jobs = [...new Set(held.map(({ job }) => job))].join(" ");
  const reasons = [...new Set(held.map(({ state, reason }) => reason === "" ? state : reason))].join(", ");
  return [`${held.length} tasks are held (${reasons}) and wait until they are released: scontrol release ${jobs}`];
}

/** A line per job: how many of its tasks are in which state, and what they wait for. */
export function describeJobs(live: readonly TaskPlace[]): string[] {
  const jobs = new Map<string, Map<string, number>>();
  for (const { submission, stage, state } of live) {
    const job = state === undefined ? `submission ${submission.number}, ${stage}` : `${state.job} ${stage}`;
    const waits = state === undefined || isRunning(state) || ["", "None"].includes(state.reason)
      ? ""
      : ` (${state.reason})`;
    const word = state === undefined ? "being submitted" : `${state.state}${waits}`;
    const counts = jobs.get(job) ?? new Map<string, number>();
    counts.set(word, (counts.get(word) ?? 0) + 1);
    jobs.set(job, counts);
  }
  return [...jobs].map(([job, counts]) =>
    `${job}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(", ")}`
  );
}
