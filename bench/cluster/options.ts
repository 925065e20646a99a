/** What a cluster is asked for: options of sbatch, from a file and from flags. */
import { z } from "zod";
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";

/** How jobs are submitted. */
export interface ClusterOptions {
  /** Long options of sbatch by name; "" for those without a value. */
  readonly sbatch: Readonly<Record<string, string>>;
  /** Lines of shell that run on a node before anything else, such as `module load deno`. */
  readonly setup: readonly string[];
  /** What an array task is to take, about. */
  readonly taskMinutes: number;
  /** Most tasks of one array. */
  readonly maxTasks: number;
  /** Most tasks of one array that run at once; undefined without a limit. */
  readonly tasksAtOnce: number | undefined;
}

const fileShape = z.strictObject({
  sbatch: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  setup: z.array(z.string()).optional(),
  taskMinutes: z.number().positive().max(100_000).optional(),
  maxTasks: z.int().min(1).max(100_000).optional(),
  tasksAtOnce: z.int().min(1).max(100_000).optional(),
});

/** An array may have 1,000 tasks unless the cluster's MaxArraySize says otherwise. */
const DEFAULTS = { taskMinutes: 30, maxTasks: 1000 };

/** Options that the command sets by itself, and why they cannot be chosen. */
const OWN: Readonly<Record<string, string>> = {
  array: "the plan decides how many tasks there are; see taskMinutes, maxTasks and tasksAtOnce",
  chdir: "jobs run in the project's folder",
  clusters: "jobs are watched on the cluster that they are submitted to",
  dependency: "stages wait for each other",
  error: "logs are in the run's folder, under slurm/",
  export: "jobs need the environment of the command",
  input: "jobs read nothing",
  "job-name": "jobs are recognised by their names",
  nodes: "a task runs on one node",
  ntasks: "a task is one process with its workers",
  "open-mode": "logs of a requeued task are appended",
  output: "logs are in the run's folder, under slurm/",
  parsable: "the command reads what sbatch prints",
  "test-only": "use --dry-run",
  wait: "use --wait",
  wrap: "the command is the job",
};

/** As Slurm reads it: 4096 (MiB), 4G or 4GB. */
const MEMORY = /^\d+([KMGT]B?)?$/i;
/** A number of devices, of a kind if wanted, or several of these: 2, a100:1 or a100:1,v100:2. */
const DEVICES = /^([\w.-]+:)?\d+(,([\w.-]+:)?\d+)*$/;

/** What Slurm 22.05 accepts; whatever is not here sbatch checks itself. */
const FORMS: Readonly<Record<string, readonly [form: RegExp, example: string]>> = {
  time: [
    /^(\d+(:\d\d?(:\d\d?)?)?|\d+-\d\d?(:\d\d?(:\d\d?)?)?|-1|UNLIMITED|INFINITE)$/i,
    "90 (minutes), 1:30:00 or 1-12",
  ],
  mem: [MEMORY, "4G"],
  "mem-per-cpu": [MEMORY, "2G"],
  "mem-per-gpu": [MEMORY, "8G"],
  "cpus-per-task": [/^[1-9]\d*$/, "4"],
  gpus: [DEVICES, "1 or a100:1"],
  "gpus-per-node": [DEVICES, "1 or a100:1"],
  "gpus-per-task": [DEVICES, "1 or a100:1"],
  partition: [/^[\w.,+-]+$/, "gpu"],
  account: [/^[\w.,+@-]+$/, "lab"],
  qos: [/^[\w.,+-]+$/, "normal"],
};

/**
 * Options of a file and of flags; flags win.
 *
 * @param file contents of the file, undefined without one
 * @param name of the file, for messages
 * @param given "name=value" or "name" each
 * @throws UsageError with one line about the first thing that is wrong
 */
export function clusterOptions(
  file: string | undefined,
  name: string,
  given: readonly string[],
  taskMinutes: number | undefined,
): ClusterOptions {
  const held = file === undefined ? {} : parseFile(file, name);
  const sbatch = new Map<string, string>();
  for (const [option, value] of Object.entries(held.sbatch ?? {})) {
    if (value === false) continue;
    sbatch.set(option, value === true ? "" : checked(`${name}: sbatch.${option}`, option, String(value)));
  }
  for (const text of given) {
    const [, option, value] = /^([^=]*)(?:=([\s\S]*))?$/.exec(text.replace(/^--/, "")) ?? [];
    if (value === "") {
      throw new UsageError(
        `--sbatch ${JSON.stringify(text)}: ${option} has no value; leave = out for an option without one`,
      );
    }
    sbatch.set(option, checked(`--sbatch ${JSON.stringify(text)}`, option, value ?? ""));
  }
  for (const option of sbatch.keys()) checkName(option);
  return {
    sbatch: Object.fromEntries(sbatch),
    setup: held.setup ?? [],
    taskMinutes: taskMinutes ?? held.taskMinutes ?? DEFAULTS.taskMinutes,
    maxTasks: held.maxTasks ?? DEFAULTS.maxTasks,
    tasksAtOnce: held.tasksAtOnce,
  };
}

function parseFile(text: string, name: string): z.infer<typeof fileShape> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  const parsed = fileShape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue.code === "unrecognized_keys") {
    throw new UsageError(`${name}: ${unknownName("key", issue.keys[0], Object.keys(fileShape.shape))}`);
  }
  throw new UsageError(`${name}: ${issue.path.join(".") || "the file"}: ${issue.message}`);
}

function checkName(option: string): void {
  if (!/^[a-z][a-z0-9-]*$/.test(option)) {
    throw new UsageError(`"${option}" is no long option of sbatch: write for example partition=gpu or exclusive`);
  }
  if (Object.hasOwn(OWN, option)) throw new UsageError(`sbatch's ${option} cannot be chosen: ${OWN[option]}`);
}

function checked(where: string, option: string, value: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what is looked for
  if (/[\x00-\x1f]/.test(value)) throw new UsageError(`${where}: a value is one line of text`);
  if (!Object.hasOwn(FORMS, option)) return value;
  const [form, example] = FORMS[option];
  if (!form.test(value)) {
    throw new UsageError(`${where}: ${JSON.stringify(value)} is no ${option} of sbatch; write for example ${example}`);
  }
  return value;
}

/** Seconds of a time limit as sbatch reads it; undefined without a limit. */
export function limitSeconds(time: string | undefined): number | undefined {
  // No minutes at all are no limit either.
  if (time === undefined || !/^\d/.test(time) || /^[0:-]+$/.test(time)) return undefined;
  const [days, rest] = time.includes("-") ? time.split("-") : [undefined, time];
  const parts = rest.split(":").map(Number);
  // With days, numbers begin with hours; without, two are minutes and seconds, and one is minutes.
  const [hours, minutes, seconds] = days !== undefined
    ? [parts[0], parts[1] ?? 0, parts[2] ?? 0]
    : parts.length === 3
    ? parts
    : [0, parts[0], parts[1] ?? 0];
  return Number(days ?? 0) * 86_400 + hours * 3600 + minutes * 60 + seconds;
}
