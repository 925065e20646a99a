/** Linear algebra in the span of a support set: its cost depends on the number of examples and not on the width of the features. */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** XXᵀ and QXᵀ: all that a solution in the span of the support set takes. */
export function products(x: Matrix, q: Matrix): { gram: Matrix; cross: Matrix } {
  const transposed = x.transpose();
  return { gram: x.mmul(transposed), cross: q.mmul(transposed) };
}

/** Operations of both products, the factorisation and the predictions. */
export function spanFlops(n: number, queries: number, width: number, outputs: number): number {
  return 2 * n * n * width + n ** 3 / 3 + 2 * queries * n * (width + outputs);
}

/** Rows scaled to length 1; a row of zeros stays. */
export function unitRows(x: Matrix): Matrix {
  const lengths = x.clone().pow(2).sum("row").map((square) => Math.sqrt(square) || 1);
  return x.clone().divColumnVector(lengths);
}

/** Cholesky factors of A + λI; λ is raised tenfold until the matrix is positive definite in float64. */
export function factorise(a: Matrix, lambda: number): CholeskyDecomposition {
  requireFinite(a);
  for (let ridge = lambda;; ridge = Math.max(ridge * 10, 1e-300)) {
    const decomposition = new CholeskyDecomposition(Matrix.add(a, Matrix.eye(a.rows).mul(ridge)));
    if (decomposition.isPositiveDefinite()) return decomposition;
  }
}

/** Solves Lᵀ X = B by back substitution. */
export function solveUpper(lower: Matrix, b: Matrix): Matrix {
  const x = b.clone();
  for (let column = 0; column < b.columns; column++) {
    for (let row = lower.rows - 1; row >= 0; row--) {
      let value = x.get(row, column);
      for (let k = row + 1; k < lower.rows; k++) value -= lower.get(k, row) * x.get(k, column);
      x.set(row, column, value / lower.get(row, row));
    }
  }
  return x;
}

/** @throws RangeError when an entry is not finite */
export function requireFinite(a: Matrix): void {
  if (!Number.isFinite(a.sum())) throw new RangeError("the features are not finite");
}
