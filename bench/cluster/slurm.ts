/** Slurm, through its commands. */
import { PROJECT_ROOT } from "../../common/project.ts";
import { UsageError } from "../../common/errors.ts";
import { isLive, type JobRequest, type Scheduler, type TaskState } from "./scheduler.ts";
import { Subprocess } from "../../common/subprocess.ts";

/** The commands that are needed. */
export const SLURM_PROGRAMS = ["sbatch", "squeue", "scancel"] as const;
/** Asked for how jobs ended, where there are accounts. */
export const SLURM_ACCOUNTS = ["sacct"] as const;

/** Variables by which a user has squeue and scancel leave jobs out, however they are called here. */
const FILTERS = [
  ...["ACCOUNT", "LICENSES", "NAMES", "PARTITION", "QOS", "SORT", "USERS"].map((name) => `SQUEUE_${name}`),
  ...["ACCOUNT", "BATCH", "FULL", "HURRY", "INTERACTIVE", "NAME"].map((name) => `SCANCEL_${name}`),
  ...["PARTITION", "QOS", "STATE", "USER", "VERBOSE", "WCKEY"].map((name) => `SCANCEL_${name}`),
];

type ProgramName = typeof SLURM_PROGRAMS[number] | typeof SLURM_ACCOUNTS[number];

/** The Slurm cluster whose commands are on the PATH. */
export const slurm: Scheduler = {
  async submit(request) {
    const { code, out, err } = await run("sbatch", sbatchArguments(request), request.script);
    if (code !== 0) throw new UsageError(`sbatch refused the job: ${err || out || `exit status ${code}`}`);
    const id = parseSbatch(out);
    if (id !== undefined) return id;
    // The job is queued, whatever else was printed; its name is its own.
    const jobs = new Set((await slurm.tasks([request.name])).filter(isLive).map(({ job }) => job));
    if (jobs.size === 1) return [...jobs][0];
    throw new UsageError(
      `sbatch printed no job's id (${JSON.stringify((out || err).slice(0, 200))}), and squeue shows ${
        jobs.size === 0 ? "no job" : "several jobs"
      } of the name ${request.name}: see squeue --all --name=${request.name}`,
    );
  },

  async tasks(names) {
    if (names.length === 0) return [];
    const { code, out, err } = await run("squeue", [
      // Without --all it passes over jobs in hidden partitions.
      ...["--noheader", "--all", "--array", "--states=all", `--name=${names.join(",")}`],
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
export function sbatchArguments({ name, tasks, atOnce, after, log, workers, options }: JobRequest): string[] {
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
    ...tasks === undefined ? [] : [`--array=0-${tasks - 1}${atOnce === undefined ? "" : `%${atOnce}`}`],
    ...after.length === 0 ? [] : [`--dependency=${after.map((job) => `afterany:${job}`).join(",")}`],
    ...entries.map(([option, value]) => value === "" ? `--${option}` : `--${option}=${value}`),
  ];
}

/**
 * The job's id in what sbatch prints: a line "12" or "12;cluster", or "Submitted batch job 12" where it is wrapped so that `--parsable` is lost. Sites
 * print greetings around it.
 *
 * @returns undefined where it is not clear which line it is
 */
export function parseSbatch(text: string): string | undefined {
  const ids = text.split("\n").flatMap((line) =>
    /^(?:Submitted batch job )?(\d+)(?:;[\w.-]+| on cluster [\w.-]+)?$/.exec(line.trim())?.[1] ?? []
  );
  return ids.length === 1 ? ids[0] : undefined;
}

/** Lines "array job|task|state|name|reason"; others are a site's greetings. */
export function parseSqueue(text: string): TaskState[] {
  return text.split("\n").flatMap((line) => {
    const [, job, task, state, name, reason] = /^(\d+)\|(\d+|N\/A)\|([A-Z_]+)\|([^|]*)\|(.*)$/.exec(line.trim()) ?? [];
    if (job === undefined) return [];
    return [{ job, task: task === "N/A" ? null : Number(task), name, state, reason }];
  });
}

/** Lines "job_task|state|name", tasks that have not begun as "job_[2-5,7]"; others are a site's greetings. */
export function parseSacct(text: string): TaskState[] {
  return text.split("\n").flatMap((line) => {
    // "CANCELLED by 1000"
    const [, job, place, state, name] = /^(\d+)(?:_(\S+))?\|([A-Z_]+)(?: [^|]*)?\|([^|]*)$/.exec(line.trim()) ?? [];
    if (job === undefined) return [];
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

/** Runs a command to its end, without the user's filters. @throws UsageError when it does not exist */
async function run(program: ProgramName, args: readonly string[], input = ""): Promise<{
  readonly code: number;
  readonly out: string;
  readonly err: string;
}> {
  for (const name of FILTERS) Deno.env.delete(name);
  let child: Deno.ChildProcess;
  try {
    child = new Subprocess(program, { args: [...args], stdin: "piped", stdout: "piped", stderr: "piped" }).spawn();
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
