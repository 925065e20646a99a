import { deepStrictEqual as equal, ok } from "node:assert";
import { crossedBootstrap } from "../statistics/crossed_bootstrap.ts";
import { drawResampling } from "../statistics/resampling.ts";
import { reach, simulate, type Spread, stream } from "../testing/statistics.ts";
import { allOf, ALPHA, better, type Claim, larger, notBetter, withinMargin } from "./claims.ts";

const [SEEDS, EPISODES, RUNS] = [5, 20, 1500];
const SPREAD: Spread = { seed: 1, episode: 1, residual: 1 };
const RESAMPLING = drawResampling(["claims"], SEEDS, EPISODES, 400);

/** Shares of simulated runs in which a claim is shown or is refuted. */
function rates(name: string, truths: readonly number[], claim: (of: ReturnType<typeof crossedBootstrap>[]) => Claim) {
  const draw = stream(name);
  let [held, failed] = [0, 0];
  for (let run = 0; run < RUNS; run++) {
    const matrices = truths.map((truth) => simulate(draw, SEEDS, EPISODES, SPREAD, truth));
    const [x, y] = matrices;
    const combined = y === undefined
      ? [x]
      : [-1, 1].map((sign) => x.map((row, s) => row.map((value, e) => value + sign * y[s][e])));
    const all = allOf([claim(combined.map((matrix) => crossedBootstrap(matrix, RESAMPLING)))]);
    if (all.outcome === "held") held++;
    if (all.outcome === "failed") failed++;
  }
  return { held: held / RUNS, failed: failed / RUNS };
}

const most = ALPHA + reach(ALPHA, RUNS);

Deno.test("a claim at the edge of being false is rarely called true, and one at the edge of being true rarely false", () => {
  ok(rates("within", [3], ([difference]) => withinMargin(difference, 3)).held <= most);
  ok(rates("within too", [-3], ([difference]) => withinMargin(difference, 3)).failed <= most);
  ok(rates("skew", [-1], ([difference]) => withinMargin(difference, 3, 1)).held <= most);
  ok(rates("better", [0], ([advantage]) => better(advantage, 3)).held <= most);
  ok(rates("better too", [3], ([advantage]) => better(advantage, 3)).failed <= most);
  ok(rates("not better", [3], ([advantage]) => notBetter(advantage, 3)).held <= most);
  ok(rates("not better too", [3], ([advantage]) => notBetter(advantage, 3)).failed <= most);
  for (const truths of [[2, 2], [2, -2], [-2, 2], [0, 0]]) {
    const { held, failed } = rates(`larger ${truths}`, truths, ([minus, plus]) => larger(minus, plus));
    ok(held <= most && failed <= most, `${truths}: ${held} ${failed}`);
  }
});

Deno.test("a claim that is far from its edge is called what it is", () => {
  const often = 0.9;
  ok(rates("power 1", [0], ([difference]) => withinMargin(difference, 6)).held > often);
  ok(rates("power 2", [12], ([difference]) => withinMargin(difference, 3)).failed > often);
  ok(rates("power 3", [5], ([advantage]) => better(advantage, 1)).held > often);
  ok(rates("power 4", [0], ([advantage]) => better(advantage, 5)).failed > often);
  ok(rates("power 5", [-2], ([advantage]) => notBetter(advantage, 3)).held > often);
  ok(rates("power 6", [8], ([advantage]) => notBetter(advantage, 1)).failed > often);
  ok(rates("power 7", [-8, 1], ([minus, plus]) => larger(minus, plus)).held > often);
  ok(rates("power 8", [1, 8], ([minus, plus]) => larger(minus, plus)).failed > often);
});

Deno.test("which of two effects is larger depends on their sizes alone", () => {
  const draw = stream("signs");
  const [x, y] = [-4, 2].map((truth) => simulate(draw, SEEDS, EPISODES, SPREAD, truth));
  const size = (a: number, b: number) => {
    const combined = (sign: number) =>
      crossedBootstrap(x.map((row, s) => row.map((value, e) => a * value + sign * b * y[s][e])), RESAMPLING);
    return larger(combined(-1), combined(1));
  };
  const first = size(1, 1);
  for (const signs of [[-1, 1], [1, -1], [-1, -1]]) {
    const other = size(signs[0], signs[1]);
    for (const key of ["estimate", "lo95", "hi95", "pHeld", "pFailed"] as const) {
      ok(Math.abs(other[key] - first[key]) < 1e-9, `${signs} ${key}`);
    }
  }
  const mean = (matrix: number[][]) => matrix.flat().reduce((total, value) => total + value, 0) / SEEDS / EPISODES;
  ok(Math.abs(first.estimate - (Math.abs(mean(x)) - Math.abs(mean(y)))) < 1e-9);
});

Deno.test("all claims must be shown to hold, and one that is refuted in spite of their number refutes all", () => {
  const claim = (pHeld: number, pFailed: number): Claim => ({
    ...{ estimate: 0, lo95: -1, hi95: 1, margin: 1 },
    pHeld,
    pFailed,
  });
  equal(allOf([claim(0.01, 0.9), claim(0.04, 0.8)]), { outcome: "held", pHeld: 0.04, pFailed: 1, decisive: 1 });
  equal(allOf([claim(0.01, 0.9), claim(0.06, 0.8)]).outcome, "undecided");
  equal(allOf([claim(0.01, 0.9), claim(1, 0.02)]), { outcome: "failed", pHeld: 1, pFailed: 0.04, decisive: 1 });
  equal(allOf([claim(0.01, 0.9), claim(1, 0.03)]).outcome, "undecided");
});
