/** Entry of the thread that is a worker process's heartbeat. */
import { sendShared, stepsOf } from "./heartbeat.ts";

/** Time between two signs of life. */
const HEARTBEAT_MS = 250;

addEventListener("message", (event) => {
  const shared = (event as MessageEvent<Int32Array>).data;
  const beat = () => {
    try {
      sendShared(shared, { type: "heartbeat", steps: stepsOf(shared), rssMib: Deno.memoryUsage().rss / 2 ** 20 });
    } catch {
      // Nobody listens any more, which the main thread learns from the end of its input.
      clearInterval(timer);
    }
  };
  const timer = setInterval(beat, HEARTBEAT_MS);
  beat();
});
