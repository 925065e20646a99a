/** Worker processes: each computes one unit at a time; one that dies is replaced and takes nothing with it. */
import { oneLine } from "../../common/errors.ts";
import type { Job, Outcome } from "./job.ts";
import { traced } from "../../common/tracing.ts";
import { describeSpec } from "../units/unit.ts";
import type { TrainingUnit } from "../store/types.ts";
import { type Limits, NO_LIMITS, WorkerProcess } from "./worker_process.ts";

/** How often a unit is given to another process after its process died. */
const RETRIES = 1;

/** What a pool is to do, and with what. */
export interface PoolOptions extends Job {
  /** Arguments of `deno` that start a worker. */
  readonly command: readonly string[];
  readonly workers: number;
  /** What a worker process must keep to; nothing unless given. */
  readonly limits?: Limits;
}

/** Computes all units. Never throws for what a worker does. */
export async function runPool(options: PoolOptions): Promise<Outcome> {
  const pool = new Pool(options);
  const { workers, units } = options;
  await Promise.all(Array.from({ length: Math.min(workers, units.length) }, () => pool.work()));
  return { failures: pool.failures, fatal: pool.fatal };
}

/** A unit and why the processes died that were to compute it. */
interface Waiting {
  readonly unit: TrainingUnit;
  readonly deaths: readonly string[];
}

class Pool {
  readonly failures = new Map<string, string>();
  fatal: string | undefined;
  readonly #options: PoolOptions;
  readonly #waiting: Waiting[];
  readonly #stop = new AbortController();

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#waiting = options.units.map((unit) => ({ unit, deaths: [] }));
    const stop = () => this.#stop.abort();
    if (options.signal.aborted) stop();
    options.signal.addEventListener("abort", stop, { once: true });
  }

  /** One process after another until no unit waits. */
  async work(): Promise<void> {
    const { command, limits = NO_LIMITS } = this.#options;
    while (this.#waiting.length > 0 && !this.#stop.signal.aborted) {
      let worker: WorkerProcess;
      try {
        worker = new WorkerProcess(command, limits, this.#stop.signal);
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
      const outcome = await this.#compute(worker, next.unit);
      if (this.#stop.signal.aborted) return;
      if (outcome.type === "fatal") return this.#end(outcome.reason);
      if (outcome.type === "died") return this.#bury(next, outcome.reason);
      this.#settle(next.unit, outcome.failures);
      if (this.#stop.signal.aborted) return;
    }
  }

  async #compute(worker: WorkerProcess, unit: TrainingUnit): ReturnType<WorkerProcess["compute"]> {
    return await traced("unit", { unit: unit.id, ...describeSpec(unit.spec) }, async (note) => {
      const outcome = await worker.compute(unit, this.#options);
      const [reason] = outcome.type === "done" ? Object.values(outcome.failures) : [outcome.reason];
      note({
        status: reason === undefined ? "ok" : outcome.type === "done" ? "failed" : outcome.type,
        reason: reason ?? null,
      });
      return outcome;
    });
  }

  /** A unit whose process died waits for another one, or has failed. */
  #bury({ unit, deaths: earlier }: Waiting, reason: string): void {
    const deaths = [...earlier, reason];
    if (deaths.length <= RETRIES) {
      this.#options.onWarning?.(`The worker process of ${nameOf(unit)} died (${reason}); the unit is tried once more`);
      this.#waiting.unshift({ unit, deaths });
    } else {
      const reasons = [...new Set(deaths)].join("; then ");
      this.#settle(unit, { [unit.id]: `its worker process died ${deaths.length} times (${reasons})` });
    }
  }

  #settle(unit: TrainingUnit, failures: Readonly<Record<string, string>>): void {
    for (const [id, reason] of Object.entries(failures)) this.failures.set(id, reason);
    try {
      this.#options.onUnit?.(unit, failures);
    } catch (error) {
      return this.#end(oneLine(error));
    }
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

/** A unit for people: "maml on sinusoid, seed 3 (unit 0123456789ab)". */
function nameOf({ id, spec: { algorithm, dataset, seed } }: TrainingUnit): string {
  return `${algorithm} on ${dataset}, seed ${seed} (unit ${id.slice(0, 12)})`;
}
