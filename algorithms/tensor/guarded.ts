/**
 * Makes a backend on a WebGPU device fail where its device did. WebGPU reports errors apart from the calls that caused
 * them and goes on: a tensor too large for the device or its memory would otherwise be numbers like any others.
 */
import type { Backend, Data, Executable } from "./backend.ts";

/** The parts of a WebGPU device that tell what went wrong. */
export type Reporter = Pick<EventTarget, "addEventListener"> & {
  readonly lost: Promise<Pick<GPUDeviceLostInfo, "message">>;
};

/** Told of everything that goes wrong on a device. */
type Listener = (fault: string) => void;

/** Hands what goes wrong on the device on to the executables of the moment. */
class Faults {
  readonly #listeners = new Set<Listener>();

  constructor(device: Reporter) {
    const tell = (fault: string) => this.#listeners.forEach((listener) => listener(fault));
    device.addEventListener("uncapturederror", (event) => tell((event as GPUUncapturedErrorEvent).error.message));
    void device.lost.then(({ message }) => tell(`the device is lost: ${message}`));
  }

  /** @returns a function that ends the listening */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/**
 * The backend, except that an executable gives no numbers once the device has reported an error since it was compiled.
 *
 * @param device what the backend computes on
 */
export function guarded(backend: Backend, device: Reporter): Backend {
  const faults = new Faults(device);
  return {
    name: backend.name,
    description: backend.description,
    compile: (program) => new GuardedExecutable(() => backend.compile(program), faults),
    memoryBytes: () => backend.memoryBytes(),
  };
}

class GuardedExecutable implements Executable {
  readonly flops: number;
  readonly #inner: Executable;
  readonly #end: () => void;
  /** The first thing that went wrong; what comes later tends to follow from it. */
  #fault: string | undefined;

  constructor(compile: () => Executable, faults: Faults) {
    this.#end = faults.listen((fault) => this.#fault ??= fault);
    this.#inner = compile();
    this.flops = this.#inner.flops;
  }

  setState(name: string, data: Data): void {
    this.#inner.setState(name, data);
  }

  async getState(name: string): Promise<Data> {
    return await this.#checked(this.#inner.getState(name));
  }

  run(feeds: Readonly<Record<string, Data>>): void {
    this.#check();
    this.#inner.run(feeds);
  }

  async read(output: string): Promise<Data> {
    return await this.#checked(this.#inner.read(output));
  }

  dispose(): void {
    this.#end();
    this.#inner.dispose();
  }

  async #checked(reading: Promise<Data>): Promise<Data> {
    try {
      return await reading;
    } finally {
      // Errors are events: those of what was just read come, at the latest, in the next turn of the event loop.
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#check();
    }
  }

  #check(): void {
    if (this.#fault === undefined) return;
    throw new Error(
      `WebGPU failed: ${this.#fault}. Numbers computed since then mean nothing; if memory is short, let an iteration ` +
        "take fewer tasks or examples, or choose another backend",
    );
  }
}
