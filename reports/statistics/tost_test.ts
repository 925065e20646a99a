import { ok, throws } from "node:assert";
import { crossedBootstrap, interval } from "./crossed_bootstrap.ts";
import { drawResampling } from "./resampling.ts";
import { simulate, stream } from "../testing/statistics.ts";
import { differenceP, equivalenceP, ttostPaired } from "./tost.ts";

const near = (actual: number, expected: number, relative = 1e-7) =>
  ok(Math.abs(actual / expected - 1) < relative, `${actual} instead of ${expected}`);

// Golden values: statsmodels 0.15.0, statsmodels.stats.weightstats.ttost_paired(np.array(x1), np.array(x2), low, high).
Deno.test("the paired t TOST agrees with statsmodels", () => {
  const [x1, x2] = [[61.2, 60.1, 62.4, 59.8, 61.9], [61.0, 60.6, 61.7, 60.2, 61.1]];
  const golden = [
    [-1, 1, 0.017805729474143907, 4.305163790346187, 0.006297040027476681, -3.117532399905872, 0.017805729474143907],
    [-0.5, 0.5, 0.1377827909661415, 2.4494897427831726, 0.03524199845511018, -1.2618583523428575, 0.1377827909661415],
    [-2, 0.1, 0.5826537553767854, 8.016511885472216, 0.0006567771574843267, 0.22268088570755437, 0.5826537553767854],
  ];
  for (const [low, high, p, lowerT, lowerP, upperT, upperP] of golden) {
    const found = ttostPaired(x1, x2, low, high);
    near(found.p, p);
    near(found.lower.t, lowerT);
    near(found.lower.p, lowerP);
    near(found.upper.t, upperT);
    near(found.upper.p, upperP);
    ok(found.upper.df === 4);
  }
});

Deno.test("identical values are equivalent at any margin; one pair or unpaired values are refused", () => {
  ok(ttostPaired([1, 2, 3], [1, 2, 3], -0.1, 0.1).p === 0);
  throws(() => ttostPaired([1], [2], -1, 1), RangeError);
  throws(() => ttostPaired([1, 2], [2], -1, 1), RangeError);
});

Deno.test("without variance between episodes the crossed test is the paired t test over seeds", () => {
  const seeds = [0.2, -0.5, 0.7, -0.4, 0.8];
  const matrix = seeds.map((value) => [value, value, value]);
  const found = crossedBootstrap(matrix, drawResampling(["tost"], 5, 3, 50_000));
  const exact = ttostPaired(seeds, [0, 0, 0, 0, 0], -1, 1).p;
  near(equivalenceP(found, 1), exact, 0.05);
});

Deno.test("TOST at 5 % agrees with the 90 % interval inside the margin, and p < 5 % with the 95 % interval off 0", () => {
  const draw = stream("agreement");
  const resampling = drawResampling(["agreement"], 4, 30, 200);
  const seen = new Set<string>();
  for (let run = 0; run < 400; run++) {
    const found = crossedBootstrap(
      simulate(draw, 4, 30, { seed: 0.3, episode: 1, residual: 0.5 }, 0.8 * draw.normal()),
      resampling,
    );
    const [at90, at95] = [interval(found, 0.9), interval(found, 0.95)];
    const inside = at90.low > -1 && at90.high < 1;
    const apart = at95.low > 0 || at95.high < 0;
    ok((equivalenceP(found, 1) < 0.05) === inside);
    ok((differenceP(found) < 0.05) === apart);
    seen.add(`${inside} ${apart}`);
  }
  ok(seen.size === 4, [...seen].join());
});
