/** What the tests of faults share: runs as processes of their own, which can be hurt, and a look at what they leave. */
import { deepStrictEqual as equal } from "node:assert";
import { basename, join } from "node:path";
import { rng } from "../../common/random.ts";
import { HEARTBEATS, readHeartbeats } from "../run/heartbeat_file.ts";
import type { Checkpoint } from "../store/checkpoint.ts";
import { PROJECT_ROOT } from "../../common/project.ts";
import { OUT_FILES } from "../run/out_folder.ts";
import { Store } from "../store/store.ts";
import { writeSweep } from "./cli.ts";
import { denoProgram, Subprocess } from "../../common/subprocess.ts";

/** Whether all is to be tried (`deno task test:faults`), or as much as fits between other tests. */
export const FULL: boolean = Deno.args.includes("--full");

/** A number that `deno task test:faults --NAME=NUMBER` gives; undefined without. @throws Error when it is no whole number */
export function option(name: string): number | undefined {
  const text = Deno.args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new Error(`--${name}=${text}: expected a whole number`);
  return Number(text);
}

/** Seed of the moments at which things happen, printed so that they can happen again: `deno task test:faults --seed=N`. */
export const SEED: number = option("seed") ?? crypto.getRandomValues(new Uint32Array(1))[0];

/** How long readers of stored files are tried: `deno task test:faults --fuzz=10m`, or seconds, `--fuzz=30s`. Undefined without, and a minute with all. */
export const FUZZ_S: number | undefined = fuzzSeconds();

function fuzzSeconds(): number | undefined {
  const text = Deno.args.find((arg) => arg.startsWith("--fuzz="))?.slice("--fuzz=".length);
  if (text === undefined) return FULL ? 60 : undefined;
  const [, count, unit] = /^(\d{1,6})(s|m|h)$/.exec(text) ?? [];
  if (count === undefined) throw new Error(`--fuzz=${text}: expected a time such as 10m or 30s`);
  return Number(count) * { s: 1, m: 60, h: 3600 }[unit]!;
}

/** A stream of draws from [0, 1) that the seed and a name determine. */
export function draws(name: string): () => number {
  console.log(`${name}: --seed=${SEED}`);
  const generator = rng(["faults", name, SEED]);
  return () => generator.uniform();
}

/** Tables that a rerun must not change. */
const TABLES = [OUT_FILES.cells, OUT_FILES.episodes, OUT_FILES.verdicts, OUT_FILES.tuning, OUT_FILES.validation];

/** Their contents. */
export function tablesOf(out: string): string[] {
  return TABLES.map((name) => Deno.readTextFileSync(join(out, name)));
}

/** A sweep of trials, trainings and evaluations that takes a few seconds. */
export function busySweep(folder: string, iterations = 1500): string {
  return writeSweep(folder, (sweep) => {
    const [entry] = sweep.datasets as Record<string, Record<string, unknown>>[];
    Object.assign(entry, { hidden: [40, 40] });
    entry.hyper.iterations = iterations;
    entry.tuning.iterations = Math.ceil(iterations / 4);
  });
}

/** A sweep of one training of some seconds. */
export function longSweep(folder: string, iterations = 60_000): string {
  return writeSweep(folder, (sweep) => {
    sweep.algorithms = ["maml"];
    const [entry] = sweep.datasets as Record<string, unknown>[];
    entry.tuning = null;
    Object.assign(entry.hyper as Record<string, unknown>, { iterations, metaBatch: 16 });
    entry.hidden = [40, 40];
  });
}

/** Tests what takes long: only when all is to be tried. */
export function thorough(name: string, fn: () => Promise<void>, can = true): void {
  Deno.test({ name, ignore: !FULL || !can, fn });
}

/** What a killed run has left of its heartbeats says nothing about the next one. */
export function forgetHeartbeats(out: string): void {
  if (entriesOf(join(out, HEARTBEATS)).length > 0) Deno.removeSync(join(out, HEARTBEATS), { recursive: true });
}

/** A run of the command as a process of its own. */
export class Run {
  readonly child: Deno.ChildProcess;
  readonly ended: Promise<{ code: number; err: string; seconds: number }>;

  /**
   * @param out folder of the run
   * @param direct without it the run starts itself again to be allowed to use that folder, as a user's does
   */
  constructor(sweep: string, readonly out: string, flags: readonly string[] = [], { direct = true, wrapper = [] }: {
    readonly direct?: boolean;
    /** A command that runs the command. */
    readonly wrapper?: readonly string[];
  } = {}) {
    const start = performance.now();
    forgetHeartbeats(out);
    const given = flags.includes("--store") ? [flags[flags.indexOf("--store") + 1]] : [];
    const access = direct ? ["--allow-read", `--allow-write=${[out, ...given].join(",")}`] : [];
    const [program, ...args] = [
      ...wrapper,
      ...[
        denoProgram(),
        "run",
        "-q",
        "--no-prompt",
        "-P=bench",
        `--config=${join(PROJECT_ROOT, "deno.json")}`,
        ...access,
      ],
      ...[
        join(PROJECT_ROOT, "bench", "commands", "bench.ts"),
        "--sweep",
        sweep,
        "--out",
        out,
        "--backend",
        "wasm",
        "--workers",
        "2",
      ],
      ...flags,
    ];
    this.child = new Subprocess(program, { args, stdout: "null", stderr: "piped" }).spawn();
    this.ended = this.child.output().then(({ code, stderr }) => {
      return { code, err: new TextDecoder().decode(stderr), seconds: (performance.now() - start) / 1000 };
    });
  }

  /** Waits for its good end. */
  async succeeds(): Promise<void> {
    const { code, err } = await this.ended;
    equal(code, 0, err);
  }
}

/** Pauses. */
export function seconds(count: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, count * 1000));
}

/** Waits until something is so. @throws Error after two minutes, since machines may be busy */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | Promise<T | undefined | false>,
): Promise<T> {
  for (const start = performance.now(); performance.now() - start < 120_000; await seconds(0.01)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error(`it did not come to this: ${what}`);
}

/** The processes that have a text in their command line. */
export async function processesWith(text: string): Promise<{ readonly pid: number; readonly args: string }[]> {
  const { stdout } = await new Subprocess("ps", { args: ["-eo", "pid=,args=", "-ww"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line.includes(text))
    .map((line) => ({ pid: Number.parseInt(line, 10), args: line.trim() }));
}

/** Process ids of the workers that write to a store. */
export async function workersOf(store: string): Promise<number[]> {
  const found = await processesWith(`"store":"${store}"`);
  return found.filter(({ args }) => args.includes("bench/workers/worker.ts")).map(({ pid }) => pid);
}

/** Waits until a run trains, or has ended. */
export async function untilTraining({ out, ended }: { out: string; ended: Promise<unknown> }): Promise<void> {
  await Promise.race([until("a training", () => readHeartbeats(out).some(({ units }) => units.length > 0)), ended]);
}

/** Sends a signal to a process that is no child of this one. */
export async function signal(pid: number, name: "KILL" | "STOP" | "INT"): Promise<void> {
  await new Subprocess("kill", { args: [`-${name}`, String(pid)], stderr: "null" }).output();
}

/** Which write each result of a store stems from, by path within the store. Timings and checkpoints are no results. */
export function resultsOf(store: string): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (folder: string) => {
    for (const entry of entriesOf(join(store, folder))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory) walk(path);
      else if (/\.(json|state)$/.test(entry.name)) {
        try {
          const { ino, mtime } = Deno.statSync(join(store, path));
          found.set(path, `${ino} ${mtime?.getTime()}`);
        } catch {
          // It has just gone.
        }
      }
    }
  };
  for (const folder of ["training", "evaluation"]) walk(folder);
  // A state comes first; without a result it is none.
  for (const path of found.keys()) {
    if (path.endsWith(".state") && !found.has(path.replace(/state$/, "json"))) found.delete(path);
  }
  return found;
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    return [];
  }
}

/** Files below a folder. */
export function filesUnder(folder: string): string[] {
  return entriesOf(folder).flatMap(({ name, isDirectory }) =>
    isDirectory ? filesUnder(join(folder, name)) : [join(folder, name)]
  );
}

/** The checkpoint in the store of a run with one training; undefined when there is none. */
export function checkpointIn(store: string): Checkpoint | undefined {
  const path = filesUnder(join(store, "checkpoint")).find((file) => file.endsWith(".checkpoint"));
  return path === undefined ? undefined : Store.open(store).checkpoint(basename(path, ".checkpoint"));
}
