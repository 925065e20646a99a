/** Measuring processes: bound to their cores, one JSON value per line each way. */
import { join } from "node:path";
import { PROJECT_ROOT } from "../../common/project.ts";
import { oneLine } from "../../common/errors.ts";
import { linesOf } from "../workers/protocol.ts";
import type { OursJob } from "./ours.ts";
import type { Competitor, Drawing, Growth, Order, PeerName, Ready, Reply, Stretch, Unable } from "./types.ts";

/** Arguments of `deno` that every process of this project starts with. */
const DENO = ["run", "-q", "--no-prompt", `--config=${join(PROJECT_ROOT, "deno.json")}`, "-P=speed"];

/** The script of each peer and what its second argument is, under `peers/`. */
const SCRIPTS: Readonly<Record<PeerName, readonly string[]>> = {
  "torch-loop": ["torch_loop.py"],
  "torch-func": ["torch_func.py", "eager"],
  "torch-compile": ["torch_func.py", "compile"],
  jax: ["jax_peer.py"],
};

/** Characters of a process's error output that are kept for its obituary. */
const ERROR_TAIL = 600;

/** Where processes are started. */
export interface Place {
  /** Cores of this process, to bind others to; undefined where `taskset` is not to be had. */
  readonly cpus: readonly number[] | undefined;
  readonly python: string | undefined;
}

/** The cores that this process may use, as `taskset` tells; undefined without it. */
export async function ownCpus(): Promise<readonly number[] | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("taskset", { args: ["-cp", String(Deno.pid)], stderr: "null" })
      .output();
    return success ? cpuList(new TextDecoder().decode(stdout)) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return undefined;
    throw error;
  }
}

/** The cores in the last word of a line of `taskset -cp`: "pid 7's current affinity list: 0-2,5". */
export function cpuList(text: string): number[] {
  const list = text.trim().split(/\s+/).at(-1) ?? "";
  return list.split(",").flatMap((part) => {
    const [first, last] = part.split("-").map(Number);
    return Array.from({ length: (last ?? first) - first + 1 }, (_, i) => first + i);
  });
}

/** Threads of the libraries that read them from their environment. */
function threads(cores: number): Record<string, string> {
  const count = String(cores);
  return {
    OMP_NUM_THREADS: count,
    MKL_NUM_THREADS: count,
    TF_NUM_INTRAOP_THREADS: count,
    TF_NUM_INTEROP_THREADS: "1",
  };
}

/** Writes what peers need of a workload to a folder. It computes in a process of its own, which leaves this one small. */
export async function writeReference(workload: string, folder: string): Promise<void> {
  const script = join(PROJECT_ROOT, "bench", "speed", "reference.ts");
  const { success, stderr } = await new Deno.Command("deno", { args: [...DENO, script, workload, folder] }).output();
  if (!success) throw new Error(`Cannot compute the reference of ${workload}: ${new TextDecoder().decode(stderr)}`);
}

/** Whether a reply says that the process cannot take part. */
export function isUnable(reply: Reply): reply is Unable {
  return reply.type === "missing" || reply.type === "failed";
}

/** Whether a competitor's processes are bound to cores. Those on WebGPU are not: its driver's threads are not ours to crowd on one core. */
export function isBound({ cpus }: Place, { backend }: Competitor): boolean {
  return cpus !== undefined && backend !== "webgpu";
}

/** One process that measures one workload. */
export class Measurer {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #errors: Promise<string>;

  /**
   * Starts a process of this project.
   *
   * @param first position, among this process's cores, of the first one that it is bound to
   */
  static ours(place: Place, competitor: Competitor, job: OursJob, first: number): Measurer {
    const script = join(PROJECT_ROOT, "bench", "speed", "ours.ts");
    const where = isBound(place, competitor) ? place : { ...place, cpus: undefined };
    return new Measurer(where, competitor.cores, first, "deno", [...DENO, script, JSON.stringify(job)]);
  }

  /** Starts a peer's. @param folder what `writeReference` wrote */
  static peer(place: Place, competitor: Competitor, folder: string, warmUpS: number, first: number): Measurer {
    const [script, ...rest] = SCRIPTS[competitor.system as PeerName];
    const path = join(PROJECT_ROOT, "bench", "speed", "peers", script);
    const args = ["-B", path, folder, String(competitor.cores), String(warmUpS), ...rest];
    return new Measurer(place, competitor.cores, first, place.python ?? "", args);
  }

  private constructor({ cpus }: Place, cores: number, first: number, program: string, args: readonly string[]) {
    const bound = cpus?.slice(first, first + cores).join(",");
    const [command, all] = bound === undefined ? [program, args] : ["taskset", ["-c", bound, program, ...args]];
    this.#process = new Deno.Command(command, {
      args: [...all],
      env: threads(cores),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = linesOf(this.#process.stdout);
    this.#writer = this.#process.stdin.getWriter();
    this.#errors = tailOf(this.#process.stderr);
  }

  /** Waits until it is set up, checked and warm, or cannot be. */
  async ready(): Promise<Ready | Unable> {
    return await this.#reply() as Ready | Unable;
  }

  /** Measures for so many seconds, or one iteration if that takes longer. @throws when the process fails */
  stretch(seconds: number): Promise<Stretch> {
    return this.#order({ seconds });
  }

  /** @throws when the process fails */
  growth(iterations: number): Promise<Growth> {
    return this.#order({ growth: iterations });
  }

  /** @throws when the process fails */
  drawing(): Promise<Drawing> {
    return this.#order({ draw: true });
  }

  async #order<T extends Reply>(order: Order): Promise<T> {
    await this.#writer.write(new TextEncoder().encode(`${JSON.stringify(order)}\n`)).catch(() => {});
    const reply = await this.#reply();
    if (isUnable(reply)) throw new Error(reply.reason);
    return reply as T;
  }

  async #reply(): Promise<Reply> {
    for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
      if (line.value.startsWith("{")) return JSON.parse(line.value) as Reply;
    }
    const { code, signal } = await this.#process.status;
    const how = signal === null ? `exit status ${code}` : signal;
    return { type: "failed", reason: oneLine(`its process ended with ${how}. ${await this.#errors}`) };
  }

  /** Lets it end: its input ends. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#lines.return(undefined).catch(() => {});
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#process.status;
    await this.#errors;
  }
}

/** Reads a stream to its end and keeps its last characters. */
async function tailOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let tail = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) tail = (tail + text).slice(-ERROR_TAIL);
  return tail;
}
