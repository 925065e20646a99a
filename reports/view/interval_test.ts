import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { tInterval, tQuantile } from "./interval.ts";

Deno.test("t quantiles equal those of scipy.stats.t.ppf(0.975, df) (scipy 1.17.1)", () => {
  const golden = [
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [3, 3.1824463052837078],
    [4, 2.7764451051977934],
    [5, 2.5705818356363146],
    [10, 2.228138851986274],
    [29, 2.045229642132703],
    [30, 2.0422724563012378],
    [99, 1.9842169515864174],
  ];
  for (const [df, value] of golden) {
    ok(Math.abs(tQuantile(df) - value) < 1e-12, `${df} degrees of freedom: ${tQuantile(df)}`);
  }
  throws(() => tQuantile(0), /internal/);
});

Deno.test("an interval of three values is mean ± 4.303 sd / √3, and of one value there is none", () => {
  const interval = tInterval([1, 2, 3]);
  strictEqual(interval?.mean, 2);
  ok(Math.abs((interval?.high ?? 0) - (2 + 4.302652729749462 / Math.sqrt(3))) < 1e-12);
  ok(Math.abs((interval?.low ?? 0) - (2 - 4.302652729749462 / Math.sqrt(3))) < 1e-12);
  deepStrictEqual(tInterval([5]), { n: 1, mean: 5, low: null, high: null });
  strictEqual(tInterval([]), undefined);
});
