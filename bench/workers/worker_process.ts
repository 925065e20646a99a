/** One worker process as the coordinator sees it: it is given units, watched, and ended when it must be. */
import type { Job } from "./job.ts";
import {
  decodeMessage,
  type DoneMessage,
  encodeMessage,
  type FatalMessage,
  type HeartbeatMessage,
  linesOf,
  type WorkerMessage,
} from "./protocol.ts";
import { traceParent } from "../../common/tracing.ts";
import type { TrainingUnit } from "../store/types.ts";

/** What a worker process must keep to while it computes. */
export interface Limits {
  /** Longest time without progress, seconds. */
  readonly stallS: number;
  /** Most resident memory, MiB. */
  readonly memoryMib: number;
}

/** A worker may take its time and all the memory there is. */
export const NO_LIMITS: Limits = { stallS: Infinity, memoryMib: Infinity };

/** How long a worker that is asked to end may take to save where it is. */
const GRACE_MS = 1300;

/** How often the time without progress is looked at. */
const CHECK_MS = 200;

/** The process ended, by itself or because it had to. */
export interface Death {
  readonly type: "died";
  readonly reason: string;
}

/** A running process. */
export class WorkerProcess {
  readonly #process: Deno.ChildProcess;
  readonly #lines: AsyncGenerator<string>;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #limits: Limits;
  /** Why the coordinator ended it. */
  #sentence: string | undefined;

  /**
   * Starts it.
   *
   * @param command arguments of `deno`
   * @param signal ends it, after a moment to save where it is
   * @throws what the system says when it cannot be started
   */
  constructor(command: readonly string[], limits: Limits, signal: AbortSignal) {
    this.#process = new Deno.Command("deno", {
      args: [...command],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#limits = limits;
    const stop = () => void this.close();
    signal.addEventListener("abort", stop, { once: true });
    void this.#process.status.then(() => signal.removeEventListener("abort", stop));
    this.#lines = linesOf(this.#process.stdout);
    this.#writer = this.#process.stdin.getWriter();
  }

  /** Hands it a unit and waits for the end of it. */
  async compute(
    unit: TrainingUnit,
    { onProgress, onWarning }: Pick<Job, "onProgress" | "onWarning">,
  ): Promise<DoneMessage | FatalMessage | Death> {
    const watch = new Watchman(this.#limits, (reason) => this.#end(reason));
    try {
      await this.#writer.write(encodeMessage({ unit, trace: traceParent() }));
      for (let line = await this.#lines.next(); !line.done; line = await this.#lines.next()) {
        const message = decodeMessage<WorkerMessage>(line.value);
        if (message?.type === "heartbeat") watch.heartbeat(message);
        else if (message?.type === "progress") onProgress?.(message);
        else if (message?.type === "warning") onWarning?.(message.text);
        else if (message !== undefined) return message;
      }
    } catch {
      // Its pipes broke, or it wrote half a message: it is dead or as good as.
      this.#kill();
    } finally {
      watch.end();
    }
    const { code, signal } = await this.#process.status;
    return { type: "died", reason: this.#sentence ?? (signal === null ? `exit status ${code}` : signal) };
  }

  #end(reason: string): void {
    this.#sentence ??= reason;
    this.#kill();
  }

  #kill(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }

  /** Lets it end by itself, which it does when its input ends, or ends it after a moment. */
  async close(): Promise<void> {
    // Not waited for: a worker that hangs reads nothing.
    void this.#writer.close().catch(() => {});
    const patience = setTimeout(() => this.#kill(), GRACE_MS);
    await this.#process.status;
    clearTimeout(patience);
    await this.#lines.return(undefined).catch(() => {});
  }
}

/** Sees to it that a worker keeps to its limits. */
class Watchman {
  readonly #limits: Limits;
  readonly #sentence: (reason: string) => void;
  readonly #timer: ReturnType<typeof setInterval>;
  #steps: number | undefined;
  #idleMs = 0;
  #checked = performance.now();

  constructor(limits: Limits, sentence: (reason: string) => void) {
    this.#limits = limits;
    this.#sentence = sentence;
    this.#timer = setInterval(() => this.#check(), CHECK_MS);
  }

  heartbeat({ steps, rssMib }: HeartbeatMessage): void {
    if (steps !== this.#steps) this.#idleMs = 0;
    this.#steps = steps;
    const { memoryMib } = this.#limits;
    if (rssMib > memoryMib) {
      this.#sentence(`ended at ${Math.round(rssMib)} MiB of memory, above --memory-limit ${memoryMib}`);
    }
  }

  /** Time counts only as far as this process was running too: it may have been stopped, or the machine asleep. */
  #check(): void {
    const now = performance.now();
    this.#idleMs += Math.min(now - this.#checked, 2 * CHECK_MS);
    this.#checked = now;
    const { stallS } = this.#limits;
    if (this.#idleMs > stallS * 1000) this.#sentence(`ended after ${stallS} s without progress, see --stall-after`);
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
