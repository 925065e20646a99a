/** What a run's workers spent their time on, and what the harness cost beside it. */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import type { Store } from "../store/store.ts";
import type { TrainingUnit } from "../store/types.ts";

/** Seconds of all workers of a run, in its stages of computing. */
export const harnessTime = z.object({
  /** Workers times the time on the clock. */
  availableS: z.number(),
  /** In training, validation and evaluation, as the workers measured it. */
  computedS: z.number(),
  /** Of workers that had no unit any more while others finished theirs. */
  idleS: z.number(),
});
export type HarnessTime = Immutable<z.infer<typeof harnessTime>>;

export const NO_TIME: HarnessTime = { availableS: 0, computedS: 0, idleS: 0 };

/** Of two stages. */
export function addTimes(a: HarnessTime, b: HarnessTime): HarnessTime {
  return {
    availableS: a.availableS + b.availableS,
    computedS: a.computedS + b.computedS,
    idleS: a.idleS + b.idleS,
  };
}

/** Share of the time with units to compute that went to anything else: starting processes, reading, writing, waiting. Null where nothing was computed. */
export function overhead({ availableS, computedS, idleS }: HarnessTime): number | null {
  const busyS = availableS - idleS;
  return computedS > 0 && busyS > 0 ? Math.max(0, 1 - computedS / busyS) : null;
}

/** Watches one stage. */
export class HarnessClock {
  readonly #start: number;
  readonly #workers: number;
  readonly #now: () => number;
  /** What of each unit was there before. */
  readonly #known: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #ends: number[] = [];
  #computedS = 0;

  /** @param units that are to be computed by at most so many workers */
  constructor(
    workers: number,
    units: readonly TrainingUnit[],
    store: Pick<Store, "training" | "hasEvaluation">,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#workers = Math.min(workers, units.length);
    this.#now = now;
    this.#known = new Map(units.map(({ id, evaluations }) => {
      const trained = store.training(id) === undefined ? [] : [id];
      const evaluated = trained.length === 0 ? [] : evaluations.filter((job) => store.hasEvaluation(job.id));
      return [id, new Set([...trained, ...evaluated.map((job) => job.id)])];
    }));
    this.#start = now();
  }

  /** A unit has ended, whether it is done or has failed. */
  unit({ id, evaluations }: TrainingUnit, store: Pick<Store, "trainingTiming" | "evaluationTiming">): void {
    this.#ends.push(this.#now());
    const known = this.#known.get(id);
    if (known?.has(id) === false) {
      const timing = store.trainingTiming(id);
      this.#computedS += (timing?.trainS ?? 0) + (timing?.validateS ?? 0);
    }
    for (const job of evaluations) {
      if (known?.has(job.id) === false) this.#computedS += store.evaluationTiming(job.id)?.evaluateS ?? 0;
    }
  }

  /** The stage is over. A worker is idle from its last unit on, and those are the last units of all. */
  time(): HarnessTime {
    const end = this.#now();
    const last = this.#ends.slice(-this.#workers || this.#ends.length);
    return {
      availableS: this.#workers * (end - this.#start),
      computedS: this.#computedS,
      idleS: last.reduce((total, at) => total + end - at, 0),
    };
  }
}

/** `Harness: 1.3 % of 480 worker seconds ...`; undefined where nothing was computed. */
export function describeOverhead(time: HarnessTime): string | undefined {
  const share = overhead(time);
  if (share === null) return undefined;
  const busyS = time.availableS - time.idleS;
  return `Harness: ${(100 * share).toFixed(1)} % of ${
    busyS.toFixed(0)
  } s of workers with units to compute went to neither ` +
    `training, validation nor evaluation`;
}
