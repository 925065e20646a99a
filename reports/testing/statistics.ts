/** Simulated comparisons whose truth is known. */
import { type Rng, rng } from "../../common/random.ts";
import type { ScorePair } from "../statistics/judge.ts";

/** Standard deviations of D[s][e] = truth + a_s + b_e + c_se. */
export interface Spread {
  readonly seed: number;
  readonly episode: number;
  readonly residual: number;
}

/** Where seeds, episodes, or both rule the error of the mean. */
export const SPREADS: Readonly<Record<string, Spread>> = {
  "seeds dominate": { seed: 1, episode: 1, residual: 1 },
  "episodes dominate": { seed: 0.02, episode: 10, residual: 1 },
  "the residual dominates": { seed: 0, episode: 1, residual: 10 },
  "accuracies in percentage points": { seed: 0.4, episode: 4, residual: 8 },
};

/** A stream for a test. */
export function stream(...key: (string | number)[]): Rng {
  return rng(["statistics test", ...key]);
}

/** A matrix [seeds][episodes] of Gaussian differences around `truth`. */
export function simulate(draw: Rng, seeds: number, episodes: number, spread: Spread, truth = 0): number[][] {
  const ofEpisode = Array.from({ length: episodes }, () => spread.episode * draw.normal());
  return Array.from({ length: seeds }, () => {
    const ofSeed = truth + spread.seed * draw.normal();
    return ofEpisode.map((effect) => ofSeed + effect + spread.residual * draw.normal());
  });
}

/** Accuracies around 50 % with the given differences in percentage points; `margin` in the same. */
export function accuracyPair(differences: readonly (readonly number[])[], margin = 1): ScorePair {
  return {
    metric: "accuracy",
    a: differences.map((row) => row.map((value) => 0.5 + value / 200)),
    b: differences.map((row) => row.map((value) => 0.5 - value / 200)),
    limits: null,
    margin,
    flags: [],
  };
}

/** MSEs around 1 with the given log ratios; limits far away. */
export function msePair(differences: readonly (readonly number[])[], margin = 1.1): ScorePair {
  return {
    metric: "mse",
    a: differences.map((row) => row.map((value) => Math.exp(value / 2))),
    b: differences.map((row) => row.map((value) => Math.exp(-value / 2))),
    limits: differences[0].map(() => 1e9),
    margin,
    flags: [],
  };
}

/** Three standard errors of a share of `runs` whose expectation is `share`. */
export function reach(share: number, runs: number): number {
  return 3 * Math.sqrt(share * (1 - share) / runs);
}
