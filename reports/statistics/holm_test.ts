import { deepStrictEqual as equal, ok } from "node:assert";
import fc from "fast-check";
import { holm } from "./holm.ts";

// Golden values: statsmodels 0.15.0, multipletests(p, method="holm")[1].
Deno.test("adjusted p-values agree with statsmodels, ties included", () => {
  const expected = [0.066, 0.1, 0.035, 0.6, 0.12, 0.1, 0.9, 0.0032];
  for (const [i, p] of holm([0.011, 0.02, 0.005, 0.3, 0.04, 0.02, 0.9, 0.0004]).entries()) {
    ok(Math.abs(p - expected[i]) < 1e-12, `${p} instead of ${expected[i]}`);
  }
});

Deno.test("adjustment lies between none and Bonferroni's, keeps the order, and follows its hypotheses", () => {
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (pValues) => {
    const adjusted = holm(pValues);
    for (const [i, p] of pValues.entries()) {
      ok(adjusted[i] >= p && adjusted[i] <= Math.min(1, p * pValues.length));
      for (const [j, other] of pValues.entries()) if (p < other) ok(adjusted[i] <= adjusted[j]);
    }
    equal(holm([...pValues].reverse()), [...adjusted].reverse());
  }));
});

Deno.test("one hypothesis is a family that needs no adjustment, none is an empty one", () => {
  equal([holm([0.03]), holm([])], [[0.03], []]);
});
