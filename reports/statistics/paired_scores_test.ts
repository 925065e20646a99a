import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { marginOfDifference, pairedDifferences } from "./paired_scores.ts";

Deno.test("accuracies differ in percentage points; predictions that are not finite have none right, and are counted", () => {
  const found = pairedDifferences({ metric: "accuracy", a: [[0.5, null]], b: [[0.25, 0.75]], limits: null });
  equal(found, { matrix: [[25, -75]], diverged: { a: 1, b: 0 } });
});

Deno.test("MSEs differ by the logarithm of their ratio, both capped at the episode's limit, and what is beyond it is counted", () => {
  const { matrix, diverged } = pairedDifferences({
    metric: "mse",
    a: [[2, 1e15, null, 50]],
    b: [[1, 1, 2000, 50]],
    limits: [100, 100, 1000, 10],
  });
  const expected = [Math.log(2), Math.log(100), 0, 0];
  for (const [e, value] of matrix[0].entries()) ok(Math.abs(value - expected[e]) < 1e-12, `${value}`);
  equal(diverged, { a: 3, b: 2 });
});

Deno.test("how far beyond the limit an episode exploded changes nothing, and an exact fit is finite", () => {
  const at = (score: number | null) =>
    pairedDifferences({ metric: "mse", a: [[score]], b: [[1]], limits: [10] }).matrix[0][0];
  equal([at(11), at(1e300), at(null), at(Infinity)], Array(4).fill(Math.log(10)));
  ok(Number.isFinite(at(0)));
});

Deno.test("a lenient limit moves only what was beyond the strict one", () => {
  const pair = { metric: "mse", a: [[5, 40, null]], b: [[1, 1, 1]], limits: [10, 10, 10] } as const;
  equal(pairedDifferences(pair, 10).matrix[0], [5, 40, 100].map(Math.log));
});

Deno.test("scores that do not pair, and MSEs without limits, are refused", () => {
  const side = { metric: "accuracy", limits: null } as const;
  throws(() => pairedDifferences({ ...side, a: [[1], [1]], b: [[1]] }), /same seeds/);
  throws(() => pairedDifferences({ ...side, a: [[1, 0]], b: [[1]] }), /same seeds/);
  throws(() => pairedDifferences({ ...side, metric: "mse", a: [[1]], b: [[1]] }), /limits/);
});

Deno.test("a margin of a ratio is symmetric in logarithms", () => {
  equal([marginOfDifference("accuracy", 1), marginOfDifference("mse", 1.1)], [1, Math.log(1.1)]);
  ok(Math.abs(marginOfDifference("mse", 1 / 1.1) - Math.log(1.1)) < 1e-12);
});
