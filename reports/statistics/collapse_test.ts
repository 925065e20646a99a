import { deepStrictEqual as equal, ok } from "node:assert";
import { stream } from "../testing/statistics.ts";
import { collapsedSeeds } from "./collapse.ts";

const which = (scores: readonly (number | null)[], metric: "mse" | "accuracy" = "mse") =>
  collapsedSeeds(scores, metric).flatMap((collapsed, seed) => collapsed ? [seed] : []);

Deno.test("a seed that is far worse than the others collapsed, a far better one did not", () => {
  equal(which([0.1, 0.12, 0.09, 0.11, 1.5]), [4]);
  equal(which([0.1, 0.12, 0.09, 0.11, 0.001]), []);
  equal(which([0.95, 0.94, 0.2, 0.96, 0.95], "accuracy"), [2]);
  equal(which([0.5, 0.5, 0.99, 0.51, 0.5], "accuracy"), []);
  equal(which([0.1, null, 0.1, 0.1]), [1]);
});

Deno.test("seeds that hardly differ have no outliers, and fewer than four or mostly lost ones no usual", () => {
  equal(which([0.1, 0.1, 0.1, 0.1, 0.11]), []);
  equal(which([0.1, 0.1, 5]), []);
  equal(which([null, null, null, 0.1]), []);
  equal(which([]), []);
});

Deno.test("at usual noise few seeds are flagged that did not collapse, and most of those that did by a factor of 20", () => {
  const draw = stream("collapse");
  const runs = 1000;
  let [flagged, found] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const scores = Array.from({ length: 5 }, () => Math.exp(0.3 * draw.normal()));
    flagged += which(scores).length;
    if (which([20 * scores[0], ...scores.slice(1)]).includes(0)) found++;
  }
  ok(flagged / runs / 5 < 0.015 && found / runs > 0.9, `${flagged / runs / 5} and ${found / runs}`);
});
