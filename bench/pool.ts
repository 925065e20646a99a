/** Worker processes: each computes one unit at a time; one that dies is replaced and takes nothing with it. */
import { oneLine } from "./errors.ts";
import { decodeMessage, encodeMessage, linesOf, type ProgressMessage, type WorkerMessage } from "./protocol.ts";
import type { TrainingUnit } from "./types.ts";

/** How often a unit is given to another process after its process died. */
const RETRIES = 1;

/** What a pool is to do. */
export interface PoolOptions {
  /** Arguments of `deno` that start a worker. */
  readonly command: readonly string[];
  readonly workers: number;
  readonly units: readonly TrainingUnit[];
  readonly failFast: boolean;
  /** Ends all processes at once. */
  readonly signal: AbortSignal;
  onProgress?(message: ProgressMessage): void;
  /** After each unit. */
  onUnit?(unit: TrainingUnit, failures: Readonly<Record<string, string>>): void;
}

/** How it went. */
export interface PoolOutcome {
  /** Reasons by address, of units or of evaluations. */
  readonly failures: ReadonlyMap<string, string>;
  /** Why everything was stopped early; undefined when it was not. */
  readonly fatal: string | undefined;
}

/** Computes all units. Never throws for what a worker does. */
export async function runPool(options: PoolOptions): Promise<PoolOutcome> {
  const pool = new Pool(options);
  const { workers, units } = options;
  await Promise.all(Array.from({ length: Math.min(workers, units.length) }, () => pool.work()));
  return { failures: pool.failures, fatal: pool.fatal };
}

class Pool {
  readonly failures = new Map<string, string>();
  fatal: string | undefined;
  readonly #options: PoolOptions;
  readonly #waiting: { unit: TrainingUnit; deaths: number }[];
  readonly #stop = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#waiting = options.units.map((unit) => ({ unit, deaths: 0 }));
    const stop = () => this.#stop.abort();
    if (options.signal.aborted) stop();
    options.signal.addEventListener("abort", stop, { once: true });
  }

  /** One process after another until no unit waits. */
  async work(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      let worker: WorkerProcess;
      try {
        worker = new WorkerProcess(this.#options.command, this.#stop.signal);
      } catch (error) {
        this.#end(`Cannot start a worker process: ${oneLine(error)}`);
        return;
      }
      await this.#feed(worker);
      await worker.close();
    }
  }

  /** Gives units to a process until none waits or it dies. */
  async #feed(worker: WorkerProcess): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const outcome = await worker.compute(next.unit, this.#options.onProgress);
      if (this.#stop.signal.aborted) return;
      if (outcome.type === "fatal") return this.#end(outcome.reason);
      if (outcome.type === "done") {
        this.#settle(next.unit, outcome.failures);
        if (this.#stop.signal.aborted) return;
        continue;
      }
      if (next.deaths < RETRIES) this.#waiting.unshift({ unit: next.unit, deaths: next.deaths + 1 });
      else {this.#settle(next.unit, {
          [next.unit.id]: `its worker process died ${next.deaths + 1} times (${outcome.reason})`,
        });}
      return;
    }
  }

  #settle(unit: TrainingUnit, failures: Readonly<Record<string, string>>): void {
    for (const [id, reason] of Object.entries(failures)) this.failures.set(id, reason);
    this.#options.onUnit?.(unit, failures);
    const [reason] = Object.values(failures);
    if (reason !== undefined && this.#options.failFast) {
      this.#end(`Stopped at the first failure, as --fail-fast asks: ${reason}`);
    }
  }

  #end(reason: string): void {
    this.fatal ??= reason;
    this.#stop.abort();
  }
}

interface DiedMessage {
  readonly type: "died";
  readonly reason: string;
}

class WorkerProcess {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;

  constructor(command: readonly string[], signal: AbortSignal) {
    this.#process = new Deno.Command("deno", {
      args: [...command],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const kill = () => this.kill();
    signal.addEventListener("abort", kill, { once: true });
    void this.#process.status.then(() => signal.removeEventListener("abort", kill));
    this.#lines = linesOf(this.#process.stdout);
    this.#writer = this.#process.stdin.getWriter();
  }

  async compute(
    unit: TrainingUnit,
    onProgress?: (message: ProgressMessage) => void,
  ): Promise<Exclude<WorkerMessage, ProgressMessage> | DiedMessage> {
    try {
      await this.#writer.write(encodeMessage({ unit }));
      for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
        const message = decodeMessage<WorkerMessage>(line.value);
        if (message === undefined) continue;
        if (message.type !== "progress") return message;
        onProgress?.(message);
      }
    } catch {
      // Its pipes broke, or it wrote half a message: it is dead or as good as.
      this.kill();
    }
    const { code, signal } = await this.#process.status;
    return { type: "died", reason: signal === null ? `exit status ${code}` : signal };
  }

  kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  /** Lets it end by itself: its input ends. */
  async close(): Promise<void> {
    await this.#writer.close().catch(() => {});
    await this.#lines.return(undefined).catch(() => {});
    const patience = setTimeout(() => this.kill(), 1000);
    await this.#process.status;
    clearTimeout(patience);
  }
}
