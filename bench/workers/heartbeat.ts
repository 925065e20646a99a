/** A worker process's sign of life: a thread that reports, every quarter second, how far the process has come and what memory it holds. */
import type { WorkerMessage } from "./protocol.ts";
import { encodeMessage } from "./protocol.ts";

/** What the main thread and the heartbeat share: places in an Int32Array. */
const LOCK = 0;
const STEPS = 1;

/** Makes room for what is shared. */
export function sharedHeartbeat(): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(8));
}

/** Counts a step. */
export function countStep(shared: Int32Array): void {
  Atomics.add(shared, STEPS, 1);
}

/** Steps counted so far. */
export function stepsOf(shared: Int32Array): number {
  return Atomics.load(shared, STEPS);
}

/**
 * Writes a message to stdout in one piece, whatever the other thread writes.
 *
 * @throws when nobody listens any more
 */
export function sendShared(shared: Int32Array, message: WorkerMessage): void {
  const bytes = encodeMessage(message);
  while (Atomics.compareExchange(shared, LOCK, 0, 1) !== 0) Atomics.wait(shared, LOCK, 1);
  try {
    for (let written = 0; written < bytes.length;) written += Deno.stdout.writeSync(bytes.subarray(written));
  } finally {
    Atomics.store(shared, LOCK, 0);
    Atomics.notify(shared, LOCK);
  }
}

/** Starts the thread. It ends with the process. */
export function startHeartbeat(shared: Int32Array): void {
  new Worker(new URL("heartbeat_thread.ts", import.meta.url), { type: "module" }).postMessage(shared);
}
