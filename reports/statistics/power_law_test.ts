import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { rng } from "../../common/random.ts";
import { fitPowerLaw, powerLaw } from "./power_law.ts";

const near = (actual: number, expected: number, tolerance: number) =>
  ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} ± ${tolerance}`);

Deno.test("a power law without noise is found exactly, whatever its exponent", () => {
  const law = fc.record({
    exponent: fc.double({ min: -2, max: 2, noNaN: true }),
    coefficient: fc.double({ min: 0.01, max: 100, noNaN: true }),
    sizes: fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 3, maxLength: 8 }),
  });
  fc.assert(fc.property(law, ({ exponent, coefficient, sizes }) => {
    const fitted = fitPowerLaw(sizes, sizes.map((size) => Math.log(coefficient * size ** -exponent)));
    near(fitted.exponent, exponent, 1e-6);
    near(Math.log(fitted.coefficient), Math.log(coefficient), 1e-5);
    if (fitted.r2 !== null && Math.abs(exponent) > 1e-3) near(fitted.r2, 1, 1e-6);
  }));
});

Deno.test("the line is that of a textbook: numpy.polyfit on the same logarithms", () => {
  // NumPy 2: polyfit(log([10, 20, 50, 100]), [-1, -1.2, -1.9, -2], 1), and 1 - residual / total sum of squares.
  const { exponent, coefficient, r2 } = fitPowerLaw([10, 20, 50, 100], [-1, -1.2, -1.9, -2]);
  near(exponent, 0.4793608931527053, 1e-12);
  near(Math.log(coefficient), 0.13065387010659604, 1e-12);
  near(r2 ?? NaN, 0.9439685667363545, 1e-12);
});

Deno.test("an error that nothing changes has exponent 0 and no r²; one that is 0 has no law", () => {
  const flat = powerLaw([10, 20, 40], [[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]], false, ["flat"]);
  equal(flat, { exponent: 0, low: 0, high: 0, coefficient: 0.5, r2: null });
  equal(powerLaw([10, 20, 40], [[0.5, 0.5], [0.1, 0.1], [0, 0]], false, ["zero"]), undefined);
  const one = powerLaw([10, 20, 40], [[0.4], [0.2], [0.1]], false, ["one"]);
  near(one?.exponent ?? NaN, 1, 1e-12);
  equal([one?.low, one?.high], [null, null]);
});

Deno.test("the interval covers the true exponent about as often as it says, and the same key gives the same one", () => {
  const sizes = [10, 20, 50, 100, 200];
  const draw = (trial: number, seeds: number) => {
    const random = rng(["power-law-test", trial]);
    // Seeds differ in level and in slope: what one seed has, it has at every size.
    const own = Array.from({ length: seeds }, () => [0.3 * random.normal(), 0.5 + 0.1 * random.normal()]);
    return sizes.map((size) => own.map(([level, slope]) => level - slope * Math.log(size) + 0.05 * random.normal()));
  };
  let covered = 0;
  const TRIALS = 200;
  for (let trial = 0; trial < TRIALS; trial++) {
    const { low, high } = powerLaw(sizes, draw(trial, 5), true, ["trial", trial])!;
    if (low! <= 0.5 && high! >= 0.5) covered++;
  }
  ok(covered >= 0.9 * TRIALS && covered < TRIALS, `${covered} of ${TRIALS}`);
  equal(powerLaw(sizes, draw(0, 5), true, ["a"]), powerLaw(sizes, draw(0, 5), true, ["a"]));
});
