/**
 * In how many directions tasks move the weights: what is known of it from inner products alone.
 *
 * The effective rank is the exponential of the entropy of shares p_i = σ_i² / Σ σ_j² of the squared singular values: k where k directions share all movement
 * alike, 1 where all tasks move along one line. Source: Roy & Vetterli 2007 ("The effective rank: a measure of effective dimensionality", EUSIPCO), whose
 * shares are of σ itself; those of σ² are shares of squared length, to which rounding errors add next to nothing.
 */
/** What is said of the movements of some tasks. */
export interface Spread {
  /** Null where nothing moves, or something is not finite. */
  readonly effectiveRank: number | null;
  /** Share of the squared length that the first direction has. */
  readonly largestShare: number | null;
  /** Root mean square over tasks of the length of the movement. */
  readonly rms: number | null;
}

/**
 * The spread of T vectors.
 *
 * @param gram their inner products, T rows of T: its eigenvalues are the squared singular values of the matrix of these vectors
 */
export function spreadOf(gram: readonly (readonly number[])[]): Spread {
  const trace = gram.reduce((sum, row, task) => sum + row[task], 0);
  if (!gram.flat().every(Number.isFinite)) return { effectiveRank: null, largestShare: null, rms: null };
  const rms = Math.sqrt(Math.max(0, trace) / gram.length);
  if (!(trace > 0)) return { effectiveRank: null, largestShare: null, rms };
  // Rounding leaves the two halves of a float32 product a little different.
  const symmetric = gram.map((row, i) => row.map((value, j) => (value + gram[j][i]) / 2 / trace));
  const squares = eigenvalues(symmetric).map((value) => Math.max(0, value));
  const total = squares.reduce((sum, value) => sum + value, 0);
  const shares = squares.map((value) => value / total);
  const entropy = shares.reduce((sum, share) => share > 0 ? sum - share * Math.log(share) : sum, 0);
  return { effectiveRank: Math.exp(entropy), largestShare: Math.max(...shares), rms };
}

/** Rounds over all pairs; matrices of a hundred rows take six or seven. */
const MAX_SWEEPS = 30;
/** Squares off the diagonal that are left, of a matrix of trace 1. */
const RESIDUE = 1e-26;

/** Eigenvalues of a symmetric matrix by Jacobi's rotations, which no tiny or equal values upset. @param matrix is changed */
function eigenvalues(matrix: number[][]): number[] {
  const n = matrix.length;
  const off = () =>
    matrix.reduce((sum, row, i) => sum + row.reduce((own, value, j) => j === i ? own : own + value ** 2, 0), 0);
  for (let sweep = 0; sweep < MAX_SWEEPS && off() > RESIDUE; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(matrix[p][q]) < 1e-150) continue;
        rotate(matrix, p, q);
      }
    }
  }
  return matrix.map((row, i) => row[i]);
}

/** Turns the plane of two axes so that the matrix has nothing between them. */
function rotate(matrix: number[][], p: number, q: number): void {
  const theta = (matrix[q][q] - matrix[p][p]) / (2 * matrix[p][q]);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cosine = 1 / Math.hypot(tangent, 1);
  const sine = tangent * cosine;
  for (const row of matrix) [row[p], row[q]] = [cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]];
  const [rowP, rowQ] = [matrix[p], matrix[q]];
  for (let k = 0; k < matrix.length; k++) {
    [rowP[k], rowQ[k]] = [cosine * rowP[k] - sine * rowQ[k], sine * rowP[k] + cosine * rowQ[k]];
  }
}
