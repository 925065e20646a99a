import { ok } from "node:assert";
import { accuracyPair, reach, simulate, stream } from "../testing/statistics.ts";
import { judge } from "./judge.ts";
import { type Design, powerOf } from "./power.ts";

const DESIGN: Design = { seeds: 6, episodes: 60, margin: 1, seedSd: 0.6, episodeSd: 2, error: 0.05 };

Deno.test("the power of a design is what simulated runs of it find", () => {
  const expected = powerOf(DESIGN);
  const draw = stream("design");
  const runs = 500;
  const share = (truth: number, answer: string) => {
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const matrix = simulate(draw, DESIGN.seeds, DESIGN.episodes, { seed: 0.6, episode: 2, residual: 0 }, truth);
      if (judge(accuracyPair(matrix, 1), { replicates: 200 }).verdict === answer) found++;
    }
    return found / runs;
  };
  const [difference, equivalence] = [share(2, "a-better"), share(0, "equivalent")];
  ok(Math.abs(difference - expected.difference) < reach(0.5, runs), `${difference} and ${expected.difference}`);
  ok(Math.abs(equivalence - expected.equivalence) < reach(0.5, runs), `${equivalence} and ${expected.equivalence}`);
  ok(expected.difference > 0.6 && expected.equivalence > 0.05 && expected.equivalence < 0.95, JSON.stringify(expected));
});

Deno.test("more seeds, more episodes and a larger margin find more; a stricter level finds less", () => {
  const base = powerOf(DESIGN);
  const better = (change: Partial<Design>) => {
    const other = powerOf({ ...DESIGN, ...change });
    return other.difference > base.difference && other.equivalence > base.equivalence;
  };
  ok(better({ seeds: 12 }) && better({ episodes: 600 }) && better({ margin: 1.3 }) && !better({ error: 0.01 }));
});

Deno.test("log ratios of MSEs at 600 episodes can never show a factor of 1.1; 1.25 takes 2,000 episodes and 40 seeds", () => {
  const found = (margin: number, seeds: number, episodes: number, error: number) =>
    powerOf({ seeds, episodes, margin: Math.log(margin), seedSd: 0.3, episodeSd: 1.8, error }).equivalence;
  ok(found(1.1, 100_000, 600, 0.05) < 1e-6);
  // One comparison by itself, two one-sided tests at 5 %: 75 %.
  ok(Math.abs(found(1.25, 20, 2000, 0.1) - 0.75) < 0.03, `${found(1.25, 20, 2000, 0.1)}`);
  ok(found(1.25, 40, 2000, 0.01) > 0.6);
});
