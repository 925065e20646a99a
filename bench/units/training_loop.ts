/** The loop of outer iterations: its curve, its returns to a finite state, and where it can be left and taken up again. */
import { type ScheduleName, schedules } from "../../algorithms/optimisers/schedules.ts";
import type { TrainedState } from "../../algorithms/blocks/parameters.ts";
import type { Executable } from "../../algorithms/tensor/backend.ts";
import type { BatchSource } from "./batches.ts";
import { bytesOf, type Checkpoint, sameLayout, type Snapshot } from "../store/checkpoint.ts";
import { type Checkpointer } from "./checkpointer.ts";
import { InterruptedError } from "../../common/errors.ts";
import type { CurvePoint, TrainingResult, TrainSpec } from "../store/types.ts";
import type { TrainingStatus } from "../../common/vocabulary.ts";
import type { TaskKind } from "../../common/vocabulary.ts";
import { qualityOf } from "./score.ts";
import { optimiserOf, PROGRESS, rowScalarName, scalarName } from "./training_program.ts";
import { flatBy } from "./validation.ts";
import type { ValidationMonitor } from "./validation_monitor.ts";

/** Points of the training curve. */
const CURVE_POINTS = 50;

/**
 * Times that a training whose objective or parameters stop being finite goes back to its state at the last point of the curve and on with the batches
 * after it, before it counts as diverged. One exploding inner loop in a batch is enough to lose a MAML training otherwise.
 */
const MAX_RESTARTS = 5;

const LOSS_SUM = "lossSum";
const LOSS_MAX = "lossMax";
/** What the program keeps beside what it learns: both start at zero after every point of the curve. */
const LOSSES = [LOSS_SUM, LOSS_MAX];

/** Where a training is. */
export interface TrainingProgress {
  readonly iteration: number;
  readonly iterations: number;
  /** Mean objective since the last report; NaN before the first. */
  readonly loss: number;
}

/** What a loop works with. */
export interface LoopParts {
  /** The compiled training program, its parameters and moments at their start. */
  readonly exe: Executable;
  readonly hyper: TrainSpec["hyper"];
  readonly kind: TaskKind;
  readonly source: BatchSource;
  readonly monitor: ValidationMonitor;
  /** Names of the parameters and moments. */
  readonly states: readonly string[];
  readonly learned: () => Promise<TrainedState>;
  readonly onProgress: ((progress: TrainingProgress) => void) | undefined;
  readonly checkpointer: Checkpointer | undefined;
}

/** How a loop ended. */
export interface LoopOutcome extends Pick<TrainingResult, "status" | "reason" | "iterations" | "curve" | "restarts"> {
  /** Seconds of earlier processes, training and watching. */
  readonly earlierS: number;
}

/**
 * Trains to the end, from the checkpointer's checkpoint where it has one that fits. The result does not depend on where a training was left.
 *
 * @throws InterruptedError when the checkpointer wants to stop, after saving
 */
export async function iterate(parts: LoopParts): Promise<LoopOutcome> {
  const { exe, hyper, source, monitor, states, checkpointer } = parts;
  const start = performance.now();
  const interval = Math.max(1, Math.ceil(hyper.iterations / CURVE_POINTS));
  const zero = new Float32Array(1);
  const visits = new Uint32Array(source.pool);
  const rates = new Rates(parts, visits);
  for (const state of LOSSES) exe.setState(state, zero);
  const first = await snapshot(exe, states);
  const from = takeUp(parts, visits, first);
  const curve: CurvePoint[] = [...from?.curve ?? []];
  const earlierS = from === undefined ? 0 : from.trainS + from.validateS;
  let restarts = from?.restarts ?? 0;
  let since = from?.since ?? 0;
  let kept = from?.kept ?? first;
  const ended = (status: TrainingStatus, reason: string, iterations: number): LoopOutcome => {
    return { status, reason, iterations, curve, restarts, earlierS };
  };
  for (let iteration = (from?.iteration ?? 0) + 1; iteration <= hyper.iterations; iteration++) {
    const { feeds, rows } = source.draw(iteration);
    exe.run({ ...feeds, ...rates.at(iteration, rows) });
    since++;
    const mayEnd = hyper.untilFlat !== null && monitor.looksAfter(iteration);
    const due = iteration % interval === 0 || iteration === hyper.iterations || mayEnd;
    if (due) {
      const [[sum], [maxLoss]] = await Promise.all(LOSSES.map((state) => exe.getState(state)));
      for (const state of LOSSES) exe.setState(state, zero);
      const loss = sum / since;
      since = 0;
      parts.onProgress?.({ iteration, iterations: hyper.iterations, loss });
      const reached = await snapshot(exe, states);
      if (Number.isFinite(loss) && allFinite(reached)) {
        kept = reached;
        curve.push({ iteration, loss, maxLoss });
      } else if (restarts === MAX_RESTARTS) {
        const reason =
          `the training was not finite by iteration ${iteration}, after ${restarts} returns to its last finite state`;
        return ended("diverged", reason, iteration);
      } else {
        restarts++;
        restore(exe, kept);
      }
    }
    await monitor.after(iteration, parts.learned);
    if (mayEnd && flatBy(parts.kind, monitor.seen, iteration, hyper.untilFlat.tolerance)) {
      return ended("ok", "", iteration);
    }
    const action = await checkpointer?.action(2 * bytesOf(kept));
    if (checkpointer === undefined || action === "go on" || iteration === hyper.iterations) continue;
    checkpointer.save({
      ...{ iteration, since, restarts, curve, kept },
      watched: monitor.seen,
      trainS: earlierS + (performance.now() - start) / 1000 - monitor.seconds,
      validateS: monitor.seconds,
      visits: [...visits],
      states: await snapshot(exe, [...states, ...LOSSES]),
    });
    if (action === "stop") throw new InterruptedError(`Stopped after iteration ${iteration}`);
  }
  return ended("ok", "", hyper.iterations);
}

/** Puts everything where the checkpointer's checkpoint has it. @returns the checkpoint; undefined when there is none, or none that fits */
function takeUp(
  { exe, hyper, monitor, checkpointer }: LoopParts,
  seen: Uint32Array,
  first: Snapshot,
): Checkpoint | undefined {
  const from = checkpointer?.from;
  if (from === undefined) return undefined;
  const { iteration, states, kept, visits, watched, validateS } = from;
  const fits = sameLayout(states.filter(([name]) => !LOSSES.includes(name)), first) && sameLayout(kept, first) &&
    visits.length === seen.length && iteration < hyper.iterations;
  if (!fits) return undefined;
  restore(exe, states);
  seen.set(visits);
  monitor.resume(watched, validateS);
  return from;
}

/** What a step is fed beside its batch: how far training is, and the numbers of the optimiser's steps, for what is shared, and for each row of a pool by how often its task was drawn. */
class Rates {
  readonly #parts: LoopParts;
  readonly #visits: Uint32Array;

  constructor(parts: LoopParts, visits: Uint32Array) {
    this.#parts = parts;
    this.#visits = visits;
  }

  at(iteration: number, rows: readonly number[]): Record<string, Float32Array> {
    const { hyper } = this.#parts;
    const optimiser = optimiserOf(hyper);
    const rate = hyper.outerLr * this.#factor(iteration);
    const shared = optimiser.scalars(rate, iteration, hyper.optimiser);
    const ofRows = rows.map((row) => optimiser.scalars(rate, ++this.#visits[row], hyper.optimiser));
    const ofOptimiser = shared.flatMap((value, i) => [
      [scalarName(i), Float32Array.of(value)] as const,
      [rowScalarName(i), Float32Array.from(ofRows, (scalars) => scalars[i])] as const,
    ]);
    return { ...Object.fromEntries(ofOptimiser), [PROGRESS]: Float32Array.of((iteration - 1) / hyper.iterations) };
  }

  #factor(iteration: number): number {
    const { hyper: { schedule, iterations }, kind, monitor } = this.#parts;
    const { factor, needsValidation } = schedules[schedule.name as ScheduleName];
    const qualities = needsValidation ? monitor.seen.map(({ scores }) => qualityOf(kind, scores)) : [];
    return factor({ iteration, iterations, qualities }, schedule);
  }
}

async function snapshot(exe: Executable, states: readonly string[]): Promise<Snapshot> {
  // All at once: where a GPU is waited for, the readings overlap.
  return await Promise.all(states.map(async (name) => [name, await exe.getState(name)] as const));
}

function restore(exe: Executable, values: Snapshot): void {
  for (const [name, data] of values) exe.setState(name, data);
}

function allFinite(values: Snapshot): boolean {
  return values.every(([, data]) => data.every(Number.isFinite));
}
