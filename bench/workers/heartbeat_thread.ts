/** Entry of the thread that is a worker process's pulse. */
import { sendShared, stepsOf } from "./heartbeat.ts";

/** Time between two signs of life. */
const PULSE_MS = 250;

addEventListener("message", (event) => {
  const shared = (event as MessageEvent<Int32Array>).data;
  const beat = () => {
    try {
      sendShared(shared, { type: "pulse", steps: stepsOf(shared), rssMib: Deno.memoryUsage().rss / 2 ** 20 });
    } catch {
      // Nobody listens any more, which the main thread learns from the end of its input.
      clearInterval(timer);
    }
  };
  const timer = setInterval(beat, PULSE_MS);
  beat();
});
