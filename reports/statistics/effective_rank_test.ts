import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { spreadOf } from "./effective_rank.ts";

const gramOf = (vectors: readonly (readonly number[])[]) =>
  vectors.map((a) => vectors.map((b) => a.reduce((sum, value, i) => sum + value * b[i], 0)));
const near = (actual: number | null, expected: number, tolerance = 1e-9) =>
  ok(actual !== null && Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

Deno.test("effective rank is what a singular value decomposition by hand gives", () => {
  // Rows 3 and 4 along two axes: σ² = 9, 16, so shares 0.36 and 0.64, and exp(-0.36 ln 0.36 - 0.64 ln 0.64).
  const { effectiveRank, largestShare, rms } = spreadOf(gramOf([[3, 0, 0], [0, 4, 0]]));
  near(effectiveRank, Math.exp(-0.36 * Math.log(0.36) - 0.64 * Math.log(0.64)));
  near(largestShare, 0.64);
  near(rms, Math.sqrt(12.5));
  // NumPy 2: s = svd([[1, 2], [3, 4], [5, 6]])[1]; p = s**2 / sum(s**2); exp(-sum(p * log(p)))
  near(spreadOf(gramOf([[1, 2], [3, 4], [5, 6]])).effectiveRank, 1.0200783574436323, 1e-9);
});

Deno.test("k orthogonal movements of one length have effective rank k, one line has 1, and nothing has none", () => {
  for (const k of [1, 2, 5, 20]) {
    near(
      spreadOf(Array.from({ length: k }, (_, i) => Array.from({ length: k }, (_, j) => i === j ? 7 : 0))).effectiveRank,
      k,
    );
  }
  near(spreadOf(gramOf([[1, 2], [2, 4], [-3, -6]])).effectiveRank, 1, 1e-6);
  equal(spreadOf([[0, 0], [0, 0]]), { effectiveRank: null, largestShare: null, rms: 0 });
  equal(spreadOf([[1, NaN], [NaN, 1]]), { effectiveRank: null, largestShare: null, rms: null });
});

Deno.test("effective rank lies between 1 and the number of tasks, whatever the scale and the order of tasks", () => {
  const number = fc.double({ min: -10, max: 10, noNaN: true });
  const vectors = fc.array(fc.array(number, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 6 });
  fc.assert(fc.property(vectors, (rows) => {
    fc.pre(rows.flat().some((value) => Math.abs(value) > 1e-3));
    const { effectiveRank } = spreadOf(gramOf(rows));
    ok(effectiveRank! >= 1 - 1e-9 && effectiveRank! <= Math.min(4, rows.length) + 1e-9);
    near(spreadOf(gramOf(rows.map((row) => row.map((value) => 3 * value)))).effectiveRank, effectiveRank!, 1e-6);
    near(spreadOf(gramOf(rows.toReversed())).effectiveRank, effectiveRank!, 1e-6);
  }));
});
