import { ok, throws } from "node:assert";
import { twoWay } from "./mean_squares.ts";

// Golden values: statsmodels 0.15.0, anova_lm(ols("y ~ C(s) + C(e)", data).fit()): sum_sq / df.
Deno.test("mean squares of a two-way layout agree with statsmodels", () => {
  const found = twoWay([[1.5, 2, 0.5, 3], [2.5, 1, 1.5, 4.5], [0, 2.5, -1, 2]]);
  for (
    const [actual, expected] of [
      [found.betweenSeeds, 2.2708333333333335],
      [found.betweenEpisodes, 4.166666666666667],
      [found.residual, 1.0208333333333333],
    ]
  ) ok(Math.abs(actual - expected) < 1e-12, `${actual} instead of ${expected}`);
});

Deno.test("a layout without replication of seeds or episodes, or a ragged one, is refused", () => {
  throws(() => twoWay([[1, 2, 3]]), RangeError);
  throws(() => twoWay([[1], [2]]), RangeError);
  throws(() => twoWay([[1, 2], [3]]), RangeError);
});
