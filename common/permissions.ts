/**
 * The walls of the tasks. Their permission sets in deno.json cover the project and its own folders; a call that names folders elsewhere starts itself
 * again, allowed to use those too and nothing else.
 */
import { join, resolve } from "node:path";
import { UsageError } from "./errors.ts";
import { PROJECT_ROOT } from "./project.ts";

const CONFIG = join(PROJECT_ROOT, "deno.json");

/** Marks a process that has been started again: once per time, before its other arguments. */
export const GRANTED = "--_granted";

/** A call may learn once what it lacks from its arguments, and once from a file that those name. */
const MAX_STARTS = 2;
const STOPPED = 130;
const FAILED = 1;

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

/** The arguments of a command as the user gave them, and how often it has been started again. */
export function started(args: readonly string[]): { readonly again: number; readonly argv: readonly string[] } {
  const first = args.findIndex((arg) => arg !== GRANTED);
  const again = first < 0 ? args.length : first;
  return { again, argv: args.slice(again) };
}

/** Whether the process may not do something of this. */
function lacks({ read = [], write = [], run = [] }: Access): boolean {
  const needed: Deno.PermissionDescriptor[] = [
    ...read.map((path) => ({ name: "read", path: resolve(path) } as const)),
    ...write.map((path) => ({ name: "write", path: resolve(path) } as const)),
    ...run.map((command) => ({ name: "run", command } as const)),
  ];
  return needed.some((descriptor) => Deno.permissions.querySync(descriptor).state !== "granted");
}

/** The lists of a permission set; what is a path is resolved. */
function own(set: string, name: "read" | "write" | "run"): string[] {
  const { permissions } = JSON.parse(Deno.readTextFileSync(CONFIG)) as {
    permissions: Record<string, Partial<Record<typeof name, readonly string[] | boolean>>>;
  };
  const list = permissions[set][name];
  if (!Array.isArray(list)) return [];
  return name === "run" ? list : list.map((path: string) => resolve(PROJECT_ROOT, path));
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

/** Arguments of deno that start a program with its own permissions and this access too. */
export function startArguments({ set, script }: Program, access: Access): string[] {
  const flags = (["read", "write", "run"] as const).flatMap((name) => {
    const wanted = name === "run" ? [...access.run ?? [], ...access.mayRun ?? []] : access[name] ?? [];
    const all = [...own(set, name), ...name === "run" ? wanted : wanted.map((path) => resolve(path))];
    return all.length === 0 ? [] : [`--allow-${name}=${[...new Set(all)].join(",")}`];
  });
  return ["run", "-q", "--no-prompt", `--config=${CONFIG}`, `-P=${set}`, ...flags, join(PROJECT_ROOT, script)];
}

async function start(args: readonly string[]): Promise<number> {
  const child = new Deno.Command("deno", {
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
  return signal === null ? code : FAILED;
}

/** Ends a process that was started again as soon as the one that started it has ended, so that killing that one stops the run. */
export async function endWithParent(): Promise<never> {
  try {
    for await (const _ of Deno.stdin.readable);
  } catch {
    // A broken pipe says the same.
  }
  Deno.exit(STOPPED);
}

/** From here on this process starts no other: what follows reads files that it has no reason to trust. */
export function startNothingMore(): void {
  Deno.permissions.revokeSync({ name: "run", command: "deno" });
}
