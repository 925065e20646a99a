/**
 * Error rates, seeds and findings of runs in rounds. A small simulation is part of the tests; the full one prints a table:
 *
 *     deno test -P reports/statistics/rounds_simulation_test.ts -- --full
 */
import { ok } from "node:assert";
import { QUICK_PAIRS, type RoundsSimulation, simulateRounds } from "../testing/rounds_simulation.ts";
import { reach, stream } from "../testing/statistics.ts";

const FULL = Deno.args.includes("--full");
const RUNS = FULL ? 20_000 : 400;
const BASE = { episodes: 200, margin: Math.log(1.1), alpha: 0.05, runs: RUNS } as const;
const LONG = { ...BASE, episodes: 2000, margin: Math.log(1.25) } as const;
/** The same noise with one truth for all. */
const all = (truth: number) => QUICK_PAIRS.map((pair) => ({ ...pair, truth }));
const fixed = { rounds: [10], levels: (share: number) => [share] };

function simulated(name: string, simulation: Omit<RoundsSimulation, "runs"> & { readonly runs?: number }) {
  const found = simulateRounds(stream("rounds", name), { runs: RUNS, ...simulation });
  if (FULL) {
    const { wrong, wrongEach, seeds, decided } = found;
    console.log(
      `${name.padEnd(60)} any false ${(100 * wrong).toFixed(1)} %, each ${(100 * wrongEach).toFixed(2)} %, ` +
        `${seeds.toFixed(1)} seeds, ${decided.toFixed(1)} decided`,
    );
  }
  return found;
}

const within = (share: number, most: number) => ok(share <= most + reach(most, RUNS), `${share}`);

Deno.test("in rounds any false claim among fifteen comparisons comes at most one time in twenty, at a quick run's noise", () => {
  for (const [name, base] of [["200 episodes, margin 1.1", BASE], ["2,000 episodes, margin 1.25", LONG]] as const) {
    within(simulated(`no differences, ${name}`, { ...base, pairs: all(0) }).wrong, 0.05);
    within(simulated(`all differ by the margin, ${name}`, { ...base, pairs: all(base.margin) }).wrong, 0.05);
  }
});

Deno.test("looking as often without spending errs more often, whether or not the number of comparisons is corrected for", () => {
  const plain = { ...LONG, pairs: all(0) };
  const corrected = simulated("no differences, plain looks at a fifteenth of 5 %", {
    ...plain,
    levels: (share, rounds) => rounds.map(() => share),
  });
  const bare = simulated("no differences, plain looks at 5 %", {
    ...plain,
    levels: (_, rounds) => rounds.map(() => 0.05),
  });
  ok(corrected.wrong > 0.05 && bare.wrong > 0.5, `${corrected.wrong} and ${bare.wrong}`);
});

Deno.test("rounds decide more than ten seeds for all, with fewer than thirteen on average and more only where they are needed", () => {
  const [rounds, ten] = [
    simulated("quick's differences, in rounds, 200 episodes", { ...BASE, pairs: QUICK_PAIRS }),
    simulated("quick's differences, 10 seeds, 200 episodes", { ...BASE, ...fixed, pairs: QUICK_PAIRS }),
  ];
  ok(rounds.decided > ten.decided && rounds.decided > 11 && rounds.seeds < 13, JSON.stringify({ rounds, ten }));
  const [longRounds, longTen] = [
    simulated("quick's differences, in rounds, 2,000 episodes", { ...LONG, pairs: QUICK_PAIRS }),
    simulated("quick's differences, 10 seeds, 2,000 episodes", { ...LONG, ...fixed, pairs: QUICK_PAIRS }),
  ];
  ok(longRounds.decided > 12.3 && longTen.decided > 11.5 && longRounds.seeds < 13, JSON.stringify(longRounds));
});

Deno.test("stopping what more seeds would hardly decide saves seeds, loses almost no finding and errs no more often", () => {
  const [stopped, all] = [0.1, 0].map((futile) =>
    simulated(`quick's differences, futile below ${futile}`, { ...LONG, pairs: QUICK_PAIRS, futile })
  );
  ok(stopped.seeds < all.seeds - 1.5 && stopped.decided > all.decided - 0.2, JSON.stringify({ stopped, all }));
});

Deno.test("one seed in five that collapses on one side breaks what intervals promise; on both sides alike it does not", () => {
  const collapsing = (by: number, sides: 1 | 2) =>
    simulated(`one seed in five collapses by ${by} on ${sides === 1 ? "one side" : "both sides"}`, {
      ...BASE,
      pairs: all(0),
      collapse: { oneIn: 5, by, sides },
    });
  for (const by of FULL ? [1, 2, 3] : [2]) {
    const [one, both] = [collapsing(by, 1), collapsing(by, 2)];
    within(both.wrong, 0.05);
    if (by >= 2) ok(one.wrong > 0.1, `${one.wrong}`);
  }
});
