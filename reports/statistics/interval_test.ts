import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { tInterval } from "./interval.ts";

Deno.test("an interval of three values is mean ± 4.303 sd / √3, and of one value there is none", () => {
  const interval = tInterval([1, 2, 3]);
  strictEqual(interval?.mean, 2);
  ok(Math.abs((interval?.high ?? 0) - (2 + 4.302652729749462 / Math.sqrt(3))) < 1e-8);
  ok(Math.abs((interval?.low ?? 0) - (2 - 4.302652729749462 / Math.sqrt(3))) < 1e-8);
  deepStrictEqual(tInterval([5]), { n: 1, mean: 5, low: null, high: null });
  strictEqual(tInterval([]), undefined);
});
