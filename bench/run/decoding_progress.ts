/** A line on the terminal while many images are decoded, which happens once. */
import type { OnProgress } from "../../data/mod.ts";

/** Fewer are decoded in a moment. */
const MANY = 2_000;
const STEP = 500;

/** Says how far the decoding of a data set is, where somebody looks. */
export function decodingProgress(name: string): OnProgress {
  return (done, total) => {
    if (total < MANY || !Deno.stderr.isTerminal() || (done % STEP !== 0 && done !== total)) return;
    const text = done === total ? "\r\x1b[K" : `\r\x1b[K${name}: ${done} of ${total} images decoded, once and for all`;
    Deno.stderr.writeSync(new TextEncoder().encode(text));
  };
}
