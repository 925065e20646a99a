import { deepStrictEqual as equal, throws } from "node:assert/strict";
import fc from "fast-check";
import { quantile, summarise } from "./statistics.ts";

Deno.test("quantiles are those of numpy.quantile's default method", () => {
  // numpy 2.4: [float(numpy.quantile([1, 2, 4, 8], p)) for p in (0, 0.25, 0.5, 0.75, 0.9, 1)]
  const found = [0, 0.25, 0.5, 0.75, 0.9, 1].map((p) => quantile([1, 2, 4, 8], p));
  equal(found.map((value) => Math.round(value * 1e9) / 1e9), [1, 1.75, 3, 5, 6.8, 8]);
});

Deno.test("a summary is ordered, lies within the sample and does not depend on its order", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(fc.property(times, (sample) => {
    const { min, p25, median, p75, max, n } = summarise(sample);
    equal([min, p25, median, p75, max].toSorted((a, b) => a - b), [min, p25, median, p75, max]);
    equal([min, max, n], [Math.min(...sample), Math.max(...sample), sample.length]);
    equal(summarise(sample.toReversed()), summarise(sample));
  }));
});

Deno.test("an empty sample has no summary", () => {
  throws(() => summarise([]), RangeError);
});
