import { ok } from "node:assert";
import { tailOfT, upperNormal, upperT } from "./distributions.ts";

function near(actual: number, expected: number, relative = 1e-6): void {
  ok(Math.abs(actual / expected - 1) < relative, `${actual} instead of ${expected}`);
}

// Golden values: scipy 1.17.1, scipy.stats.t.ppf(1 - tail, df) as -t.ppf(tail, df), t.sf(x, df), norm.ppf(0.9).
Deno.test("quantiles of t agree with scipy, far into the tail", () => {
  near(upperT(0.025, 1), 12.706204736174694);
  near(upperT(0.025, 2), 4.302652729749464);
  near(upperT(0.025, 29), 2.045229642132703);
  near(upperT(0.025, 99), 1.9842169515864174);
  near(upperT(0.05, 4), 2.131846786326651);
  near(upperT(1e-6, 2), 707.1057205259339);
  near(upperT(1e-10, 599), 6.473084376505725);
  near(upperT(0.025, 199), 1.9719565442517537);
  near(upperNormal(0.1), 1.2815515655446004);
});

Deno.test("tails of t agree with scipy, and infinity has none", () => {
  near(tailOfT(2.5, 2), 0.06480586011075541);
  near(tailOfT(-1, 4), 0.8130495168499705);
  near(tailOfT(7, 9), 3.162369481868346e-05);
  near(tailOfT(30, 3), 4.067640213581979e-05);
  ok(tailOfT(Infinity, 3) === 0 && tailOfT(-Infinity, 3) === 1);
});
