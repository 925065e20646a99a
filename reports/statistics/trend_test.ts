import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { rootMeanSquareDifference } from "./prediction_distance.ts";
import { logExponents } from "./trend.ts";

Deno.test("exponents of a product of powers are found again, whatever the design", () => {
  const xs = [[1, 2], [10, 2], [3, 5], [7, 8], [2, 3]] as const;
  const ys = xs.map(([p, q]) => 3 * p ** 0.7 * q ** -1.3);
  const [first, second] = logExponents(xs, ys);
  ok(Math.abs((first ?? NaN) - 0.7) < 1e-12 && Math.abs((second ?? NaN) + 1.3) < 1e-12);
});

Deno.test("with noise they are those of least squares", () => {
  // By numpy.linalg.lstsq on the logarithms with an intercept.
  const [first, second] = logExponents([[1, 1], [2, 1], [4, 2], [8, 4], [16, 2]], [1, 3, 2, 5, 4]);
  ok(Math.abs((first ?? NaN) - 0.3991774) < 1e-6);
  ok(Math.abs((second ?? NaN) - 0.1862979) < 1e-6);
});

Deno.test("what does not vary, or only together with another, has no exponent", () => {
  equal(logExponents([[1, 2], [2, 2], [4, 2]], [1, 2, 4])[1], null);
  equal(logExponents([[1, 1], [2, 2], [4, 4]], [1, 2, 4]), [null, null]);
});

Deno.test("the distance of two predictors is the root mean square over all queries", () => {
  equal(rootMeanSquareDifference([[1, 2], [3, 4]], [[1, 2], [3, 6]]), 1);
  equal(rootMeanSquareDifference([[1]], [[null]]), undefined);
  equal(rootMeanSquareDifference([], []), undefined);
});
