import { deepStrictEqual as equal, ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { type Bin, binOf, BINS, expectedCalibrationError, sayingOf } from "./calibration.ts";

Deno.test("confidence and likelihood of a query are those of its softmax, computed by hand", () => {
  // softmax(ln 1, ln 2, ln 5) = 1/8, 2/8, 5/8.
  const logits = [9, Math.log(1), Math.log(2), Math.log(5)];
  const wrong = sayingOf(logits, 1, 3, 1);
  ok(Math.abs(wrong.confidence - 5 / 8) < 1e-12 && Math.abs(wrong.nll + Math.log(2 / 8)) < 1e-12 && !wrong.right);
  const right = sayingOf(logits, 1, 3, 2);
  ok(Math.abs(right.nll + Math.log(5 / 8)) < 1e-12 && right.right);
  equal(sayingOf([3, 3], 0, 2, 1).right, false);
  equal(sayingOf([3, 3], 0, 2, 0).right, true);
});

Deno.test("large logits neither overflow nor lose the likelihood of the wrong class", () => {
  const { confidence, nll } = sayingOf([1e6, 0, -1e6], 0, 3, 2);
  equal([confidence, nll], [1, 2e6]);
});

Deno.test("bins are open below and closed above, and the outermost hold what rounding puts beyond them", () => {
  equal([1 / 15, 1 / 15 + 1e-9, 0.5, 14 / 15 + 1e-9, 1, 1 + 1e-9, 0].map(binOf), [0, 1, 7, 14, 14, 14, 0]);
  for (let bin = 1; bin <= BINS; bin++) strictEqual(binOf((bin - 0.5) / BINS), bin - 1);
});

Deno.test("the expected calibration error of ten queries is that of a computation by hand", () => {
  // Six queries of confidence 0.9 of which five are right, three of 0.55 of which one is, and one of 0.3 that is wrong:
  // 6/10 |5/6 - 0.9| + 3/10 |1/3 - 0.55| + 1/10 |0 - 0.3| = 0.04 + 0.065 + 0.03.
  const bins: Bin[] = [[6, 5.4, 5], [3, 1.65, 1], [1, 0.3, 0]];
  ok(Math.abs((expectedCalibrationError(bins) ?? NaN) - 0.135) < 1e-12);
  strictEqual(expectedCalibrationError([]), null);
  strictEqual(expectedCalibrationError([[0, 0, 0]]), null);
});

Deno.test("the error is at most 1 and at least how much surer a classifier is than right on the whole", () => {
  const bin = fc.integer({ min: 1, max: 50 }).chain((queries) =>
    fc.tuple(
      fc.constant(queries),
      fc.double({ min: 0, max: 1, noNaN: true }).map((confidence) => confidence * queries),
      fc.integer({ min: 0, max: queries }),
    )
  );
  fc.assert(fc.property(fc.array(bin, { minLength: 1, maxLength: BINS }), (bins) => {
    const error = expectedCalibrationError(bins) ?? NaN;
    const total = (index: 0 | 1 | 2) => bins.reduce((sum, own) => sum + own[index], 0);
    ok(error <= 1 && error >= Math.abs(total(1) - total(2)) / total(0) - 1e-12);
  }));
});
