/** `status.json`: how far a run on this machine is, for people and programs that watch from elsewhere. Nothing depends on it but what they see. */
import { join } from "node:path";
import { z } from "zod";
import { hostName } from "./heartbeat_file.ts";
import { StorageError } from "../../common/errors.ts";
import { readIfPresent, writeAtomically } from "../../common/files.ts";
import { OUT_FILES } from "./out_folder.ts";
import type { ProgressMessage } from "../workers/protocol.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Time between two writes, seconds. */
export const WRITE_S = 2;

const count = z.int().min(0);

const statusShape = z.object({
  format: z.literal(1),
  /** `running`; or how it ended: `finished` (cells may have failed), `interrupted`, `stopped` (by an error). */
  state: z.enum(["running", "finished", "interrupted", "stopped"]),
  sweep: z.string(),
  backend: z.string(),
  workers: count,
  host: z.string(),
  pid: count,
  /** ISO 8601. */
  started: z.string(),
  updated: z.string(),
  /** Written this often while it runs; an older one speaks of a process that has gone. */
  everyS: z.number(),
  /** What it is at: `tune`, `train`, `report`; null before and after. */
  stage: z.string().nullable(),
  stages: z.array(z.object({ stage: z.string(), total: count, done: count, failed: count, running: count })),
  /** Cells of the sweep, and those whose unit is done; null before the sweep is planned. */
  cells: z.object({ total: count, done: count }).nullable(),
  /** Until the stage ends, seconds; null where nothing can be said yet. */
  etaS: z.number().nullable(),
  computing: z.array(z.object({
    unit: z.string(),
    dataset: z.string(),
    algorithm: z.string(),
    seed: count,
    phase: z.string(),
    iteration: z.number(),
    iterations: z.number(),
    loss: z.number().nullable(),
  })),
});

/** Contents of status.json. */
export type StatusFile = z.infer<typeof statusShape>;

type Counts = StatusFile["stages"][number];

/** Tells how far a run is until it ends. */
export class LiveStatus {
  readonly #out: string;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #facts: Pick<StatusFile, "sweep" | "backend" | "workers" | "host" | "pid" | "started">;
  readonly #stages: Counts[] = [];
  readonly #computing = new Map<string, StatusFile["computing"][number]>();
  #units = new Map<string, TrainingUnit>();
  #cellsOf: ReadonlyMap<string, number> | undefined;
  #cells: StatusFile["cells"] = null;
  #etaS: () => number | null = () => null;
  #stage: string | null = null;
  #state: StatusFile["state"] = "running";

  /** @param out folder of the run, which is this process's */
  constructor(out: string, facts: Pick<StatusFile, "sweep" | "backend" | "workers">) {
    this.#out = out;
    this.#facts = { ...facts, host: hostName(), pid: Deno.pid, started: new Date().toISOString() };
    this.#timer = setInterval(() => this.#write(), WRITE_S * 1000);
    this.#write();
  }

  /** The sweep is planned: how many cells hang on each unit, by address. Those that are skipped hang on none. */
  planned(cells: readonly { readonly unit: string }[]): void {
    this.#cellsOf = new Map([...Map.groupBy(cells, ({ unit }) => unit)].map(([unit, own]) => [unit, own.length]));
    this.#cells = { total: cells.length, done: this.#cellsOf.get("") ?? 0 };
  }

  /** A stage begins with what the store lacks of its units. */
  begin(stage: string, units: readonly TrainingUnit[], missing: readonly TrainingUnit[]): void {
    this.#stage = stage;
    this.#units = new Map(missing.map((unit) => [unit.id, unit]));
    this.#stages.push({ stage, total: units.length, done: units.length - missing.length, failed: 0, running: 0 });
    for (const { id } of units) if (!this.#units.has(id)) this.#countCells(id);
    this.#write();
  }

  /** Whom to ask how long the stage takes. */
  timed(etaS: () => number | null): void {
    this.#etaS = etaS;
  }

  /** A worker has come further. */
  progress({ unit, phase, iteration, iterations, loss }: ProgressMessage): void {
    const spec = this.#units.get(unit)?.spec;
    if (spec === undefined) return;
    const { dataset, algorithm, seed } = spec;
    this.#computing.set(unit, { unit, dataset, algorithm, seed, phase, iteration, iterations, loss });
  }

  /** A unit has ended, whether it is done or has failed. */
  unit(id: string, failed: boolean): void {
    this.#computing.delete(id);
    const counts = this.#stages[this.#stages.length - 1];
    if (failed) counts.failed++;
    else counts.done++;
    if (!failed) this.#countCells(id);
  }

  #countCells(id: string): void {
    if (this.#cells === null) return;
    this.#cells = { ...this.#cells, done: this.#cells.done + (this.#cellsOf?.get(id) ?? 0) };
  }

  /** Nothing computes any more; the next stage, if any, is named. */
  rest(stage: string | null): void {
    this.#computing.clear();
    this.#etaS = () => null;
    this.#stage = stage;
    this.#write();
  }

  /** Leaves the final state; the first one said is final. */
  end(state: Exclude<StatusFile["state"], "running">): void {
    if (this.#state !== "running") return;
    clearInterval(this.#timer);
    this.#state = state;
    this.rest(null);
  }

  #write(): void {
    const running = this.#computing.size;
    const file: StatusFile = {
      format: 1,
      state: this.#state,
      ...this.#facts,
      updated: new Date().toISOString(),
      everyS: WRITE_S,
      stage: this.#stage,
      stages: this.#stages.map((counts, i) => i === this.#stages.length - 1 ? { ...counts, running } : counts),
      cells: this.#cells,
      etaS: this.#etaS(),
      computing: [...this.#computing.values()],
    };
    try {
      writeAtomically(join(this.#out, OUT_FILES.status), JSON.stringify(file, undefined, 2) + "\n");
    } catch (error) {
      // Nobody sees how far it is; results that cannot be kept say so themselves.
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

/** What a run says of itself; undefined when it says nothing, or nothing that this version understands. */
export function readStatus(out: string): StatusFile | undefined {
  const bytes = readIfPresent(join(out, OUT_FILES.status));
  if (bytes === undefined) return undefined;
  try {
    return statusShape.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}
