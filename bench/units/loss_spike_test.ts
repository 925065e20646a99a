import { equal } from "node:assert/strict";
import { hasLossSpike } from "./loss_spike.ts";

const curveOf = (...points: (readonly [loss: number, maxLoss: number])[]) =>
  points.map(([loss, maxLoss], index) => ({ iteration: index + 1, loss, maxLoss }));

Deno.test("a loss above 100 times the median of the curve before it is a spike, whatever comes after it", () => {
  equal(hasLossSpike(curveOf([3, 4], [2, 3], [1, 1])), false);
  equal(hasLossSpike(curveOf([3, 4], [2, 301], [1, 1])), true);
  equal(hasLossSpike(curveOf([3, 4], [2, 300], [1, 1])), false);
  equal(hasLossSpike(curveOf([3, 4], [1, 2], [1, 2], [50, 101])), true);
});

Deno.test("the first point of a curve and an empty curve have nothing to be held against", () => {
  equal(hasLossSpike(curveOf([3, 1e22])), false);
  equal(hasLossSpike([]), false);
});
