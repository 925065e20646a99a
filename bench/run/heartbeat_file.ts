/** What a process is computing, kept in a small file for those who watch from elsewhere. Nothing but a display depends on it. */
import { join } from "node:path";
import { z } from "zod";
import { StorageError } from "../../common/errors.ts";
import { readIfPresent, removeIfPresent, writeAtomically } from "../../common/files.ts";
import type { ProgressMessage } from "../workers/protocol.ts";

/** Folder of these files within a run's folder. */
export const HEARTBEATS = "running";
/** Least time between two writes. */
const WRITE_MS = 2_000;
/** A process also says that it is alive when nothing changes. */
const HEARTBEAT_MS = 20_000;
/** A file that is older speaks of a process that has gone, unless a scheduler says otherwise. */
export const SILENT_MS = 120_000;

const heartbeatShape = z.object({
  host: z.string(),
  pid: z.int(),
  /** Job and array task of a cluster; "" elsewhere. */
  job: z.string(),
  /** When it was written, ISO 8601. */
  at: z.string(),
  units: z.array(z.object({
    id: z.string(),
    phase: z.string(),
    iteration: z.number(),
    iterations: z.number(),
  })),
});

/** Contents of such a file. */
export type HeartbeatRecord = z.infer<typeof heartbeatShape>;

/** Tells what this process computes until it ends. */
export class HeartbeatFile {
  readonly #path: string;
  readonly #job: string;
  readonly #units = new Map<string, HeartbeatRecord["units"][number]>();
  readonly #heartbeat: ReturnType<typeof setInterval>;
  #written = -Infinity;

  /** @param out folder of the run */
  constructor(out: string, job: string) {
    this.#job = job;
    this.#path = join(out, HEARTBEATS, `${hostName()}-${Deno.pid}.json`);
    this.#heartbeat = setInterval(() => this.#write(true), HEARTBEAT_MS);
  }

  progress({ unit, phase, iteration, iterations }: ProgressMessage): void {
    const known = this.#units.has(unit);
    this.#units.set(unit, { id: unit, phase, iteration, iterations });
    this.#write(!known);
  }

  unit(id: string): void {
    this.#units.delete(id);
    this.#write(false);
  }

  end(): void {
    clearInterval(this.#heartbeat);
    removeIfPresent(this.#path);
  }

  #write(always: boolean): void {
    const now = performance.now();
    if (!always && now - this.#written < WRITE_MS) return;
    this.#written = now;
    const file: HeartbeatRecord = {
      host: hostName(),
      pid: Deno.pid,
      job: this.#job,
      at: new Date().toISOString(),
      units: [...this.#units.values()],
    };
    try {
      writeAtomically(this.#path, JSON.stringify(file) + "\n");
    } catch (error) {
      // Nobody sees how far it is; results that cannot be kept say so themselves.
      if (!(error instanceof StorageError)) throw error;
    }
  }
}

/** Name of this machine; "here" where that cannot be found out. */
export function hostName(): string {
  try {
    return Deno.hostname().replaceAll(/[^\w.-]/g, "_");
  } catch {
    return "here";
  }
}

/** The files that processes of a run have left; damaged ones are passed over. */
export function readHeartbeats(out: string): HeartbeatRecord[] {
  const folder = join(out, HEARTBEATS);
  let names: string[];
  try {
    names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) => name.endsWith(".json"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  return names.sort().flatMap((name) => {
    const bytes = readIfPresent(join(folder, name));
    if (bytes === undefined) return [];
    try {
      return [heartbeatShape.parse(JSON.parse(new TextDecoder().decode(bytes)))];
    } catch {
      return [];
    }
  });
}
