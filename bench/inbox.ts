/** What a worker process is asked to do: units on its input, whose end asks it to stop. */
import { decodeMessage, linesOf, type UnitRequest } from "./protocol.ts";
import type { TrainingUnit } from "./types.ts";

/** Requests, read while the process computes. */
export class Inbox {
  /** Whether the process is to end as soon as it can. */
  stopped = false;
  readonly #units: TrainingUnit[] = [];
  #wake: () => void = () => {};

  constructor(input: ReadableStream<Uint8Array<ArrayBuffer>>) {
    void this.#read(input);
  }

  async #read(input: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    try {
      for await (const line of linesOf(input)) {
        const unit = decodeMessage<UnitRequest>(line)?.unit;
        if (unit !== undefined) this.#units.push(unit);
        this.#wake();
      }
    } catch {
      // A broken pipe says the same as its end.
    }
    this.stop();
  }

  /** As the end of the input does. */
  stop(): void {
    this.stopped = true;
    this.#wake();
  }

  /** The next unit, waited for; undefined when the process is to end. */
  async next(): Promise<TrainingUnit | undefined> {
    while (this.#units.length === 0 && !this.stopped) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.stopped ? undefined : this.#units.shift();
  }
}
