import { equal, ok } from "node:assert/strict";
import { pairedEffectSize } from "./effect_size.ts";

// Golden value: numpy 2.4.6, d = a - b; d.mean() / d.std(ddof=1).
Deno.test("the effect size is the mean over the standard deviation of paired differences", () => {
  const [a, b] = [[61.2, 60.1, 62.4, 59.8, 61.9], [61.0, 60.6, 61.7, 60.2, 61.1]];
  const found = pairedEffectSize(a.map((value, i) => value - b[i]));
  ok(Math.abs((found ?? 0) - 0.26556245212371377) < 1e-12, `${found}`);
});

Deno.test("without spread or a second seed there is no effect size", () => {
  equal(pairedEffectSize([0.1, 0.1, 0.1]), undefined);
  equal(pairedEffectSize([2]), undefined);
  // Equal up to the last bits: 0.1 + 0.2 is not 0.3.
  equal(pairedEffectSize([0.3, 0.1 + 0.2, 0.3]), undefined);
  equal(pairedEffectSize([-1e-16, 1e-16, 0].map((rounding) => 2 + rounding * 8)), undefined);
  ok((pairedEffectSize([1, 1.0001, 1.0002]) ?? 0) > 1000);
});
