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
import type { Rng } from "../common/random.ts";
import type { DataSet, DataSetEntry } from "./contract/dataset.ts";
import type { TaskFamily } from "./contract/task_family.ts";
import { type CurveConstants, curveFamily } from "./sampling/curves.ts";
import { familyDataSet, familyEntry } from "./sampling/family_data_set.ts";

/** What defines a family of sinusoids; each range is that of a uniform distribution. */
export interface SinusoidFamily extends CurveConstants {
  /** A */
  readonly amplitude: readonly [low: number, high: number];
  /** φ, radians */
  readonly phase: readonly [low: number, high: number];
  /** ω, radians per unit of x; equal bounds fix it. */
  readonly frequency: readonly [low: number, high: number];
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

/** The family that ranges define. Draws take the same random numbers whatever is fixed. */
export function sinusoids(ranges: SinusoidFamily): TaskFamily {
  const drawSinusoid = (random: Rng) => {
    const amplitude = random.uniform(...ranges.amplitude);
    const phase = random.uniform(...ranges.phase);
    const frequency = random.uniform(...ranges.frequency);
    return (x: number) => amplitude * Math.sin(frequency * x - phase);
  };
  return curveFamily(ranges, drawSinusoid, meanCurve(ranges));
}

/** Makes the data set of a family. */
export function sinusoidDataSet(ranges: SinusoidFamily): DataSet {
  return familyDataSet(sinusoids(ranges));
}

/** The line of `sinusoid` in the table of data sets. */
export const sinusoid: DataSetEntry = familyEntry(sinusoids(FIXED_FREQUENCY), {
  title: "Sinusoids",
  summary: "Regression on A sin(x - φ): amplitude and phase vary, two shared features fit every task",
  source: "Finn, Abbeel, Levine 2017, arXiv 1703.03400, section 5.1",
  sourceFiles: ["data/sinusoid.ts"],
});

/** The line of `sinusoid-frequency` in the table of data sets. */
export const sinusoidFrequency: DataSetEntry = familyEntry(sinusoids(VARYING_FREQUENCY), {
  title: "Sinusoids of varying frequency",
  summary: "Regression on A sin(ω x - φ): the frequency varies too, so no few shared features fit every task",
  source: "Finn et al. 2017, arXiv 1703.03400, with the frequencies of Yoon et al. 2018, arXiv 1806.03836",
  sourceFiles: ["data/sinusoid.ts"],
});
