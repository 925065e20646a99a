/** What a run shows while it works: a bar on a terminal, a line now and then elsewhere. */
import { formatDuration } from "../plan/estimate.ts";
import type { ProgressMessage } from "../workers/protocol.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Where progress is shown. */
export interface Screen {
  readonly terminal: boolean;
  columns(): number;
  write(text: string): void;
}

/** Where a run speaks. */
export interface Console {
  readonly print: (line: string) => void;
  readonly screen: Screen;
}

/** The standard error stream. */
export const STDERR: Screen = {
  terminal: Deno.stderr.isTerminal(),
  columns() {
    try {
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80;
    }
  },
  write(text) {
    try {
      Deno.stderr.writeSync(new TextEncoder().encode(text));
    } catch {
      // Nobody looks.
    }
  },
};

/** Shows nothing. */
export const MUTE: Screen = { terminal: false, columns: () => 80, write: () => {} };

const BAR = 24;
const REDRAW_MS = 100;
const LINE_MS = 10_000;

/** Shows how far a run is. Work is counted in estimated seconds, so that big units count more. */
export class Progress {
  readonly #screen: Screen;
  readonly #seconds: ReadonlyMap<string, number>;
  readonly #trainShare: ReadonlyMap<string, number>;
  readonly #total: number;
  readonly #running = new Map<string, ProgressMessage>();
  readonly #now: () => number;
  readonly #start: number;
  #units = 0;
  #failed = 0;
  #done = 0;
  #shown = -Infinity;
  #latest = "";

  /**
   * @param work per unit that is to be computed, the estimated seconds of its training and of its evaluations
   */
  constructor(
    screen: Screen,
    work: ReadonlyMap<string, { readonly trainS: number; readonly evaluateS: number }>,
    now: () => number = () => performance.now(),
  ) {
    this.#screen = screen;
    this.#now = now;
    this.#start = now();
    this.#shown = screen.terminal ? -Infinity : now();
    this.#seconds = new Map([...work].map(([id, { trainS, evaluateS }]) => [id, trainS + evaluateS + 1e-3]));
    this.#trainShare = new Map(
      [...work].map(([id, { trainS, evaluateS }]) => [id, trainS / (trainS + evaluateS + 1e-3)]),
    );
    this.#total = [...this.#seconds.values()].reduce((total, seconds) => total + seconds, 0);
  }

  /** A worker has come further. */
  progress(message: ProgressMessage): void {
    this.#running.set(message.unit, message);
    if (message.loss !== null) this.#latest = `loss ${message.loss.toPrecision(3)}`;
    this.#show(false);
  }

  /** A unit has ended, whether it is done or has failed. */
  unit({ id }: TrainingUnit, failed: boolean): void {
    this.#running.delete(id);
    this.#done += this.#seconds.get(id) ?? 0;
    this.#units++;
    if (failed) this.#failed++;
    this.#show(this.#units === this.#seconds.size);
  }

  /** Share of the work that is done, 0 to 1. */
  fraction(): number {
    let done = this.#done;
    for (const [id, { phase, iteration, iterations }] of this.#running) {
      const share = this.#trainShare.get(id) ?? 0;
      const part = iterations === 0 ? 0 : iteration / iterations;
      done += (this.#seconds.get(id) ?? 0) * (phase === "train" ? share * part : share + (1 - share) * part);
    }
    return this.#units === this.#seconds.size ? 1 : Math.min(1, done / this.#total);
  }

  /** Until all is done, seconds; null where it is too early to say, or done. */
  secondsLeft(): number | null {
    const fraction = this.fraction();
    const elapsed = (this.#now() - this.#start) / 1000;
    return fraction > 0.005 && fraction < 1 && elapsed > 1 ? elapsed * (1 - fraction) / fraction : null;
  }

  /** The line as it is now. */
  line(): string {
    const fraction = this.fraction();
    const seconds = this.secondsLeft();
    const left = seconds === null ? "" : `, ${formatDuration(seconds)} left`;
    const failed = this.#failed === 0 ? "" : `, ${this.#failed} failed`;
    const loss = this.#latest === "" ? "" : `, ${this.#latest}`;
    return `${this.#units}/${this.#seconds.size} units${failed}, ${Math.floor(fraction * 100)} %${left}${loss}`;
  }

  #show(always: boolean): void {
    const now = this.#now();
    if (!always && now - this.#shown < (this.#screen.terminal ? REDRAW_MS : LINE_MS)) return;
    this.#shown = now;
    if (!this.#screen.terminal) return this.#screen.write(`${this.line()}\n`);
    const full = Math.round(this.fraction() * BAR);
    const text = `${"█".repeat(full)}${"░".repeat(BAR - full)} ${this.line()}`;
    this.#screen.write(`\r\x1b[K${text.slice(0, Math.max(20, this.#screen.columns() - 1))}`);
  }

  /** Leaves the terminal clean. */
  end(): void {
    if (this.#screen.terminal) this.#screen.write("\r\x1b[K");
  }
}
