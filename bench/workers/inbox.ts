/** What a worker process is asked to do: units on its input, whose end asks it to stop. */
import { decodeMessage, linesOf, type UnitRequest } from "./protocol.ts";

/** Requests, read while the process computes. */
export class Inbox {
  /** Whether the process is to end as soon as it can. */
  stopped = false;
  readonly #requests: UnitRequest[] = [];
  #wake: () => void = () => {};

  constructor(input: ReadableStream<Uint8Array<ArrayBuffer>>) {
    void this.#read(input);
  }

  async #read(input: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
    try {
      for await (const line of linesOf(input)) {
        const request = decodeMessage<UnitRequest>(line);
        if (request !== undefined) this.#requests.push(request);
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

  /** The next request, waited for; undefined when the process is to end. */
  async next(): Promise<UnitRequest | undefined> {
    while (this.#requests.length === 0 && !this.stopped) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    return this.stopped ? undefined : this.#requests.shift();
  }
}
