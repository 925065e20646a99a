/** The two-way layout without replication: x[s][e] = mean + seed effect + episode effect + residual. */

/** Effects and mean squares of a matrix [S seeds][E episodes]. */
export interface TwoWay {
  /** Mean of all S * E entries. */
  readonly mean: number;
  /** Per seed, its mean minus the mean: S numbers that sum to 0. */
  readonly seedEffects: readonly number[];
  /** Per episode, its mean minus the mean: E numbers that sum to 0. */
  readonly episodeEffects: Float64Array;
  /** E Σ seedEffects² / (S - 1); expectation σ²_residual + E σ²_seed. */
  readonly betweenSeeds: number;
  /** S Σ episodeEffects² / (E - 1); expectation σ²_residual + S σ²_episode. */
  readonly betweenEpisodes: number;
  /** Σ residuals² / ((S - 1)(E - 1)); expectation σ²_residual, the seed x episode interaction included. */
  readonly residual: number;
}

/**
 * Analysis of variance of a matrix in which every seed met every episode once.
 *
 * @param matrix [S][E], S >= 2, E >= 2, finite
 * @throws RangeError when it is smaller than that or ragged
 */
export function twoWay(matrix: readonly (readonly number[])[]): TwoWay {
  const [seeds, episodes] = [matrix.length, matrix[0]?.length ?? 0];
  if (seeds < 2 || episodes < 2 || matrix.some((row) => row.length !== episodes)) {
    throw new RangeError(
      `internal: a two-way layout of ${seeds} seeds x ${episodes} episodes; both must be at least 2`,
    );
  }
  const seedMeans = matrix.map((row) => sum(row) / episodes);
  const mean = sum(seedMeans) / seeds;
  const seedEffects = seedMeans.map((value) => value - mean);
  const episodeEffects = new Float64Array(episodes);
  for (const row of matrix) for (let e = 0; e < episodes; e++) episodeEffects[e] += (row[e] - mean) / seeds;
  let residual = 0;
  for (let s = 0; s < seeds; s++) {
    for (let e = 0; e < episodes; e++) residual += (matrix[s][e] - mean - seedEffects[s] - episodeEffects[e]) ** 2;
  }
  return {
    mean,
    seedEffects,
    episodeEffects,
    betweenSeeds: episodes * sumOfSquares(seedEffects) / (seeds - 1),
    betweenEpisodes: seeds * sumOfSquares(episodeEffects) / (episodes - 1),
    residual: residual / ((seeds - 1) * (episodes - 1)),
  };
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function sumOfSquares(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value * value;
  return total;
}
