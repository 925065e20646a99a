/** Multinomial logistic regression as an optimisation problem, and Newton's method for it. */
import { Matrix } from "ml-matrix";

/** The objective, gradient and Hessian products of logistic regression on the rows of z [n, n]; variables are A [n, N] and b [N], flat. */
export class LogisticProblem {
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
export function minimise(problem: LogisticProblem): Float64Array {
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
