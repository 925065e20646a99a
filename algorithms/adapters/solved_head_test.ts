import { Matrix } from "ml-matrix";
import type { HeadTask } from "./adapter.ts";
import { logisticHead } from "./logistic.ts";
import { ridgeHead } from "./ridge.ts";
import { svm } from "./svm.ts";
import { assertAlmost, spread } from "../testing/tensor.ts";

const matrix = (rows: number, columns: number, phase: number, high = 1) =>
  Matrix.from1DArray(rows, columns, Array.from(spread(rows * columns, -high, high, phase)));

const oneHot = (rows: number, classes: number) => {
  const y = Matrix.zeros(rows, classes);
  for (let i = 0; i < rows; i++) y.set(i, i % classes, 1);
  return y;
};

const task = (n: number, d: number, targets: Matrix): HeadTask => ({
  support: matrix(n, d, 1),
  query: matrix(3, d, 2),
  targets,
});

// Golden values: scikit-learn on the same arrays,
//   LogisticRegression(C=3, tol=1e-12, max_iter=10000).fit(unit(X), y).decision_function(unit(Q))
//   Ridge(alpha=0.01 * mean(|[x 1]|^2), fit_intercept=False, solver="cholesky").fit([X 1], Y).predict([Q 1])
// with X[i] = low + (high - low) * frac((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927), phases 1 (X), 2 (Q), 3 (Y).
Deno.test("the logistic head's logits are scikit-learn's, up to its stopping tolerance", () => {
  const expected = [
    [0.18145119170202298, 0.11176686768499217, -0.29321805938701523],
    [-0.5787960447192239, -0.5075812433148468, 1.0863772880340703],
    [0.18272553079507342, 0.19152299618358717, -0.3742485269786607],
  ];
  const { predictions: logits } = logisticHead(task(6, 4, oneHot(6, 3)))(3);
  for (const [row, values] of expected.entries()) {
    const own = logits.getRow(row); // logits are the same model up to a constant per row
    const shift = (own[0] + own[1] + own[2]) / 3;
    assertAlmost(`row ${row}`, own.map((value) => value - shift), values, 1e-6);
  }
});

Deno.test("the ridge head's predictions are scikit-learn's", () => {
  const { predictions } = ridgeHead(task(6, 4, matrix(6, 1, 3, 2)))(0.01);
  assertAlmost(
    "predictions",
    predictions.to1DArray(),
    [0.6790232896305985, 0.5575515406545204, 0.12421014182634843],
    1e-12,
  );
});

// Golden values: scikit-learn 1.9.1 on three times the arrays above, the kernel's diagonal raised by features that only one example has,
//   LinearSVC(multi_class="crammer_singer", C=C, fit_intercept=False, tol=1e-13, max_iter=10**7).fit(hstack([X, eye(6)]), y).coef_[:, :4]
Deno.test("the support vector machine's scores are scikit-learn's, by another method", () => {
  const expected = new Map([
    [0.1, [
      [0.2589356152665633, 0.12463192246482804, -0.3835675377530439],
      [-0.25867132823676, -0.19412431601200175, 0.45279564428143615],
      [0.2722241966484144, 0.1715615124983465, -0.4437857091737571],
    ]],
    [1, [
      [0.5537668893751491, -0.09482081641995406, -0.4589460729541125],
      [-0.33085019921372116, -0.1798218262611082, 0.5106720254883221],
      [0.49870912909127074, 0.014324081957677209, -0.5130332110502095],
    ]],
  ]);
  const { support, query, targets } = task(6, 4, oneHot(6, 3));
  const solver = svm.solver({ support: Matrix.mul(support, 3), query: Matrix.mul(query, 3), targets });
  for (const [penalty, scores] of expected) {
    assertAlmost(`C = ${penalty}`, solver(penalty).predictions.to1DArray(), scores.flat(), 1e-9);
  }
});

Deno.test("the ridge head solves in the span of the support what the normal equations solve in the space of features", () => {
  for (const [n, d] of [[3, 8], [8, 3]]) {
    const { support, query, targets } = task(n, d, matrix(n, 2, 3));
    const ones = (x: Matrix) => x.clone().addColumn(Array<number>(x.rows).fill(1));
    const [x, q] = [ones(support), ones(query)];
    const lambda = 0.1 * x.mmul(x.transpose()).trace() / n;
    const normal = x.transpose().mmul(x).add(Matrix.eye(d + 1).mul(lambda));
    const weights = solve(normal, x.transpose().mmul(targets));
    assertAlmost(
      `n = ${n}, D = ${d}`,
      ridgeHead({ support, query, targets })(0.1).predictions.to1DArray(),
      q.mmul(weights).to1DArray(),
      1e-12,
    );
  }
});

/** Gauss-Jordan elimination: another road than the one under test. */
function solve(a: Matrix, b: Matrix): Matrix {
  const work = a.clone();
  const x = b.clone();
  for (let pivot = 0; pivot < work.rows; pivot++) {
    const scale = work.get(pivot, pivot);
    for (let row = 0; row < work.rows; row++) {
      if (row === pivot) continue;
      const factor = work.get(row, pivot) / scale;
      for (let column = 0; column < work.columns; column++) {
        work.set(row, column, work.get(row, column) - factor * work.get(pivot, column));
      }
      for (let column = 0; column < x.columns; column++) {
        x.set(row, column, x.get(row, column) - factor * x.get(pivot, column));
      }
    }
  }
  for (let row = 0; row < x.rows; row++) {
    for (let column = 0; column < x.columns; column++) x.set(row, column, x.get(row, column) / work.get(row, row));
  }
  return x;
}

Deno.test("the logistic head is right where support examples repeat and features vanish", () => {
  const support = Matrix.ones(4, 3);
  support.setRow(2, [0, 0, 0]);
  const { predictions: logits } = logisticHead({ support, query: matrix(2, 3, 5), targets: oneHot(4, 2) })(3);
  if (!logits.to1DArray().every(Number.isFinite)) throw new Error(`${logits.to1DArray()}`);
});

Deno.test("the cost of a solved head is that of its products, factors and substitutions", () => {
  const [n, queries, d, outputs] = [6, 3, 4, 2];
  const width = d + 1; // the constant feature
  const gram = 2 * n * n * width;
  const cross = 2 * queries * n * width;
  const expected = gram + n ** 3 / 3 + 2 * n * n * outputs + cross + 2 * queries * n * outputs;
  const { flops } = ridgeHead(task(n, d, matrix(n, outputs, 3)))(0.1);
  if (flops !== expected) throw new Error(`${flops} instead of ${expected}`);
  const logistic = logisticHead(task(6, 4, oneHot(6, 3)))(3).flops;
  // One evaluation, one Newton step of one conjugate-gradient iteration and its line search: the least it can be.
  const least = 2 * 6 * 6 * 4 + 6 ** 3 / 3 + 2 * 3 * 6 * (4 + 3) + 3 * (6 + 3) * 4 + 6 * 2 * 6 * 6 * 3;
  if (!(logistic > least)) throw new Error(`${logistic} is not above ${least}`);
});

Deno.test("features that are not finite are refused", () => {
  const support = matrix(4, 3, 1);
  support.set(0, 0, NaN);
  let refused = false;
  try {
    ridgeHead({ support, query: matrix(2, 3, 2), targets: matrix(4, 1, 3) })(0.1);
  } catch (error) {
    refused = error instanceof RangeError;
  }
  if (!refused) throw new Error("a NaN went through");
});
