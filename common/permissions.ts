/**
 * The walls of the tasks. Their permission sets in deno.json cover the project and its own folders; a call that names folders elsewhere starts itself
 * again, allowed to use those too and nothing else.
 */
import { join, resolve } from "node:path";
import { EXIT, UsageError } from "./errors.ts";
import { PROJECT_ROOT } from "./project.ts";
import { DENO, mayStart, mayStartAnything, Subprocess } from "./subprocess.ts";
import { calledIn } from "./user_paths.ts";

const CONFIG = join(PROJECT_ROOT, "deno.json");

/** Marks a process that has been started again: once per time, before its other arguments. */
export const GRANTED = "--_granted";

/** Begins the mark by which a task says the process that runs it, since that one may have ended before this one looks. */
const TASK = "--_task=";

/** A call may learn what it lacks from its arguments, from a file that those name, and from one that this one names. */
const MAX_STARTS = 3;

/** What a call uses: files and folders, absolute or relative to the working directory, and programs. */
export interface Access {
  readonly read?: readonly string[];
  readonly write?: readonly string[];
  /** Names of programs to run. */
  readonly run?: readonly string[];
  /** Names of programs to run as well, where there are such. */
  readonly mayRun?: readonly string[];
}

/** A program of this project that may start itself again. */
export interface Program {
  /** Name of its set of permissions in deno.json. */
  readonly set: string;
  /** Its file, relative to the project. */
  readonly script: string;
}

/** How a command was started. */
interface Started {
  /** How often it has been started again. */
  readonly again: number;
  /** The process of `deno task`, where one started it. */
  readonly task: number | undefined;
  /** Its arguments as the user gave them. */
  readonly argv: readonly string[];
}

/** Takes a command's arguments apart. */
export function started(args: readonly string[]): Started {
  const first = args.findIndex((arg) => arg !== GRANTED && !arg.startsWith(TASK));
  const marks = first < 0 ? args : args.slice(0, first);
  const task = marks.find((arg) => arg.startsWith(TASK))?.slice(TASK.length);
  return {
    again: marks.filter((arg) => arg === GRANTED).length,
    task: task === undefined || !/^[1-9]\d*$/.test(task) ? undefined : Number(task),
    argv: args.slice(marks.length),
  };
}

/** Whether the process may not do something of this. */
function lacks({ read = [], write = [], run = [] }: Access): boolean {
  const needed: Deno.PermissionDescriptor[] = [
    ...read.map((path) => ({ name: "read", path: resolve(path) } as const)),
    ...write.map((path) => ({ name: "write", path: resolve(path) } as const)),
  ];
  return needed.some((descriptor) => Deno.permissions.querySync(descriptor).state !== "granted") ||
    !run.every(mayStart);
}

/** The lists of a permission set; what is a path is resolved, and so is the Deno that runs this process. */
function own(set: string, name: "read" | "write" | "run"): string[] {
  const { permissions } = JSON.parse(Deno.readTextFileSync(CONFIG)) as {
    permissions: Record<string, Partial<Record<typeof name, readonly string[] | boolean>>>;
  };
  const list = permissions[set][name];
  if (!Array.isArray(list)) return [];
  if (name === "run") return list.map((program: string) => program === DENO ? Deno.execPath() : program);
  return list.map((path: string) => resolve(PROJECT_ROOT, path));
}

/**
 * Runs a program again where this process lacks access that the call needs. Signals are passed on; the other process ends with this one.
 *
 * @param args as the program got them, {@linkcode GRANTED} included
 * @returns the other process's exit status; undefined when nothing is lacking
 * @throws UsageError when a path cannot be granted, or a program does not exist
 */
export async function withAccess(
  { set, script }: Program,
  args: readonly string[],
  access: Access,
): Promise<number | undefined> {
  requireOrdinary([...access.read ?? [], ...access.write ?? []]);
  if (!lacks(access)) return undefined;
  const comma = [...access.read ?? [], ...access.write ?? [], ...access.run ?? []].find((path) => path.includes(","));
  if (comma !== undefined) throw new UsageError(`Cannot use ${comma}: choose a path without a comma`);
  if (started(args).again >= MAX_STARTS) {
    // A program that does not exist cannot be granted.
    const absent = access.run?.find((program) => lacks({ run: [program] }));
    if (absent !== undefined) throw new UsageError(`Cannot run ${absent}: there is no such program on the PATH`);
    throw new Error(`internal: ${script} was started again and lacks access still`);
  }
  return await start([...startArguments({ set, script }, access), GRANTED, ...args]);
}

/** Deno gives nobody a part of the system's own file trees. @throws UsageError for a path in one of them */
function requireOrdinary(paths: readonly string[]): void {
  if (Deno.permissions.querySync({ name: "read" }).state === "granted") return;
  const wrong = paths.find((path) => /^\/(dev|proc|sys)(\/|$)/.test(resolve(path)));
  if (wrong === undefined) return;
  throw new UsageError(
    `Cannot use ${wrong}: Deno keeps programs out of /dev, /proc and /sys unless they may do anything; choose a path elsewhere`,
  );
}

/** Arguments of deno that start a program with its own permissions and this access too. */
export function startArguments({ set, script }: Program, access: Access): string[] {
  const flags = (["read", "write", "run"] as const).flatMap((name) => {
    if (name === "run" && mayStartAnything()) return ["--allow-run"];
    const wanted = name === "run" ? [...access.run ?? [], ...access.mayRun ?? []] : access[name] ?? [];
    const all = [...own(set, name), ...name === "run" ? wanted : wanted.map((path) => resolve(path))];
    return all.length === 0 ? [] : [`--allow-${name}=${[...new Set(all)].join(",")}`];
  });
  return ["run", "-q", "--no-prompt", `--config=${CONFIG}`, `-P=${set}`, ...flags, join(PROJECT_ROOT, script)];
}

async function start(args: readonly string[]): Promise<number> {
  const child = Subprocess.deno({
    args: [...args],
    // Nothing is ever written to it: its end tells the child that this process is gone, killed perhaps.
    stdin: "piped",
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch {
        // It has ended already.
      }
    });
  }
  const { code, signal } = await child.status;
  if (signal !== null) console.error(`error: ${deathOf(signal)}`);
  return code;
}

/** What is to be said of a process that a signal has ended. */
function deathOf(signal: string): string {
  const by = signal === "SIGKILL"
    ? "by somebody, or by the system because memory ran out"
    : "by somebody, or by itself";
  return `The process that did the work was ended with ${signal}, ${by}. What is finished is kept; run the same command again to go on`;
}

/** How often a process looks whether `deno task`, which started it, is still there. */
const LOOK_MS = 250;

/**
 * Ends this process as soon as the `deno task` that started it has ended, killed perhaps: nothing goes on that nobody sees any more. Other processes that
 * start a command may leave it running. On Windows processes do not learn of that.
 *
 * @param args as the command got them
 */
export function endWithTask(args: readonly string[]): void {
  const { again, task } = started(args);
  if (calledIn() === undefined && task === undefined) return;
  const parent = again === 0 && task !== undefined ? task : Deno.ppid;
  if (Deno.ppid !== parent) Deno.exit(EXIT.interrupted);
  const timer = setInterval(() => Deno.ppid === parent || Deno.exit(EXIT.interrupted), LOOK_MS);
  Deno.unrefTimer(timer);
}

/** Ends a process that was started again as soon as the one that started it has ended, so that killing that one stops the run. */
export async function endWithParent(): Promise<never> {
  try {
    for await (const _ of Deno.stdin.readable);
  } catch {
    // A broken pipe says the same.
  }
  Deno.exit(EXIT.interrupted);
}

/** From here on this process starts no other: what follows reads files that it has no reason to trust. */
export function startNothingMore(): void {
  Deno.permissions.revokeSync({ name: "run" });
}
