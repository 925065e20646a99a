/** Slurm, through its commands. */
import { PROJECT_ROOT } from "../../common/project.ts";
import { UsageError } from "../../common/errors.ts";
import type { JobRequest, Scheduler, TaskState } from "./scheduler.ts";

/** The commands that are needed. */
export const SLURM_PROGRAMS = ["sbatch", "squeue", "scancel"] as const;
/** Asked for how jobs ended, where there are accounts. */
export const SLURM_ACCOUNTS = ["sacct"] as const;

type ProgramName = typeof SLURM_PROGRAMS[number] | typeof SLURM_ACCOUNTS[number];

/** The Slurm cluster whose commands are on the PATH. */
export const slurm: Scheduler = {
  async submit(request) {
    const { code, out, err } = await run("sbatch", sbatchArguments(request), request.script);
    const id = /^(\d+)(;|$)/.exec(out.trim())?.[1];
    if (code !== 0 || id === undefined) {
      throw new UsageError(`sbatch refused the job: ${err || out || `exit status ${code}`}`);
    }
    return id;
  },

  async tasks(names) {
    if (names.length === 0) return [];
    const { code, out, err } = await run("squeue", [
      ...["--noheader", "--array", "--states=all", `--name=${names.join(",")}`],
      // Job of an array, task, state, name, reason.
      "--format=%F|%K|%T|%j|%r",
    ]);
    if (code !== 0) throw new UsageError(`squeue does not answer: ${err || `exit status ${code}`}; try again later`);
    return parseSqueue(out);
  },

  async history(jobs) {
    if (jobs.length === 0) return [];
    const args = ["--noheader", "--parsable2", "--allocations", `--jobs=${jobs.join(",")}`];
    try {
      const { code, out } = await run("sacct", [...args, "--format=JobID,State,JobName"]);
      return code === 0 ? parseSacct(out) : undefined;
    } catch (error) {
      // Not every cluster has it.
      if (error instanceof UsageError) return undefined;
      throw error;
    }
  },

  async cancel(jobs) {
    if (jobs.length === 0) return;
    const { code, err } = await run("scancel", [...jobs]);
    // A job that has ended meanwhile is no failure.
    if (code !== 0 && !/invalid job id/i.test(err)) {
      throw new UsageError(`scancel failed: ${err || `exit status ${code}`}`);
    }
  },
};

/** Arguments of sbatch. */
export function sbatchArguments({ name, tasks, after, log, workers, options }: JobRequest): string[] {
  const chosen = { "cpus-per-task": `${workers}`, requeue: "", ...options };
  // Whoever forbids requeuing means it.
  const entries = Object.entries(chosen).filter(([option]) => option !== "requeue" || !("no-requeue" in options));
  return [
    "--parsable",
    `--job-name=${name}`,
    `--chdir=${PROJECT_ROOT}`,
    `--output=${log}`,
    "--open-mode=append",
    "--nodes=1",
    "--ntasks=1",
    ...tasks === undefined ? [] : [`--array=0-${tasks - 1}`],
    ...after.length === 0 ? [] : [`--dependency=${after.map((job) => `afterany:${job}`).join(",")}`],
    ...entries.map(([option, value]) => value === "" ? `--${option}` : `--${option}=${value}`),
  ];
}

/** Lines "array job|task|state|name|reason". */
export function parseSqueue(text: string): TaskState[] {
  return text.split("\n").filter((line) => line.includes("|")).map((line) => {
    const [job, task, state, name, ...reason] = line.trim().split("|");
    return { job, task: /^\d+$/.test(task) ? Number(task) : null, name, state, reason: reason.join("|") };
  });
}

/** Lines "job_task|state|name", tasks that have not begun as "job_[2-5,7]". */
export function parseSacct(text: string): TaskState[] {
  return text.split("\n").filter((line) => line.includes("|")).flatMap((line) => {
    const [id, words, name] = line.trim().split("|");
    const [job, place] = id.split("_");
    // "CANCELLED by 1000"
    const [state] = words.split(" ");
    return placesOf(place).map((task) => ({ job, task, name, state, reason: "" }));
  });
}

function placesOf(place: string | undefined): (number | null)[] {
  if (place === undefined) return [null];
  const inner = place.replaceAll(/[[\]]|%\d+/g, "");
  return inner.split(",").flatMap((part) => {
    const [first, last] = part.split("-").map(Number);
    if (!Number.isInteger(first)) return [];
    return Array.from({ length: (Number.isInteger(last) ? last : first) - first + 1 }, (_, index) => first + index);
  });
}

/** Runs a command to its end. @throws UsageError when it does not exist */
async function run(program: ProgramName, args: readonly string[], input = ""): Promise<{
  readonly code: number;
  readonly out: string;
  readonly err: string;
}> {
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command(program, { args: [...args], stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
  } catch (error) {
    // A program that does not exist is not allowed either.
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
    throw new UsageError(`There is no ${program} here: --executor slurm works where Slurm's commands are on the PATH`);
  }
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input)).catch(() => {});
  await writer.close().catch(() => {});
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  return { code, out: text(stdout), err: text(stderr).split("\n").filter((line) => line !== "").join(" ") };
}
