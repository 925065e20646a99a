/**
 * The linear head solved to its optimum on frozen features, in float64: ridge regression, and L2-regularised multinomial logistic regression on
 * L2-normalised features. Both work in the span of the support set, so the cost depends on its size and not on the width of the features.
 *
 * Source: Wang, Zhao & Li 2021 (arXiv:2106.09017) fine-tune a logistic-regression head (C = 3); ridge heads as in Bertinetto et al. 2019 (arXiv:1805.08136).
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";

/** Candidate ridge strengths, relative to the mean squared norm of the support features. */
export const RIDGE_GRID: readonly number[] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1];

/** Candidate inverse regularisation strengths C of logistic regression; 3 is Wang et al.'s. */
export const LOGISTIC_GRID: readonly number[] = [0.3, 1, 3, 10, 30];

/** One task's features and targets, row by row. */
export interface HeadTask {
  /** [nSupport, D] */
  readonly support: Matrix;
  /** [nQuery, D] */
  readonly query: Matrix;
  /** [nSupport, outputs] */
  readonly targets: Matrix;
}

/** What a solved head says of the query set, and what that cost. */
export interface HeadSolution {
  /** [nQuery, outputs] */
  readonly predictions: Matrix;
  /**
   * Floating-point operations, features apart: matrix products (2 per multiply-add), factorisations (n³/3), substitutions and the scaling of
   * rows. What is linear in the number of variables is left out.
   */
  readonly flops: number;
}

/** Solves one task's head at any strength; what strengths have in common is computed once. */
export type HeadSolver = (strength: number) => HeadSolution;

/**
 * Ridge regression with a bias that is regularised like the weights (a constant feature is appended): argmin ‖XW − Y‖² + λ‖W‖². The strength is λ
 * relative to the mean squared norm of the support features.
 *
 * @throws RangeError when a feature is not finite
 */
export function ridgeHead(task: HeadTask): HeadSolver {
  const [x, q] = [withConstant(task.support), withConstant(task.query)];
  const { gram, cross } = products(x, q);
  const [n, outputs] = [x.rows, task.targets.columns];
  const flops = spanFlops(n, q.rows, x.columns, outputs) + 2 * n * n * outputs;
  return (strength) => {
    const dual = factorise(gram, strength * gram.trace() / n).solve(task.targets);
    return { predictions: cross.mmul(dual), flops };
  };
}

/**
 * Multinomial logistic regression, argmin ½‖W‖² + C Σ_i CE(softmax(x_i W + b), y_i) on unit-length features, with the bias b free. The strength is C,
 * the inverse of the regularisation; predictions are logits.
 *
 * @throws RangeError when a feature is not finite
 */
export function logisticHead(task: HeadTask): HeadSolver {
  const [x, q] = [unitRows(task.support), unitRows(task.query)];
  // W = Xᵀ L⁻ᵀ A with XXᵀ = LLᵀ turns the problem into one on the rows of L with ‖W‖ = ‖A‖.
  const { gram, cross } = products(x, q);
  const lower = factorise(gram, 1e-10 * Math.max(gram.trace() / x.rows, 1e-12)).lowerTriangularMatrix;
  const [n, classes] = [x.rows, task.targets.columns];
  const flops = 3 * (n + q.rows) * x.columns + spanFlops(n, q.rows, x.columns, classes) + n * n * classes;
  return (c) => {
    const problem = new LogisticProblem(lower, task.targets, c);
    const solution = minimise(problem);
    const a = Matrix.from1DArray(n, classes, Array.from(solution.subarray(0, n * classes)));
    const logits = cross.mmul(solveUpper(lower, a));
    return {
      predictions: logits.addRowVector(Array.from(solution.subarray(n * classes))),
      flops: flops + 2 * problem.products * n * n * classes,
    };
  };
}

/** XXᵀ and QXᵀ: all that a solution in the span of the support set takes. */
function products(x: Matrix, q: Matrix): { gram: Matrix; cross: Matrix } {
  const transposed = x.transpose();
  return { gram: x.mmul(transposed), cross: q.mmul(transposed) };
}

/** Operations of both products, the factorisation and the predictions. */
function spanFlops(n: number, queries: number, width: number, outputs: number): number {
  return 2 * n * n * width + n ** 3 / 3 + 2 * queries * n * (width + outputs);
}

function withConstant(x: Matrix): Matrix {
  return x.clone().addColumn(Array<number>(x.rows).fill(1));
}

/** Rows scaled to length 1; a row of zeros stays. */
function unitRows(x: Matrix): Matrix {
  const lengths = x.clone().pow(2).sum("row").map((square) => Math.sqrt(square) || 1);
  return x.clone().divColumnVector(lengths);
}

/** Cholesky factors of A + λI; λ is raised tenfold until the matrix is positive definite in float64. */
function factorise(a: Matrix, lambda: number): CholeskyDecomposition {
  if (!Number.isFinite(a.sum())) throw new RangeError("the features are not finite");
  for (let ridge = lambda;; ridge = Math.max(ridge * 10, 1e-300)) {
    const decomposition = new CholeskyDecomposition(Matrix.add(a, Matrix.eye(a.rows).mul(ridge)));
    if (decomposition.isPositiveDefinite()) return decomposition;
  }
}

/** Solves Lᵀ X = B by back substitution. */
function solveUpper(lower: Matrix, b: Matrix): Matrix {
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

/** The objective, gradient and Hessian products of logistic regression on the rows of z [n, n]; variables are A [n, N] and b [N], flat. */
class LogisticProblem {
  readonly size: number;
  /** Products with z or its transpose so far. */
  products = 0;
  readonly #z: Matrix;
  readonly #y: Matrix;
  readonly #c: number;

  constructor(z: Matrix, y: Matrix, c: number) {
    this.#z = z;
    this.#y = y;
    this.#c = c;
    this.size = (z.columns + 1) * y.columns;
  }

  /** z A + b: [n, N]. */
  #affine(w: Float64Array): Matrix {
    this.products++;
    const classes = this.#y.columns;
    const out = Matrix.zeros(this.#z.rows, classes);
    for (let i = 0; i < this.#z.rows; i++) {
      for (let j = 0; j < classes; j++) {
        let value = w[this.#z.columns * classes + j];
        for (let k = 0; k < this.#z.columns; k++) value += this.#z.get(i, k) * w[k * classes + j];
        out.set(i, j, value);
      }
    }
    return out;
  }

  /** The adjoint of `#affine`. */
  #adjoint(g: Matrix): Float64Array {
    this.products++;
    const classes = this.#y.columns;
    const out = new Float64Array(this.size);
    for (let i = 0; i < g.rows; i++) {
      for (let j = 0; j < classes; j++) {
        const value = g.get(i, j);
        for (let k = 0; k < this.#z.columns; k++) out[k * classes + j] += this.#z.get(i, k) * value;
        out[this.#z.columns * classes + j] += value;
      }
    }
    return out;
  }

  /** The penalty's diagonal: 1 on A, 0 on b (a hair above, because logits shifted by a constant are the same model). */
  #penalty(index: number): number {
    return index < this.#z.columns * this.#y.columns ? 1 : 1e-9;
  }

  evaluate(w: Float64Array): { value: number; gradient: Float64Array; probabilities: Matrix } {
    const logits = this.#affine(w);
    const residual = Matrix.zeros(logits.rows, logits.columns);
    const probabilities = Matrix.zeros(logits.rows, logits.columns);
    let value = 0;
    for (let i = 0; i < logits.rows; i++) {
      const row = logits.getRow(i);
      const largest = Math.max(...row);
      const logTotal = largest + Math.log(row.reduce((total, z) => total + Math.exp(z - largest), 0));
      row.forEach((z, j) => {
        const p = Math.exp(z - logTotal);
        probabilities.set(i, j, p);
        residual.set(i, j, this.#c * (p - this.#y.get(i, j)));
        value += this.#c * this.#y.get(i, j) * (logTotal - z);
      });
    }
    const gradient = this.#adjoint(residual);
    w.forEach((x, index) => {
      value += 0.5 * this.#penalty(index) * x * x;
      gradient[index] += this.#penalty(index) * x;
    });
    return { value, gradient, probabilities };
  }

  hessianTimes(p: Matrix, direction: Float64Array): Float64Array {
    const d = this.#affine(direction);
    for (let i = 0; i < d.rows; i++) {
      let mean = 0;
      for (let j = 0; j < d.columns; j++) mean += p.get(i, j) * d.get(i, j);
      for (let j = 0; j < d.columns; j++) d.set(i, j, this.#c * p.get(i, j) * (d.get(i, j) - mean));
    }
    const product = this.#adjoint(d);
    return product.map((value, index) => value + this.#penalty(index) * direction[index]);
  }
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((total, x, index) => total + x * b[index], 0);
const along = (a: Float64Array, t: number, b: Float64Array) => a.map((x, index) => x + t * b[index]);

/** Newton's method with conjugate-gradient steps and backtracking, until the gradient's norm is below 1e-8 of its first. */
function minimise(problem: LogisticProblem): Float64Array {
  let w = new Float64Array(problem.size);
  let at = problem.evaluate(w);
  const tolerance = 1e-8 * Math.sqrt(dot(at.gradient, at.gradient));
  for (let newton = 0; newton < 100; newton++) {
    const norm = Math.sqrt(dot(at.gradient, at.gradient));
    if (norm <= tolerance) return w;
    const direction = newtonDirection(problem, at.probabilities, at.gradient, Math.min(0.1, norm) * norm);
    const slope = dot(direction, at.gradient);
    let t = 1;
    let next = problem.evaluate(along(w, t, direction));
    while (next.value > at.value + 1e-4 * t * slope && t > 1e-10) {
      t /= 2;
      next = problem.evaluate(along(w, t, direction));
    }
    if (!(next.value < at.value)) return w; // no descent left in float64
    w = along(w, t, direction);
    at = next;
  }
  return w;
}

function newtonDirection(problem: LogisticProblem, p: Matrix, gradient: Float64Array, tolerance: number): Float64Array {
  let x = new Float64Array(gradient.length);
  let residual = gradient.map((g) => -g);
  let direction = residual;
  let square = dot(residual, residual);
  for (let iteration = 0; iteration < 2 * gradient.length && Math.sqrt(square) > tolerance; iteration++) {
    const product = problem.hessianTimes(p, direction);
    const t = square / dot(direction, product);
    x = along(x, t, direction);
    residual = along(residual, -t, product);
    const next = dot(residual, residual);
    direction = along(residual, next / square, direction);
    square = next;
  }
  return x;
}
