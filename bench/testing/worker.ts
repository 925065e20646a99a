/** A worker for the tests of the pool: what it does with a unit is written in the name of the unit's data set. */
import { decodeMessage, encodeMessage, linesOf, type UnitRequest, type WorkerMessage } from "../workers/protocol.ts";
import { countStep, sharedHeartbeat, startHeartbeat } from "../workers/heartbeat.ts";

const send = (message: WorkerMessage) => Deno.stdout.writeSync(encodeMessage(message));
const heartbeat = sharedHeartbeat();

/** Leaves the event loop no turn, as a computation does. */
function busy(milliseconds: number, each: () => void = () => {}): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) each();
}

/** Whether this is the first process to ask. */
function first(): boolean {
  try {
    Deno.removeSync(Deno.args[0]);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.main) {
  startHeartbeat(heartbeat);
  for await (const line of linesOf(Deno.stdin.readable)) {
    const unit = decodeMessage<UnitRequest>(line)?.unit;
    if (unit === undefined) continue;
    const { dataset } = unit.spec;
    send({ type: "progress", unit: unit.id, phase: "train", iteration: 1, iterations: 2, loss: Deno.pid });
    if (dataset === "crash" || dataset === "crash once" && first()) Deno.exit(7);
    if (dataset === "hang" || dataset === "hang once" && first()) {
      Deno.addSignalListener("SIGINT", () => {});
      Deno.addSignalListener("SIGTERM", () => {});
      busy(60_000);
    }
    if (dataset === "slow") busy(3500, () => countStep(heartbeat));
    if (dataset === "greedy") {
      const held: Uint8Array[] = [];
      busy(60_000, () => held.length < 64 && held.push(new Uint8Array(2 ** 24).fill(1)));
    }
    if (dataset === "noise") {
      Deno.stdout.writeSync(new TextEncoder().encode("a library prints something\nand half a line"));
    }
    if (dataset === "disk full") send({ type: "fatal", reason: "No space left" });
    const failures: Record<string, string> = dataset === "throw" ? { [unit.id]: "it went wrong" } : {};
    send({ type: "done", unit: unit.id, failures });
  }
  Deno.exit(0);
}
