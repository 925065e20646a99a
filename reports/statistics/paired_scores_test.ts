import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { marginOfDifference, pairedDifferences } from "./paired_scores.ts";

Deno.test("accuracies differ in percentage points; predictions that are not finite have none right, and are counted", () => {
  const found = pairedDifferences({ metric: "accuracy", mtl: [[0.5, null]], meta: [[0.25, 0.75]], limits: null });
  equal(found, { matrix: [[25, -75]], diverged: { mtl: 1, meta: 0 } });
});

Deno.test("MSEs differ by the logarithm of their ratio, both capped at the episode's limit, and what is beyond it is counted", () => {
  const { matrix, diverged } = pairedDifferences({
    metric: "mse",
    mtl: [[2, 1e15, null, 50]],
    meta: [[1, 1, 2000, 50]],
    limits: [100, 100, 1000, 10],
  });
  const expected = [Math.log(2), Math.log(100), 0, 0];
  for (const [e, value] of matrix[0].entries()) ok(Math.abs(value - expected[e]) < 1e-12, `${value}`);
  equal(diverged, { mtl: 3, meta: 2 });
});

Deno.test("how far beyond the limit an episode exploded changes nothing, and an exact fit is finite", () => {
  const at = (score: number | null) =>
    pairedDifferences({ metric: "mse", mtl: [[score]], meta: [[1]], limits: [10] }).matrix[0][0];
  equal([at(11), at(1e300), at(null), at(Infinity)], Array(4).fill(Math.log(10)));
  ok(Number.isFinite(at(0)));
});

Deno.test("a lenient limit moves only what was beyond the strict one", () => {
  const pair = { metric: "mse", mtl: [[5, 40, null]], meta: [[1, 1, 1]], limits: [10, 10, 10] } as const;
  equal(pairedDifferences(pair, 10).matrix[0], [5, 40, 100].map(Math.log));
});

Deno.test("scores that do not pair, and MSEs without limits, are refused", () => {
  const side = { metric: "accuracy", limits: null } as const;
  throws(() => pairedDifferences({ ...side, mtl: [[1], [1]], meta: [[1]] }), /same seeds/);
  throws(() => pairedDifferences({ ...side, mtl: [[1, 0]], meta: [[1]] }), /same seeds/);
  throws(() => pairedDifferences({ ...side, metric: "mse", mtl: [[1]], meta: [[1]] }), /limits/);
});

Deno.test("a margin of a ratio is symmetric in logarithms", () => {
  equal([marginOfDifference("accuracy", 1), marginOfDifference("mse", 1.1)], [1, Math.log(1.1)]);
  ok(Math.abs(marginOfDifference("mse", 1 / 1.1) - Math.log(1.1)) < 1e-12);
});
