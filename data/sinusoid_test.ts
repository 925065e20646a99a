import assert from "node:assert/strict";
import fc from "fast-check";
import type { Key } from "../common/random.ts";
import { FIXED_FREQUENCY, meanCurve, sinusoidDataSet, type SinusoidFamily, VARYING_FREQUENCY } from "./sinusoid.ts";

const FAMILIES = [FIXED_FREQUENCY, VARYING_FREQUENCY];

/** Mean and its standard error. */
function summary(values: readonly number[]): { mean: number; error: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, error: Math.sqrt(variance / values.length) };
}

/** MSE of a predictor on the query set of each task. */
function taskErrors(
  batch: { tasks: number; nQuery: number; queryX: Float32Array; queryY: Float32Array },
  predict: (x: number) => number,
): number[] {
  return Array.from({ length: batch.tasks }, (_, t) => {
    let sum = 0;
    for (let i = t * batch.nQuery; i < (t + 1) * batch.nQuery; i++) {
      sum += (batch.queryY[i] - predict(batch.queryX[i])) ** 2;
    }
    return sum / batch.nQuery;
  });
}

function assertNear(values: readonly number[], expected: number): void {
  const { mean, error } = summary(values);
  assert(Math.abs(mean - expected) < 5 * error, `${mean} is not within five standard errors (${error}) of ${expected}`);
}

/*
 * E[A²] = (5³ - 0.1³) / (3 · 4.9) and E[sin²(x - φ)] = 1/2 for φ ~ U[0, π], so predicting zero costs E[A²] / 2 = 4.252.
 * The best single prediction is E[y | x] = -(2/π) E[A] cos x = -1.623 cos x; it saves its own mean square, with
 * E[cos² x] = 1/2 + sin(10) / 20 for x ~ U[-5, 5]: 3.006 remains.
 */
const ZERO_PREDICTOR = (5 ** 3 - 0.1 ** 3) / (3 * 4.9) / 2;
const BEST_COEFFICIENT = -(2 / Math.PI) * 2.55;
const BEST_PREDICTOR = ZERO_PREDICTOR - BEST_COEFFICIENT ** 2 * (0.5 + Math.sin(10) / 20);

Deno.test("the analytic constants of the sinusoid are those of the literature on it", () => {
  assert.equal(ZERO_PREDICTOR.toFixed(3), "4.252");
  assert.equal(BEST_COEFFICIENT.toFixed(3), "-1.623");
  assert.equal(BEST_PREDICTOR.toFixed(3), "3.006");
});

Deno.test("predicting zero, or the mean curve, costs the analytic MSE on fresh training points", () => {
  const batch = sinusoidDataSet(FIXED_FREQUENCY).trainBatch(20_000, 1, 5, ["analytic"]);
  assertNear(taskErrors(batch, () => 0), ZERO_PREDICTOR);
  assertNear(taskErrors(batch, (x) => BEST_COEFFICIENT * Math.cos(x)), BEST_PREDICTOR);
});

Deno.test("the mean curve in closed form is -1.623 cos x, and the mean of many curves where the frequency varies", () => {
  const fixed = meanCurve(FIXED_FREQUENCY);
  for (const x of [-5, -1.3, 0, 0.4, 5]) {
    assert(Math.abs(fixed(x) - BEST_COEFFICIENT * Math.cos(x)) < 1e-12, `at ${x}`);
  }
  const varying = meanCurve(VARYING_FREQUENCY);
  const { tasks, nQuery, queryX, queryY } = sinusoidDataSet(VARYING_FREQUENCY).episodes("test", 0, 4000, 1, 100);
  for (let i = 0; i < nQuery; i += 11) {
    assertNear(Array.from({ length: tasks }, (_, t) => queryY[t * nQuery + i]), varying(queryX[i]));
  }
  assert(Math.abs(varying(0) - varying(1e-6)) < 1e-5);
});

Deno.test("no multiple of cos x or sin x predicts better than -1.623 cos x", () => {
  const { queryX, queryY } = sinusoidDataSet(FIXED_FREQUENCY).trainBatch(40_000, 1, 1, ["regression"]);
  // Least squares on (cos x, sin x); the two are uncorrelated over a symmetric range.
  const slope = (feature: (x: number) => number) => {
    let [dot, square] = [0, 0];
    queryX.forEach((x, i) => {
      dot += feature(x) * queryY[i];
      square += feature(x) ** 2;
    });
    return { value: dot / square, error: Math.sqrt(ZERO_PREDICTOR / square) };
  };
  const [cos, sin] = [slope(Math.cos), slope(Math.sin)];
  assert(Math.abs(cos.value - BEST_COEFFICIENT) < 5 * cos.error, `cos: ${cos.value}`);
  assert(Math.abs(sin.value) < 5 * sin.error, `sin: ${sin.value}`);
});

Deno.test("test episodes are scored on the fixed 100-point grid and agree with the analytic MSE on it", () => {
  const batch = sinusoidDataSet(FIXED_FREQUENCY).episodes("test", 0, 5_000, 1, 1);
  assert.equal(batch.nQuery, 100);
  const grid = batch.queryX.subarray(0, 100);
  assert.deepEqual([grid[0], grid[99], batch.queryX.at(-1)], [-5, 5, 5]);
  for (let i = 0; i < 100; i++) assert(Math.abs(grid[i] - (-5 + 10 * i / 99)) < 1e-6);
  const meanCos2 = grid.reduce((sum, x) => sum + Math.cos(x) ** 2, 0) / 100;
  assertNear(taskErrors(batch, () => 0), ZERO_PREDICTOR);
  assertNear(
    taskErrors(batch, (x) => BEST_COEFFICIENT * Math.cos(x)),
    ZERO_PREDICTOR - BEST_COEFFICIENT ** 2 * meanCos2,
  );
});

/** Residual share of the best a sin x + b cos x through a task's query points. */
function unexplained(x: Float32Array, y: Float32Array): number {
  let [ss, sc, cc, sy, cy, yy] = [0, 0, 0, 0, 0, 0];
  x.forEach((value, i) => {
    const [s, c] = [Math.sin(value), Math.cos(value)];
    ss += s * s;
    sc += s * c;
    cc += c * c;
    sy += s * y[i];
    cy += c * y[i];
    yy += y[i] * y[i];
  });
  const determinant = ss * cc - sc * sc;
  const a = (cc * sy - sc * cy) / determinant;
  const b = (ss * cy - sc * sy) / determinant;
  return (yy - a * sy - b * cy) / yy;
}

Deno.test("two shared features explain every sinusoid, but not those of varying frequency", () => {
  const shares = (family: SinusoidFamily) => {
    const { tasks, queryX, queryY } = sinusoidDataSet(family).episodes("test", 0, 300, 1, 1);
    return Array.from(
      { length: tasks },
      (_, t) => unexplained(queryX.subarray(100 * t, 100 * (t + 1)), queryY.subarray(100 * t, 100 * (t + 1))),
    );
  };
  assert(shares(FIXED_FREQUENCY).every((share) => share < 1e-9));
  const varying = shares(VARYING_FREQUENCY);
  assert(varying.filter((share) => share > 0.1).length > 200, "most tasks need other features");
});

Deno.test("a batch has the shapes it says, inputs in range and targets within the amplitude", () => {
  for (const family of FAMILIES) {
    const batch = sinusoidDataSet(family).trainBatch(25, 10, 7, ["shapes"]);
    assert.deepEqual([batch.tasks, batch.nSupport, batch.nQuery], [25, 10, 7]);
    assert.deepEqual([batch.supportX, batch.supportY, batch.queryX, batch.queryY].map((a) => a.length), [
      250,
      250,
      175,
      175,
    ]);
    assert(batch.supportX.every((x) => x >= -5 && x <= 5));
    assert(batch.queryY.every((y) => Math.abs(y) <= 5));
  }
});

Deno.test("an episode depends on its split and number alone; supports are nested and queries do not depend on the shots", () => {
  for (const family of FAMILIES) {
    const data = sinusoidDataSet(family);
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), (first, count, k) => {
        const range = data.episodes("test", first, count, k, 1);
        const last = data.episodes("test", first + count - 1, 1, k + 1, 1);
        assert.deepEqual(last.queryX, range.queryX.subarray(100 * (count - 1)));
        assert.deepEqual(last.queryY, range.queryY.subarray(100 * (count - 1)));
        assert.deepEqual(last.supportX.subarray(0, k), range.supportX.subarray(k * (count - 1)));
        assert.deepEqual(last.supportY.subarray(0, k), range.supportY.subarray(k * (count - 1)));
      }),
      { numRuns: 30 },
    );
    const [test, validation] = [data.episodes("test", 3, 1, 5, 1), data.episodes("validation", 3, 1, 5, 1)];
    assert.notDeepEqual(test.supportX, validation.supportX);
  }
});

Deno.test("the same key gives the same training batch and another key another one", () => {
  const data = sinusoidDataSet(FIXED_FREQUENCY);
  const draw = (key: Key) => data.trainBatch(4, 5, 5, key);
  assert.deepEqual(draw([1, "batch", 2]), draw([1, "batch", 2]));
  assert.notDeepEqual(draw([1, "batch", 2]), draw([1, "batch", 3]));
  assert.notDeepEqual(draw([1]).supportX, sinusoidDataSet(VARYING_FREQUENCY).trainBatch(4, 5, 5, [1]).supportX);
});

Deno.test("a pool's task is the same curve in every batch and in every pool size", () => {
  const data = sinusoidDataSet(FIXED_FREQUENCY);
  const [small, large] = [data.pool(8, 5), data.pool(50, 5)];
  assert.deepEqual(small.batch([3, 7], 10, ["x"]), large.batch([3, 7], 10, ["x"]));
  // All points of task 3, from three batches, lie on one a sin x + b cos x.
  const batches = ["a", "b", "c"].map((name) => large.batch([3], 40, [name]));
  const join = (arrays: Float32Array[]) => Float32Array.from(arrays.flatMap((array) => [...array]));
  assert(unexplained(join(batches.map(({ x }) => x)), join(batches.map(({ y }) => y))) < 1e-9);
  assert.notDeepEqual(batches[0].x, batches[1].x);
  const others = data.pool(8, 6).batch([3], 40, ["a"]);
  assert.notDeepEqual(others.y, batches[0].y);
  assert.throws(() => small.batch([8], 10, ["x"]), /task 8 is not in the pool of 8/);
});

Deno.test("impossible draws are refused by name", () => {
  const data = sinusoidDataSet(FIXED_FREQUENCY);
  assert.throws(() => data.trainBatch(1, 0, 1, []), { name: "DataError", message: /0 shots/ });
  assert.throws(() => data.trainBatch(1.5, 1, 1, []), { name: "DataError", message: /1\.5 tasks/ });
  assert.throws(() => data.episodes("test", 0, 1, NaN, 1), { name: "DataError", message: /NaN shots/ });
});

Deno.test("the digest tells the two families apart and is stable", () => {
  const digests = FAMILIES.map((family) => sinusoidDataSet(family).digest);
  assert.equal(new Set(digests).size, 2);
  assert(digests.every((digest) => /^[0-9a-f]{64}$/.test(digest)));
  assert.deepEqual(digests, FAMILIES.map((family) => sinusoidDataSet(family).digest));
});
