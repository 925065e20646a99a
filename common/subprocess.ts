/**
 * Starting other processes. This project's own programs run on the Deno that runs this process, whatever comes first on the PATH; and variables that steer
 * the dynamic linker (LD_LIBRARY_PATH and its like) keep nobody from starting one.
 */
import { dirname } from "node:path";
import { UsageError } from "./errors.ts";

/** What permission sets call the Deno that runs this process. */
export const DENO = "deno";

/** Variables of the linker, which a process that may not start just anything has to empty for those that it starts; found out at the first start. */
const emptied = new Set<string>();

/** A process to be started, as `Deno.Command`. */
export class Subprocess {
  readonly #program: string;
  readonly #options: Deno.CommandOptions;

  /** @param program a path, or a name that is looked up on the PATH */
  constructor(program: string, options: Deno.CommandOptions = {}) {
    this.#program = program;
    this.#options = options;
  }

  /** Another process of the Deno that runs this one. @throws UsageError when this process may not start it */
  static deno(options: Deno.CommandOptions): Subprocess {
    return new Subprocess(denoProgram(), options);
  }

  spawn(): Deno.ChildProcess {
    try {
      return this.#command().spawn();
    } catch (error) {
      empty(error);
      return this.#command().spawn();
    }
  }

  async output(): Promise<Deno.CommandOutput> {
    try {
      return await this.#command().output();
    } catch (error) {
      empty(error);
      return await this.#command().output();
    }
  }

  outputSync(): Deno.CommandOutput {
    try {
      return this.#command().outputSync();
    } catch (error) {
      empty(error);
      return this.#command().outputSync();
    }
  }

  #command(): Deno.Command {
    const env = Object.fromEntries([...emptied].map((name) => [name, ""]));
    return new Deno.Command(this.#program, { ...this.#options, env: { ...env, ...this.#options.env } });
  }
}

/** Whether this process may start a program. */
export function mayStart(command: string): boolean {
  return Deno.permissions.querySync({ name: "run", command }).state === "granted";
}

/** Whether this process may start anything, so that the linker's variables reach what it starts. */
export function mayStartAnything(): boolean {
  return Deno.permissions.querySync({ name: "run" }).state === "granted";
}

/** Remembers the variables that keep a process from being started, to be emptied from now on. @throws the error where it is about something else */
function empty(error: unknown): void {
  const names = linkerVariables(error).filter((name) => !emptied.has(name));
  if (names.length === 0) throw error;
  for (const name of names) emptied.add(name);
}

/** The variables that Deno says must be unset; their names are known from its message only, since this process may not list its environment. */
export function linkerVariables(error: unknown): string[] {
  if (!(error instanceof Deno.errors.NotCapable)) return [];
  const names = /spawn subprocess with (\S.*?) environment variables?\./.exec(error.message)?.[1].split(", ") ?? [];
  return names.every((name) => /^(LD_|DYLD_)\S*$/i.test(name)) ? names : [];
}

let found: string | undefined;

/**
 * What starts the Deno that runs this process: its path where that may be started, else its name where the PATH leads to the same one.
 *
 * @throws UsageError with the way out when neither may be started
 */
export function denoProgram(): string {
  return found ??= findDeno();
}

function findDeno(): string {
  const path = Deno.execPath();
  if (mayStart(path)) return path;
  const wayOut = `start the command with "deno task", or put ${dirname(path)} first on the PATH`;
  if (!mayStart(DENO)) throw new UsageError(`Cannot start ${path}: that is not allowed here; ${wayOut}`);
  const { stdout } = new Subprocess(DENO, { args: ["eval", "-p", "Deno.execPath()"], stderr: "null" }).outputSync();
  const other = new TextDecoder().decode(stdout).trim();
  if (other === path) return DENO;
  throw new UsageError(`Cannot start ${path}: allowed is the deno that comes first on the PATH, ${other}; ${wayOut}`);
}
