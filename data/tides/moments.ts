/**
 * The first two moments of tide tasks. A task is a station and a start, drawn over so many years that the phases of its constituents are as good as
 * independent and uniform. So E[y] comes from the slowest constituents alone and is next to nothing, and the covariance depends on the time between two
 * readings: C(t - t') = Σ_k P_k cos(ω_k (t - t')), where P_k is the mean of A_k² / 2 over stations.
 */
import { CONSTITUENT_NAMES, speedOf } from "./constituents.ts";
import type { Station } from "./stations.ts";

/** ω_k of every constituent, radians per hour. */
export const SPEEDS: Float64Array = Float64Array.from(CONSTITUENT_NAMES, speedOf);

/** P_k of every constituent over some stations, in square metres. */
export function powers(stations: readonly Station[]): Float64Array {
  const sums = new Float64Array(SPEEDS.length);
  for (const { harmonics } of stations) {
    for (const { constituent, amplitude } of harmonics) sums[CONSTITUENT_NAMES.indexOf(constituent)] += amplitude ** 2;
  }
  return sums.map((sum) => sum / 2 / stations.length);
}

/** Standard deviation of the tide over stations, starts and times, in metres. */
export function standardDeviation(stations: readonly Station[]): number {
  return Math.sqrt(powers(stations).reduce((sum, own) => sum + own, 0));
}

/**
 * The mean tide at so many hours after a start, over stations and over starts in [0, range) hours: Σ_k mean_s[A cos(ω (t₀ + t) - g)], whose mean over t₀ is
 * A (sin(ω (range + t) - g) - sin(ω t - g)) / (ω range).
 *
 * @returns metres by hours
 */
export function meanTide(stations: readonly Station[], range: number): (hours: number) => number {
  // Mean of A e^{-ig} over stations, per constituent.
  const real = new Float64Array(SPEEDS.length);
  const imaginary = new Float64Array(SPEEDS.length);
  for (const { harmonics } of stations) {
    for (const { constituent, amplitude, phase } of harmonics) {
      const k = CONSTITUENT_NAMES.indexOf(constituent);
      real[k] += amplitude * Math.cos(phase) / stations.length;
      imaginary[k] -= amplitude * Math.sin(phase) / stations.length;
    }
  }
  // Im((real + i imaginary) e^{i angle}), which is A sin(angle - g)
  const sine = (k: number, angle: number) => real[k] * Math.sin(angle) + imaginary[k] * Math.cos(angle);
  return (hours) =>
    SPEEDS.reduce(
      (sum, speed, k) => sum + (sine(k, speed * (range + hours)) - sine(k, speed * hours)) / (speed * range),
      0,
    );
}
