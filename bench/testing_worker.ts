/** A worker for the tests of the pool: what it does with a unit is written in the name of the unit's data set. */
import { decodeMessage, encodeMessage, linesOf, type UnitRequest, type WorkerMessage } from "./protocol.ts";

const send = (message: WorkerMessage) => Deno.stdout.writeSync(encodeMessage(message));

if (import.meta.main) {
  for await (const line of linesOf(Deno.stdin.readable)) {
    const unit = decodeMessage<UnitRequest>(line)?.unit;
    if (unit === undefined) continue;
    const { dataset } = unit.spec;
    send({ type: "progress", unit: unit.id, phase: "train", iteration: 1, iterations: 2, loss: Deno.pid });
    if (dataset === "crash") Deno.exit(7);
    if (dataset === "crash once") {
      const marker = Deno.args[0];
      try {
        Deno.removeSync(marker);
        Deno.exit(7);
      } catch {
        // The second time there is nothing to remove.
      }
    }
    if (dataset === "hang") {
      Deno.addSignalListener("SIGINT", () => {});
      Deno.addSignalListener("SIGTERM", () => {});
      await new Promise(() => setInterval(() => {}, 1000));
    }
    if (dataset === "noise") console.log("a library prints something");
    if (dataset === "disk full") send({ type: "fatal", reason: "No space left" });
    const failures: Record<string, string> = dataset === "throw" ? { [unit.id]: "it went wrong" } : {};
    send({ type: "done", unit: unit.id, failures });
  }
}
