/**
 * Tries what the tasks' walls are there to keep out, and prints as JSON which attempts were let through. Arguments: {@linkcode ProbeOptions} as JSON.
 */
import { join } from "node:path";
import { type Access, started, startNothingMore, withAccess } from "../../common/permissions.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { DENO, mayStart, Subprocess } from "../../common/subprocess.ts";

/** How to probe. */
export interface ProbeOptions {
  /** A folder outside the project. */
  readonly elsewhere: string;
  /** Asked for before anything is tried; the set is that of the process. */
  readonly wanted?: Access & { readonly set: string };
  /** Give up the right to start programs first. */
  readonly alone?: boolean;
}

const inProject = (path: string) => join(PROJECT_ROOT, path);
const nothing = crypto.randomUUID();

/** Removing what is not there needs the right to write and changes nothing. */
const write = (path: string) => () => Deno.removeSync(path);
const start = (command: string, ...args: string[]) => () =>
  void new Subprocess(command, { args, stdin: "null", stdout: "null", stderr: "null" }).outputSync();
/** Where it is allowed, nothing is sent: tests do not depend on a network. */
const connect = (hostname: string) => async () => {
  if (Deno.permissions.querySync({ name: "net", host: hostname }).state === "granted") return;
  (await Deno.connect({ hostname, port: 1 })).close();
};
const load = (path: string) => () => void Deno.dlopen(path, {});

/** By name, everything that is tried; each throws NotCapable where it is kept out. */
export const ATTEMPTS: Readonly<Record<string, (options: ProbeOptions) => unknown>> = {
  "read deno.json": () => Deno.readTextFileSync(inProject("deno.json")),
  "read the project": () => Deno.readTextFileSync(inProject("README.md")),
  "read elsewhere": ({ elsewhere }) => Deno.readTextFileSync(join(elsewhere, "file")),
  "read the user's files": () => [...Deno.readDirSync(Deno.build.os === "windows" ? "C:\\Users" : "/etc")],
  "write reports": write(inProject(`reports/${nothing}`)),
  "write the measurements": write(inProject(`reports/speed/${nothing}`)),
  "write downloads": write(inProject(`data/downloads/${nothing}`)),
  "write code": write(inProject(`bench/${nothing}`)),
  "write deno.jsr.json": () => Deno.openSync(inProject("deno.jsr.json"), { write: true }).close(),
  "write the native backend": write(inProject(`algorithms/tensor/tensorflow/${nothing}`)),
  "write the kernels": () => Deno.openSync(inProject("algorithms/tensor/wasm/kernels.wasm"), { write: true }).close(),
  "write the generated docs": () => Deno.openSync(inProject("docs/results.md"), { write: true }).close(),
  "write the gallery": write(inProject(`docs/gallery/${nothing}`)),
  "write elsewhere": ({ elsewhere }) => write(join(elsewhere, nothing))(),
  "connect to raw.githubusercontent.com": connect("raw.githubusercontent.com"),
  "connect to this machine": connect("127.0.0.1"),
  "connect to another host": connect("example.com"),
  "run deno": () => start(mayStart(Deno.execPath()) ? Deno.execPath() : DENO, "--version")(),
  "run sh": start("sh", "-c", "exit"),
  "run a compiler": start("g++", "--version"),
  "run python": start("python3", "--version"),
  "see BENCH_DATA_DIR": () => Deno.env.get("BENCH_DATA_DIR"),
  "see a filter of squeue": () => Deno.env.get("SQUEUE_USERS"),
  "see the summary of CI": () => Deno.env.get("GITHUB_STEP_SUMMARY"),
  "see TensorFlow's settings": () => Deno.env.get("TF_NUM_INTRAOP_THREADS"),
  "see a secret": () => Deno.env.get("AWS_SECRET_ACCESS_KEY"),
  "see all variables": () => Deno.env.toObject(),
  "see the memory": () => Deno.systemMemoryInfo(),
  "see the host's name": () => Deno.hostname(),
  "load the native backend": load(inProject("algorithms/tensor/tensorflow/build/none.so")),
  "load other native code": load(inProject("none.so")),
};

async function probe(options: ProbeOptions): Promise<string[]> {
  const allowed: string[] = [];
  for (const [name, attempt] of Object.entries(ATTEMPTS)) {
    try {
      await attempt(options);
      allowed.push(name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotCapable)) allowed.push(name);
    }
  }
  return allowed;
}

/** Begins the line with the result; a test runner prints others. */
export const MARK = "allowed: ";

/** Runs the probe. @returns the exit status */
export async function main(args: readonly string[]): Promise<number> {
  const options = JSON.parse(started(args).argv[0]) as ProbeOptions;
  if (options.wanted !== undefined) {
    const program = { set: options.wanted.set, script: "bench/testing/probe.ts" };
    const elsewhere = await withAccess(program, args, options.wanted);
    if (elsewhere !== undefined) return elsewhere;
  }
  if (options.alone) startNothingMore();
  console.log(MARK + JSON.stringify(await probe(options)));
  return 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
