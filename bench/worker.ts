/** Entry of a worker process: computes units that arrive on stdin, one at a time, and reports on stdout. */
import { openEngine } from "./engine.ts";
import { DiskFullError, oneLine } from "./errors.ts";
import { decodeMessage, encodeMessage, linesOf, type UnitRequest } from "./protocol.ts";
import type { ProgressMessage, WorkerMessage, WorkerOptions } from "./protocol.ts";
import { Store } from "./store.ts";
import { computeUnit, type Engine } from "./unit.ts";

/** Least time between two progress messages of a phase. */
const PROGRESS_MS = 200;

/** Sends at once. When nobody listens any more there is nothing left to do here. */
function send(message: WorkerMessage): void {
  const bytes = encodeMessage(message);
  try {
    for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
  } catch {
    Deno.exit(0);
  }
}

/** Passes progress on, but not every iteration. */
function throttled(unit: string): (progress: Omit<ProgressMessage, "type" | "unit">) => void {
  let last = -Infinity;
  return (progress) => {
    const now = performance.now();
    if (now - last < PROGRESS_MS && progress.iteration > 0) return;
    last = now;
    send({ type: "progress", unit, ...progress });
  };
}

async function main(options: WorkerOptions): Promise<void> {
  const store = Store.open(options.store);
  let engine: Engine | undefined;
  for await (const line of linesOf(Deno.stdin.readable)) {
    const request = decodeMessage<UnitRequest>(line);
    if (request === undefined) continue;
    const { unit } = request;
    engine ??= await openEngine(options.backend, options.dataDir);
    const failures = await computeUnit(unit, store, engine, throttled(unit.id));
    send({ type: "done", unit: unit.id, failures });
  }
}

if (import.meta.main) {
  try {
    await main(JSON.parse(Deno.args[0]) as WorkerOptions);
  } catch (error) {
    const kind = error instanceof DiskFullError ? "" : "A worker process cannot go on: ";
    send({ type: "fatal", reason: kind + oneLine(error) });
    Deno.exit(1);
  }
  // Native backends may keep threads alive.
  Deno.exit(0);
}
