import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { crossedBootstrap, crossedBootstraps, halfWidth, interval, tailBeyond } from "./crossed_bootstrap.ts";
import { twoWay } from "./mean_squares.ts";
import { drawResampling } from "./resampling.ts";
import { reach, simulate, SPREADS, stream } from "../testing/statistics.ts";

/** Share of simulated experiments whose interval at each level covers the truth. */
function coverage(seeds: number, episodes: number, name: string, runs: number, levels: readonly number[]): number[] {
  const draw = stream("coverage", seeds, name);
  const resampling = drawResampling(["coverage"], seeds, episodes, 400);
  const covered = levels.map(() => 0);
  for (let run = 0; run < runs; run++) {
    const found = crossedBootstrap(simulate(draw, seeds, episodes, SPREADS[name], 2), resampling);
    for (const [i, level] of levels.entries()) {
      const { low, high } = interval(found, level);
      if (low <= 2 && 2 <= high) covered[i]++;
    }
  }
  return covered.map((count) => count / runs);
}

const RUNS = 2000;
for (const seeds of [3, 5, 10]) {
  for (const name of Object.keys(SPREADS)) {
    Deno.test(`95 % and 90 % intervals cover the truth as often as they say, and little more: ${seeds} seeds, ${name}`, () => {
      const runs = seeds === 10 ? RUNS / 2 : RUNS;
      const [at95, at90] = coverage(seeds, 200, name, runs, [0.95, 0.9]);
      const at = `${(100 * at95).toFixed(1)} % and ${(100 * at90).toFixed(1)} % of ${runs}`;
      ok(at95 >= 0.95 - reach(0.95, runs) && at95 <= 0.98 + reach(0.98, runs), at);
      ok(at90 >= 0.9 - reach(0.9, runs) && at90 <= 0.94 + reach(0.94, runs), at);
    });
  }
}

Deno.test("matrices that are bootstrapped together get bit for bit what each gets alone", () => {
  const draw = stream("together");
  const resampling = drawResampling(["together"], 4, 30, 300);
  const matrices = Array.from({ length: 19 }, () => simulate(draw, 4, 30, SPREADS["seeds dominate"], 1));
  equal(crossedBootstraps(matrices, resampling), matrices.map((matrix) => crossedBootstrap(matrix, resampling)));
  throws(() => crossedBootstraps([matrices[0], matrices[1].slice(1)], resampling), /3 seeds x 30 episodes cannot use/);
});

Deno.test("more test episodes do not make up for seeds: 600 episodes cover as they say, and the interval stays", () => {
  const [at95] = coverage(3, 600, "seeds dominate", 500, [0.95]);
  ok(at95 >= 0.95 - reach(0.95, 500), `${at95}`);
  const width = (episodes: number) => {
    const matrix = simulate(stream("width"), 3, 600, { seed: 1, episode: 1, residual: 0 });
    const resampling = drawResampling(["width"], 3, episodes, 2000);
    return halfWidth(crossedBootstrap(matrix.map((row) => row.slice(0, episodes)), resampling), 0.025);
  };
  ok(Math.abs(width(600) / width(200) - 1) < 0.1, `${width(200)} and ${width(600)}`);
});

Deno.test("the bootstrap's variances converge to their closed forms", () => {
  const matrix = simulate(stream("closed form"), 4, 60, { seed: 0.5, episode: 3, residual: 2 });
  const { betweenSeeds, betweenEpisodes, residual } = twoWay(matrix);
  const found = crossedBootstrap(matrix, drawResampling(["closed form"], 4, 60, 20_000));
  const within = (actual: number, expected: number) =>
    ok(Math.abs(actual / expected - 1) < 4 * 2 * found.monteCarlo, `${actual} instead of ${expected}`);
  within(found.seedVariance, betweenSeeds / 240);
  within(found.episodeVariance, (betweenEpisodes - residual) / 240);
  ok(found.monteCarlo > 0.002 && found.monteCarlo < 0.01, `${found.monteCarlo}`);
});

Deno.test("p-values are the inverse of intervals, on both sides of 1/2", () => {
  for (const spread of [...Object.values(SPREADS), { seed: 1, episode: 0, residual: 0 }]) {
    const found = crossedBootstrap(simulate(stream("inverse"), 4, 50, spread), drawResampling(["inverse"], 4, 50, 500));
    for (const tail of [1e-6, 0.001, 0.025, 0.05, 0.3]) {
      ok(Math.abs(tailBeyond(found, halfWidth(found, tail)) / tail - 1) < 1e-6);
      ok(Math.abs(tailBeyond(found, -halfWidth(found, tail)) - (1 - tail)) < 1e-6);
    }
    ok(tailBeyond(found, 1e9) > 0 && tailBeyond(found, 1e9) < 1e-6);
  }
});

Deno.test("swapping the algorithms mirrors the result exactly; permuting seeds or episodes moves it by Monte Carlo error only", () => {
  const matrix = simulate(stream("symmetry"), 5, 40, { seed: 1, episode: 3, residual: 2 }, 0.3);
  const resampling = drawResampling(["symmetry"], 5, 40);
  const found = crossedBootstrap(matrix, resampling);
  const swapped = crossedBootstrap(matrix.map((row) => row.map((value) => -value)), resampling);
  equal([swapped.estimate, swapped.seedVariance, swapped.episodeVariance], [
    -found.estimate,
    found.seedVariance,
    found.episodeVariance,
  ]);
  const order = stream("permutation").permutation(40);
  const permuted = crossedBootstrap([3, 1, 4, 0, 2].map((s) => order.map((e) => matrix[s][e])), resampling);
  ok(Math.abs(permuted.estimate - found.estimate) < 1e-12);
  const moved = halfWidth(permuted, 0.025) / halfWidth(found, 0.025) - 1;
  ok(moved !== 0 && Math.abs(moved) < 3 * Math.SQRT2 * found.monteCarlo, `${moved}`);
});

Deno.test("a replicate draws one less than there are, the same key the same, and other shapes are refused", () => {
  const { seedCounts, episodeCounts } = drawResampling(["draws"], 3, 20, 50);
  for (let replicate = 0; replicate < 50; replicate++) {
    const total = (counts: Uint16Array, n: number) =>
      counts.subarray(replicate * n, (replicate + 1) * n).reduce((sum, count) => sum + count, 0);
    equal([total(seedCounts, 3), total(episodeCounts, 20)], [2, 19]);
  }
  equal(drawResampling(["draws"], 3, 20, 50).episodeCounts, episodeCounts);
  ok(drawResampling(["other"], 3, 20, 50).episodeCounts.some((count, i) => count !== episodeCounts[i]));
  throws(() => crossedBootstrap([[1, 2], [3, 4]], drawResampling(["draws"], 3, 2, 5)), /cannot use draws/);
  throws(() => drawResampling(["draws"], 1, 20), RangeError);
});
