import { ok } from "node:assert";
import { reach, stream } from "../testing/statistics.ts";
import type { CrossedDifference } from "./crossed_bootstrap.ts";
import { upperT } from "./distributions.ts";
import { chanceToDecide, FUTILE } from "./futility.ts";

const LAST = { seeds: 40, error: 0.003 };
const MARGIN = Math.log(1.25);
const of = (estimate: number, seedVariance: number, change: Partial<CrossedDifference> = {}): CrossedDifference => ({
  ...{ seeds: 10, episodes: 2000, estimate, seedVariance, episodeVariance: 1e-4, monteCarlo: 0, seedDifferences: [] },
  ...change,
});

Deno.test("what is far from every line is likely to be decided, and what lies on one may fall to either side", () => {
  ok(chanceToDecide(of(1, 0.04), null, MARGIN, LAST) > 0.99);
  ok(chanceToDecide(of(0, 0.0004), null, MARGIN, LAST) > 0.99);
  // Between the margin and 0 there is no line to cross for one so noisy.
  ok(chanceToDecide(of(0.15, 0.09), null, MARGIN, LAST) < 0.5);
  ok(chanceToDecide(of(0, 0.04, { episodeVariance: 0.02 }), null, MARGIN, LAST) < FUTILE);
});

Deno.test("a winner needs both metrics, so that contrary ones leave nothing to decide", () => {
  const [low, high] = [of(-2, 0.01), of(2, 0.01)];
  ok(chanceToDecide(low, low, MARGIN, LAST) > 0.99);
  ok(chanceToDecide(low, high, MARGIN, LAST) < 1e-6);
  // Equivalence of the typical episode stands where the mean has no winner.
  ok(chanceToDecide(of(0, 0.0004), of(0, 0.04), MARGIN, LAST) > 0.9);
  ok(chanceToDecide(of(0, 0.0004), high, MARGIN, LAST) < 0.05);
});

Deno.test("three seeds are too few to stop by", () => {
  ok(chanceToDecide(of(0, 1, { seeds: 3, episodeVariance: 1 }), null, MARGIN, LAST) === 1);
});

Deno.test("the chance is at least as often right as it says: what is decided in the end, by simulation from a flat prior", () => {
  const draw = stream("futility");
  const [n, runs, sd, error] = [10, 4000, 1, LAST.error];
  let [expected, decided] = [0, 0];
  for (let run = 0; run < runs; run++) {
    // A wide truth stands in for a flat prior.
    const truth = 2 * draw.normal();
    const values = Array.from({ length: LAST.seeds }, () => truth + sd * draw.normal());
    const mean = (some: readonly number[]) => some.reduce((total, value) => total + value, 0) / some.length;
    const variance = (some: readonly number[]) =>
      some.reduce((total, value) => total + (value - mean(some)) ** 2, 0) / (some.length - 1) / some.length;
    const first = values.slice(0, n);
    const now = of(mean(first), variance(first), { seeds: n, episodeVariance: 0 });
    expected += chanceToDecide(now, null, MARGIN, LAST) / runs;
    const half = upperT(error / 2, LAST.seeds - 1) * Math.sqrt(variance(values));
    if (Math.abs(mean(values)) > half || Math.abs(mean(values)) + half < MARGIN) decided += 1 / runs;
  }
  ok(Math.abs(expected - decided) < 0.02 + reach(decided, runs), `${expected} and ${decided}`);
});
