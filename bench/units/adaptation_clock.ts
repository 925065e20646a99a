/** How long adapting to test episodes takes on this machine: what no result depends on, and no two runs agree in. */
import type { Backend } from "../../algorithms/tensor/backend.ts";

/** Wall time of the programs that a backend runs while the clock is on. */
export class AdaptationClock {
  #ms = 0;
  #on = false;
  #episodes = 0;

  /** The backend whose programs are timed; compiling them is not. */
  timed(backend: Backend): Backend {
    return {
      name: backend.name,
      description: backend.description,
      memoryBytes: () => backend.memoryBytes(),
      compile: (program) => {
        const executable = backend.compile(program);
        return {
          flops: executable.flops,
          setState: (name, data) => executable.setState(name, data),
          getState: (name) => executable.getState(name),
          dispose: () => executable.dispose(),
          run: (feeds) => {
            const start = performance.now();
            executable.run(feeds);
            this.#count(start);
          },
          // What a program computes may not be there before it is read.
          read: async (output) => {
            const start = performance.now();
            const values = await executable.read(output);
            this.#count(start);
            return values;
          },
        };
      },
    };
  }

  #count(start: number): void {
    if (this.#on) this.#ms += performance.now() - start;
  }

  /** From here on programs are timed, for so many episodes. */
  start(episodes: number): void {
    this.#on = true;
    this.#episodes += episodes;
  }

  /** From here on they are not. */
  stop(): void {
    this.#on = false;
  }

  /** Times what is done for so many episodes. */
  async during<T>(episodes: number, action: () => Promise<T>): Promise<T> {
    this.start(episodes);
    try {
      return await action();
    } finally {
      this.stop();
    }
  }

  /** Adds time that no program took. */
  add(ms: number): void {
    this.#ms += ms;
  }

  /** Milliseconds per episode; undefined where none was timed. */
  perEpisode(): number | undefined {
    return this.#episodes === 0 ? undefined : this.#ms / this.#episodes;
  }
}
