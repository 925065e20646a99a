/** A worker process whose results are simulated: it speaks with the coordinator as `bench/workers/worker.ts` does, and keeps results as that one would. */
import { Inbox } from "../workers/inbox.ts";
import { encodeMessage, type WorkerMessage } from "../workers/protocol.ts";
import { Store } from "../store/store.ts";
import { simulate } from "./simulate.ts";

function send(message: WorkerMessage): void {
  Deno.stdout.writeSync(encodeMessage(message));
}

if (import.meta.main) {
  const store = Store.open(Deno.args[0]);
  const inbox = new Inbox(Deno.stdin.readable);
  for (let request = await inbox.next(); request !== undefined; request = await inbox.next()) {
    const { unit } = request;
    const { iterations } = unit.spec.hyper;
    for (const iteration of [0, iterations]) {
      send({ type: "progress", unit: unit.id, phase: "train", iteration, iterations, loss: 1 });
    }
    simulate([unit], store);
    send({ type: "done", unit: unit.id, failures: {} });
  }
  Deno.exit(0);
}
