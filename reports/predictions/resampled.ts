/** Differences of predictions with their bootstrap, in which all predictions of a data set share the draws. */
import { crossedBootstrap, type CrossedDifference } from "../statistics/crossed_bootstrap.ts";
import { drawResampling, type Resampling } from "../statistics/resampling.ts";

/** Differences by seed and episode. */
export type Matrix = readonly (readonly number[])[];

/** The mean of matrices, element by element. */
export function meanOf(matrices: readonly Matrix[]): Matrix {
  return matrices[0].map((own, s) =>
    own.map((_, e) => matrices.reduce((total, matrix) => total + matrix[s][e], 0) / matrices.length)
  );
}

const resamplings = new Map<string, Resampling>();

/** The mean difference with its bootstrap. */
export function bootstrap(matrix: Matrix, dataset: string): CrossedDifference {
  const [seeds, episodes] = [matrix.length, matrix[0].length];
  const key = JSON.stringify([dataset, seeds, episodes]);
  const known = resamplings.get(key) ?? drawResampling(["predictions", dataset], seeds, episodes);
  resamplings.set(key, known);
  return crossedBootstrap(matrix, known);
}

/** The difference b - a of a difference a - b. */
export function negated(difference: CrossedDifference): CrossedDifference {
  return { ...difference, estimate: -difference.estimate };
}

/** How many seeds and episodes a difference is of. */
export function sizeOf({ seeds, episodes }: CrossedDifference): { readonly seeds: number; readonly episodes: number } {
  return { seeds, episodes };
}
