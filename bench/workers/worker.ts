/** Entry of a worker process: computes units that arrive on stdin, one at a time, and reports on stdout. */
import { openEngine } from "../units/engine.ts";
import { InterruptedError, oneLine, StorageError } from "../../common/errors.ts";
import { Inbox } from "./inbox.ts";
import type { WorkerMessage, WorkerOptions } from "./protocol.ts";
import { countStep, sendShared, sharedHeartbeat, startHeartbeat } from "./heartbeat.ts";
import { Store } from "../store/store.ts";
import { continued } from "../../common/tracing.ts";
import { computeUnit, type Control, type Engine, type UnitProgress } from "../units/unit.ts";

/** Least time between two progress messages of a phase. */
const PROGRESS_MS = 200;

const heartbeat = sharedHeartbeat();

/** Sends at once. When nobody listens any more there is nothing left to do here. */
function send(message: WorkerMessage): void {
  try {
    sendShared(heartbeat, message);
  } catch {
    Deno.exit(0);
  }
}

/** Passes progress on, but not every iteration. */
function throttled(unit: string): (progress: UnitProgress) => void {
  let last = -Infinity;
  return (progress) => {
    countStep(heartbeat);
    const now = performance.now();
    if (now - last < PROGRESS_MS && progress.iteration > 0) return;
    last = now;
    send({ type: "progress", unit, ...progress });
  };
}

async function main(
  { store: folder, backend, dataDir, checkpointS, sources, variants, derived }: WorkerOptions,
): Promise<void> {
  const store = Store.open(folder);
  const inbox = new Inbox(Deno.stdin.readable);
  // Ctrl-C reaches every process of the terminal; the coordinator decides what it means.
  Deno.addSignalListener("SIGINT", () => {});
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => inbox.stop());
  let engine: Engine | undefined;
  for (let request = await inbox.next(); request !== undefined; request = await inbox.next()) {
    const { unit, trace } = request;
    const known = { sources, variants, derived };
    const ready = engine ??= await openEngine(backend, dataDir, () => countStep(heartbeat), known);
    const control: Control = {
      report: throttled(unit.id),
      warn: (text) => send({ type: "warning", text }),
      checkpointS: checkpointS ?? Infinity,
      async stopping() {
        // Computing leaves the event loop no turn of its own, and in less than a timer's (setImmediate, a message) input does not come through.
        await new Promise((resolve) => setTimeout(resolve, 0));
        return inbox.stopped;
      },
    };
    const failures = await continued(trace, () => computeUnit(unit, store, ready, control));
    send({ type: "done", unit: unit.id, failures });
  }
}

if (import.meta.main) {
  startHeartbeat(heartbeat);
  try {
    await main(JSON.parse(Deno.args[0]) as WorkerOptions);
  } catch (error) {
    if (!(error instanceof InterruptedError)) {
      const kind = error instanceof StorageError ? "" : "A worker process cannot go on: ";
      send({ type: "fatal", reason: kind + oneLine(error) });
      Deno.exit(1);
    }
  }
  // Native backends may keep threads alive, and so does the heartbeat.
  Deno.exit(0);
}
