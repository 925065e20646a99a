/**
 * Sinusoid regression: y = A sin(ω x - φ), one task per (A, φ, ω), without noise.
 *
 * `sinusoid` is the benchmark of Finn, Abbeel and Levine 2017 (arXiv 1703.03400, section 5.1): A ~ U[0.1, 5],
 * φ ~ U[0, π], x ~ U[-5, 5], ω = 1. All its tasks are linear in the two features sin x and cos x, so one shared
 * representation serves them exactly. `sinusoid-frequency` also draws ω ~ U[0.5, 2] (the range of Bayesian MAML's code, Yoon et
 * al. 2018, arXiv 1806.03836; here without its noise): no two features serve all tasks, so representations are shared only approximately.
 *
 * Deviation from the paper: a task is scored on 100 fixed points, evenly spaced over [-5, 5] with both ends, instead of on
 * K fresh points; that removes the noise of the query points from the score.
 */
import { createHash } from "node:crypto";
import { requireCount, requireTaskIds } from "./contract/checks.ts";
import type {
  DataSet,
  DataSetEntry,
  EpisodeBatch,
  EvaluationSplit,
  ExampleBatch,
  TaskPool,
} from "./contract/dataset.ts";
import type { Key } from "../common/random.ts";
import { type Rng, rng } from "../common/random.ts";

/** What defines a family of sinusoids; each range is that of a uniform distribution. */
export interface SinusoidFamily {
  readonly name: string;
  /** A */
  readonly amplitude: readonly [low: number, high: number];
  /** φ, radians */
  readonly phase: readonly [low: number, high: number];
  /** ω, radians per unit of x; equal bounds fix it. */
  readonly frequency: readonly [low: number, high: number];
  readonly x: readonly [low: number, high: number];
  /** Query points of an evaluation episode, evenly spaced over the range of x, ends included. */
  readonly gridPoints: number;
}

/** The family of Finn et al. 2017. */
export const FIXED_FREQUENCY: SinusoidFamily = {
  name: "sinusoid",
  amplitude: [0.1, 5],
  phase: [0, Math.PI],
  frequency: [1, 1],
  x: [-5, 5],
  gridPoints: 100,
};

/** The family whose frequency varies from task to task too. */
export const VARYING_FREQUENCY: SinusoidFamily = {
  ...FIXED_FREQUENCY,
  name: "sinusoid-frequency",
  frequency: [0.5, 2],
};

/** One curve. */
interface Curve {
  readonly amplitude: number;
  readonly phase: number;
  readonly frequency: number;
}

/** Draws a task; takes the same number of random numbers in every family. */
function drawCurve(family: SinusoidFamily, random: Rng): Curve {
  const amplitude = random.uniform(...family.amplitude);
  const phase = random.uniform(...family.phase);
  const frequency = random.uniform(...family.frequency);
  return { amplitude, phase, frequency };
}

/** Writes n fresh points of the curve to x[at ..] and y[at ..]; y belongs to x as rounded to float32. */
function drawPoints(
  family: SinusoidFamily,
  curve: Curve,
  random: Rng,
  n: number,
  x: Float32Array,
  y: Float32Array,
  at: number,
): void {
  for (let i = at; i < at + n; i++) {
    x[i] = random.uniform(...family.x);
    y[i] = valueAt(curve, x[i]);
  }
}

function valueAt(curve: Curve, x: number): number {
  return curve.amplitude * Math.sin(curve.frequency * x - curve.phase);
}

/**
 * E[y | x] of a family: E[A] times the mean over φ and ω of sin(ω x - φ), in closed form. For ω = 1 and φ ~ U[0, π] it is -(2/π) E[A] cos x.
 *
 * @returns the mean curve; its ends of ranges must differ for the phase
 */
export function meanCurve({ amplitude, phase, frequency }: SinusoidFamily): (x: number) => number {
  const meanAmplitude = (amplitude[0] + amplitude[1]) / 2;
  const [slow, fast] = frequency;
  // Mean of cos(ω x - p) over ω; a fixed frequency and x = 0 are the limits of the quotient.
  const meanCosine = (x: number, p: number) =>
    slow === fast || x === 0
      ? Math.cos(slow * x - p)
      : (Math.sin(fast * x - p) - Math.sin(slow * x - p)) / ((fast - slow) * x);
  return (x) => meanAmplitude * (meanCosine(x, phase[1]) - meanCosine(x, phase[0])) / (phase[1] - phase[0]);
}

/** Makes the data set of a family. */
export function sinusoidDataSet(family: SinusoidFamily): DataSet {
  const { name, gridPoints } = family;
  const [low, high] = family.x;
  const grid = Float32Array.from({ length: gridPoints }, (_, i) => low + (high - low) * i / (gridPoints - 1));

  function trainBatch(tasks: number, shots: number, queries: number, key: Key): EpisodeBatch {
    requireCount("tasks", tasks);
    requireCount("shots", shots);
    requireCount("queries", queries);
    const batch = emptyBatch(tasks, shots, queries);
    const random = rng([name, "train", ...key]);
    for (let t = 0; t < tasks; t++) {
      const curve = drawCurve(family, random);
      drawPoints(family, curve, random, shots, batch.supportX, batch.supportY, t * shots);
      drawPoints(family, curve, random, queries, batch.queryX, batch.queryY, t * queries);
    }
    return batch;
  }

  function episodes(split: EvaluationSplit, first: number, count: number, shots: number): EpisodeBatch {
    requireCount("episodes", count);
    requireCount("shots", shots);
    const batch = emptyBatch(count, shots, gridPoints);
    for (let e = 0; e < count; e++) {
      const random = rng([name, split, first + e]);
      const curve = drawCurve(family, random);
      drawPoints(family, curve, random, shots, batch.supportX, batch.supportY, e * shots);
      batch.queryX.set(grid, e * gridPoints);
      for (let i = 0; i < gridPoints; i++) batch.queryY[e * gridPoints + i] = valueAt(curve, grid[i]);
    }
    return batch;
  }

  function pool(size: number, seed: number): TaskPool {
    requireCount("pool tasks", size);
    const random = rng([name, "pool", seed]);
    const curves = Array.from({ length: size }, () => drawCurve(family, random));
    return {
      size,
      batch(taskIds, examplesPerTask, key): ExampleBatch {
        requireTaskIds(taskIds, size);
        requireCount("examples", examplesPerTask);
        const x = new Float32Array(taskIds.length * examplesPerTask);
        const y = new Float32Array(taskIds.length * examplesPerTask);
        const draw = rng([name, "pool-batch", ...key]);
        taskIds.forEach((id, t) => drawPoints(family, curves[id], draw, examplesPerTask, x, y, t * examplesPerTask));
        return { tasks: taskIds.length, nExamples: examplesPerTask, x, y };
      },
    };
  }

  return {
    name,
    kind: "regression",
    metric: "mse",
    inputShape: [1],
    outputs: 1,
    digest: createHash("sha256").update(JSON.stringify(family)).digest("hex"),
    trainBatch,
    pool,
    episodes,
    meanTarget: meanCurve(family),
  };
}

function emptyBatch(tasks: number, nSupport: number, nQuery: number): EpisodeBatch {
  return {
    tasks,
    nSupport,
    nQuery,
    supportX: new Float32Array(tasks * nSupport),
    supportY: new Float32Array(tasks * nSupport),
    queryX: new Float32Array(tasks * nQuery),
    queryY: new Float32Array(tasks * nQuery),
  };
}

const SHARED_ENTRY = {
  kind: "regression",
  metric: "mse",
  inputShape: [1],
  sourceFiles: ["common/random.ts", "data/contract/checks.ts", "data/contract/dataset.ts", "data/sinusoid.ts"],
  missing: () => Promise.resolve(undefined),
} as const;

/** The line of `sinusoid` in the table of data sets. */
export const sinusoid: DataSetEntry = {
  ...SHARED_ENTRY,
  name: FIXED_FREQUENCY.name,
  title: "Sinusoids",
  summary: "Regression on A sin(x - φ): amplitude and phase vary, two shared features fit every task",
  source: "Finn, Abbeel, Levine 2017, arXiv 1703.03400, section 5.1",
  open: () => Promise.resolve(sinusoidDataSet(FIXED_FREQUENCY)),
};

/** The line of `sinusoid-frequency` in the table of data sets. */
export const sinusoidFrequency: DataSetEntry = {
  ...SHARED_ENTRY,
  name: VARYING_FREQUENCY.name,
  title: "Sinusoids of varying frequency",
  summary: "Regression on A sin(ω x - φ): the frequency varies too, so no few shared features fit every task",
  source: "Finn et al. 2017, arXiv 1703.03400, with the frequencies of Yoon et al. 2018, arXiv 1806.03836",
  open: () => Promise.resolve(sinusoidDataSet(VARYING_FREQUENCY)),
};
