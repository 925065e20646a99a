/**
 * What has been handed to a cluster, kept in a run's folder so that nothing is handed to it twice. There are no locks: a submission is a folder with the
 * next free number, and whoever moves a folder to that name first owns it. Files within are written by one process each, and moved into place.
 */
import { inPlainWords } from "../../common/missing_words.ts";
import { dirname, join } from "node:path";
import { z } from "zod";
import { hostName } from "../run/heartbeat_file.ts";
import { UsageError } from "../../common/errors.ts";
import { readIfPresent, writeAtomically } from "../../common/files.ts";

/** Version of these files. */
const FORMAT = 1;
/** Folder of submissions within a run's folder. */
const FOLDER = "slurm";
/** A submission that has no jobs after this time belongs to a process that has died. */
export const PATIENCE_MS = 120_000;

/** The stages that jobs compute, in their order. */
export const JOB_STAGES = ["tune", "train", "report"] as const;
/** A stage that a job computes. */
export type JobStage = typeof JOB_STAGES[number];

const submissionShape = z.object({
  format: z.literal(FORMAT),
  /** Random, so that its owner knows it. */
  token: z.string(),
  host: z.string(),
  pid: z.int(),
  /** When it was made, ISO 8601. */
  at: z.string(),
  store: z.string(),
  dataDir: z.string(),
  backend: z.object({ name: z.string(), reason: z.string() }),
  workers: z.int(),
  /** Flags of deno task bench for the tasks. */
  flags: z.array(z.string()),
  sweepDigest: z.string(),
  data: z.record(z.string(), z.unknown()),
  code: z.record(z.string(), z.unknown()),
  stages: z.array(z.object({
    stage: z.enum(JOB_STAGES),
    /** Name of its job. */
    name: z.string(),
    /** Per array task the positions of its units among those of the stage; one empty task for the report. */
    tasks: z.array(z.array(z.int())),
  })),
});

/** Contents of submission.json: what is asked of the cluster. */
export type SubmissionFile = z.infer<typeof submissionShape>;

const jobsShape = z.array(z.object({ stage: z.enum(JOB_STAGES), job: z.string() }));

/** A job of a submission. */
export type Job = z.infer<typeof jobsShape>[number];

const stopShape = z.object({ why: z.enum(["cancelled", "abandoned"]) });

/** Something handed to the cluster. */
export interface Submission extends SubmissionFile {
  readonly number: number;
  readonly folder: string;
  /** Those that the scheduler has taken. */
  readonly jobs: readonly Job[];
  /** Set when its jobs are to do nothing any more. */
  readonly stopped: "cancelled" | "abandoned" | undefined;
}

const taskShape = z.object({
  job: z.string(),
  host: z.string(),
  started: z.string(),
  /** Null while it runs, or when it could not say how it ended. */
  ended: z.string().nullable(),
  /** Exit status. */
  status: z.int().nullable(),
  /** The signal that ended it; "" without one. */
  signal: z.string(),
  /** What went wrong beside its units; "" when nothing did. */
  problem: z.string(),
});

/** What an array task says about itself. */
export type TaskFile = z.infer<typeof taskShape>;

function readJson<T>(path: string, shape: z.ZodType<T>): T | undefined {
  const bytes = readIfPresent(path);
  if (bytes === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new UsageError(`${path} is damaged; remove the folder ${dirname(path)} when none of its jobs runs any more`);
  }
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path: place, message } = parsed.error.issues[0];
  throw new UsageError(
    `${path} cannot be read (${place.join(".")}: ${inPlainWords(message)}); it is damaged or of another version`,
  );
}

function write(path: string, value: unknown): void {
  writeAtomically(path, JSON.stringify(value) + "\n");
}

/** The submissions of a run, oldest first. @throws UsageError when one is damaged */
export function readSubmissions(out: string): Submission[] {
  let names: string[];
  try {
    names = [...Deno.readDirSync(join(out, FOLDER))].map(({ name }) => name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return names.filter((name) => /^\d+$/.test(name)).map(Number).sort((a, b) => a - b)
    .map((number) => readSubmission(out, number));
}

/** One submission. @throws UsageError when it is missing or damaged */
export function readSubmission(out: string, number: number): Submission {
  const folder = join(out, FOLDER, `${number}`);
  const file = readJson(join(folder, "submission.json"), submissionShape);
  if (file === undefined) throw new UsageError(`${folder} has no submission.json`);
  return {
    ...file,
    number,
    folder,
    jobs: readJson(join(folder, "jobs.json"), jobsShape) ?? [],
    stopped: readJson(join(folder, "stop.json"), stopShape)?.why,
  };
}

/** What a submission is made of. */
export type SubmissionPlan = Omit<SubmissionFile, "format" | "token" | "host" | "pid" | "at" | "stages"> & {
  readonly stages: readonly { readonly stage: JobStage; readonly tasks: readonly (readonly number[])[] }[];
};

/**
 * Takes the next number for a submission.
 *
 * @param seen numbers that were known when it was planned
 * @returns undefined when another process has made a submission since, so that everything is to be looked at again
 */
export function claimSubmission(out: string, seen: readonly number[], plan: SubmissionPlan): Submission | undefined {
  const number = Math.max(0, ...seen) + 1;
  const token = crypto.randomUUID();
  const file: SubmissionFile = {
    format: FORMAT,
    ...{ token, host: hostName(), pid: Deno.pid, at: new Date().toISOString() },
    ...plan,
    stages: plan.stages.map(({ stage, tasks }) => ({
      stage,
      name: `bridgebench-${token.slice(0, 8)}-${stage}`,
      tasks: tasks.map((task) => [...task]),
    })),
  };
  const folder = join(out, FOLDER, `${number}`);
  const draft = join(out, FOLDER, `.${token}`);
  write(join(draft, "submission.json"), file);
  try {
    // Onto a folder that has files nothing can be moved.
    Deno.renameSync(draft, folder);
  } catch {
    // Taken; or the answer that it has worked was lost and the second attempt failed: its token tells.
  }
  const owner = readJson(join(folder, "submission.json"), submissionShape);
  if (owner?.token === token) return readSubmission(out, number);
  Deno.removeSync(draft, { recursive: true });
  if (owner === undefined) throw new UsageError(`Cannot make ${folder}: is ${out} writable and not removed meanwhile?`);
  return undefined;
}

/** Keeps which jobs the scheduler has taken. */
export function keepJobs({ folder }: Submission, jobs: readonly Job[]): void {
  write(join(folder, "jobs.json"), jobs);
}

/** Tells the jobs of a submission to do nothing any more. */
export function stopSubmission({ folder }: Submission, why: "cancelled" | "abandoned"): void {
  write(join(folder, "stop.json"), { why });
}

/** Path of a task's output. */
export function logPath({ folder }: Submission, stage: JobStage, task: number): string {
  return join(folder, "logs", `${stage}-${task}.log`);
}

/** Paths of the outputs of a stage's tasks as sbatch reads them: `%a` is a task's number, and `%%` a percent sign. */
export function logPattern({ folder }: Submission, stage: JobStage): string {
  // The report is one job and no array, so that %a would be no number of its.
  return join(folder.replaceAll("%", "%%"), "logs", `${stage}-${stage === "report" ? "0" : "%a"}.log`);
}

/** Keeps what a task says about itself. */
export function writeTask({ folder }: Submission, stage: JobStage, task: number, file: TaskFile): void {
  write(join(folder, "tasks", `${stage}-${task}.json`), file);
}

/** What a task says about itself; undefined when it has not begun, or its file is damaged. */
export function readTask({ folder }: Submission, stage: JobStage, task: number): TaskFile | undefined {
  try {
    return readJson(join(folder, "tasks", `${stage}-${task}.json`), taskShape);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/** Whether its jobs have all been taken by the scheduler. */
export function isSubmitted({ stages, jobs }: Submission): boolean {
  return stages.every(({ stage }) => jobs.some((job) => job.stage === stage));
}

/** Whether the process that makes a submission, not yet in the scheduler's hands, may still be at it. */
export function isBeingMade({ at }: Submission, now: number = Date.now()): boolean {
  return now - Date.parse(at) <= PATIENCE_MS;
}
