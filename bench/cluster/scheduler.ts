/** What the suite needs of a cluster's scheduler. */

/** A job, or an array of them, to be queued. */
export interface JobRequest {
  /** By which its tasks are found again. */
  readonly name: string;
  /** Text of a shell script. */
  readonly script: string;
  /** Number of tasks of an array, 0 to tasks - 1; undefined for a single job. */
  readonly tasks: number | undefined;
  /** Most of these tasks that may run at once; undefined without a limit. */
  readonly atOnce: number | undefined;
  /** Jobs that must have ended first, however they end. */
  readonly after: readonly string[];
  /** Path of its output; `%a` stands for the task's number and `%%` for a percent sign. */
  readonly log: string;
  readonly workers: number;
  readonly options: Readonly<Record<string, string>>;
}

/** A task of a job as the scheduler sees it. */
export interface TaskState {
  readonly job: string;
  /** Null for a job that is no array. */
  readonly task: number | null;
  readonly name: string;
  /** The scheduler's word, such as RUNNING or TIMEOUT. */
  readonly state: string;
  /** Why it waits or how it ended, in the scheduler's words; may be "". */
  readonly reason: string;
}

/** A scheduler. */
export interface Scheduler {
  /** Queues a job. @returns its id @throws UsageError with the scheduler's own words when it refuses */
  submit(request: JobRequest): Promise<string>;
  /** The tasks of jobs with these names that wait or run, and what is still known of those that have ended. */
  tasks(names: readonly string[]): Promise<TaskState[]>;
  /** How tasks of these jobs ended, from the scheduler's accounts; undefined when it keeps none. */
  history(jobs: readonly string[]): Promise<TaskState[] | undefined>;
  /** Ends jobs, waiting or running. */
  cancel(jobs: readonly string[]): Promise<void>;
}

const ENDED = new Set([
  ...[
    "BOOT_FAIL",
    "CANCELLED",
    "COMPLETED",
    "DEADLINE",
    "FAILED",
    "NODE_FAIL",
    "OUT_OF_MEMORY",
    "PREEMPTED",
    "REVOKED",
  ],
  "TIMEOUT",
]);

/** Whether a task waits or runs: any state that is not known to be an end may still compute. */
export function isLive({ state }: Pick<TaskState, "state">): boolean {
  return !ENDED.has(state);
}

/** Whether a task computes now. */
export function isRunning({ state }: Pick<TaskState, "state">): boolean {
  return state === "RUNNING" || state === "COMPLETING" || state === "SUSPENDED";
}

/** Whether a task waits for somebody to release it, and for nothing else: put on hold, or by Slurm after it failed to start. */
export function isHeld({ state, reason }: Pick<TaskState, "state" | "reason">): boolean {
  return ["REQUEUE_HOLD", "SPECIAL_EXIT"].includes(state) || (state === "PENDING" && /held/i.test(reason));
}

const ENDINGS: Readonly<Record<string, string>> = {
  TIMEOUT: "it reached its time limit",
  OUT_OF_MEMORY: "it used more memory than it had asked for",
  NODE_FAIL: "its node failed",
  BOOT_FAIL: "its node did not start",
  CANCELLED: "it was cancelled",
  PREEMPTED: "another job took its place",
  DEADLINE: "it could not end before its deadline",
};

/** How a task ended, in words: "it reached its time limit (TIMEOUT)". */
export function describeEnding({ state, reason }: Pick<TaskState, "state" | "reason">): string {
  const words = ENDINGS[state] ?? "it ended early";
  const detail = reason === "" || reason === "None" || /^TimeLimit$/.test(reason) ? "" : `, ${reason}`;
  return `${words} (${state}${detail})`;
}
