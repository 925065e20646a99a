import { doesNotMatch, equal, match, ok } from "node:assert/strict";
import type { CrossedDifference } from "./crossed_bootstrap.ts";
import { needsBesideTail, needsOf, needsOfTail, needsToEstablish } from "./needs.ts";
import { accuracyPair, reach, simulate, stream } from "../testing/statistics.ts";
import { judge } from "./judge.ts";

const DIFFERENCE: CrossedDifference = {
  seeds: 3,
  episodes: 200,
  estimate: 0.2,
  seedVariance: 0.5 / 3,
  episodeVariance: 0.01,
  monteCarlo: 0,
  seedDifferences: [],
};

Deno.test("at the smallest margin that it asks for, a comparison passes, and just below it does not", () => {
  const draw = stream("smallest margin");
  for (let run = 0; run < 20; run++) {
    const matrix = simulate(draw, 4, 30, { seed: 1, episode: 1, residual: 1 });
    const { needs, verdict, lo, hi } = judge(accuracyPair(matrix, 0.1));
    if (needs === null) {
      ok(verdict !== "undecided");
      continue;
    }
    const margin = needs.margin ?? NaN;
    ok(Math.abs(margin - Math.max(-(lo ?? 0), hi ?? 0)) < 1e-9);
    equal(judge(accuracyPair(matrix, margin * 1.000001)).verdict, "equivalent");
    ok(judge(accuracyPair(matrix, margin * 0.999)).verdict !== "equivalent");
  }
});

Deno.test("with the seeds it asks for, equivalence is shown about four times in five when there is no difference", () => {
  const spread = { seed: Math.sqrt(0.5), episode: Math.sqrt(2), residual: 0 };
  const { seeds } = needsOf({ ...DIFFERENCE, estimate: 0 }, "accuracy", 1, 0.05);
  ok(seeds !== null && seeds >= 5 && seeds <= 10, `${seeds}`);
  const draw = stream("power");
  const runs = 600;
  let shown = 0;
  for (let run = 0; run < runs; run++) {
    const pair = accuracyPair(simulate(draw, seeds, 200, spread), 1);
    if (judge(pair, { replicates: 300 }).verdict === "equivalent") shown++;
  }
  ok(Math.abs(shown / runs - 0.82) < 0.08 + reach(0.8, runs), `${shown / runs}`);
});

Deno.test("more variance, a smaller margin or a stricter level ask for more seeds", () => {
  const seeds = (change: Partial<CrossedDifference>, margin = 1, tail = 0.05) =>
    needsOf({ ...DIFFERENCE, ...change }, "accuracy", margin, tail).seeds ?? Infinity;
  const base = seeds({});
  ok(seeds({ seedVariance: 1 }) > base && seeds({}, 0.7) > base && seeds({}, 1, 0.005) > base);
  equal(seeds({ seedVariance: 0 }), 3);
});

Deno.test("the words say what to do: more seeds, more episodes, or neither", () => {
  const words = (change: Partial<CrossedDifference>, margin = 1) =>
    needsOf({ ...DIFFERENCE, ...change }, "accuracy", margin, 0.1).words;
  ok(
    /^passes at a margin of 1\.41 percentage points; if there is no difference, \d+ seeds instead of 3 /.test(
      words({}),
    ),
    words({}),
  );
  ok(words({ episodeVariance: 1 }).endsWith("no number of seeds is enough on 200 test episodes: draw more episodes"));
  ok(words({ seedVariance: 1e-4, estimate: 5 }).endsWith("3 seeds would be enough if there were no difference"));
  ok(needsOf(DIFFERENCE, "mse", 0.1, 0.1).words.startsWith("passes at a margin of a factor 4.07;"));
});

Deno.test("with the seeds it asks for, a difference as large as it seems is established about four times in five", () => {
  const spread = { seed: Math.sqrt(0.5), episode: Math.sqrt(2), residual: 0 };
  const { seeds, words } = needsToEstablish({ ...DIFFERENCE, estimate: 1 }, null, "accuracy", 0.05);
  ok(seeds !== null && seeds > 3 && words.startsWith(`${seeds} seeds instead of 3 would establish`), words);
  const draw = stream("power to establish");
  const runs = 600;
  let shown = 0;
  for (let run = 0; run < runs; run++) {
    const pair = accuracyPair(simulate(draw, seeds, 200, spread, 1), 0.01);
    if (judge(pair, { replicates: 300 }).verdict === "a-better") shown++;
  }
  ok(Math.abs(shown / runs - 0.83) < 0.08 + reach(0.8, runs), `${shown / runs}`);
});

Deno.test("what is open in the tail says what the typical episode says, and that no seeds settle a contradiction", () => {
  const open = needsOfTail(DIFFERENCE, "a-better", "undecided", 0.05);
  ok(open.words.startsWith("a better typically, undecided in the tail; "), open.words);
  equal(open.margin, null);
  const contrary = needsOfTail(DIFFERENCE, "a-better", "b-better", 0.05);
  equal(contrary.seeds, null);
  ok(contrary.words.startsWith("a better typically, worse in the tail: "), contrary.words);
});

Deno.test("where a winner needs both metrics, what takes more seeds is what it waits for, and a mean that points the other way is waited for in vain", () => {
  const sure = { ...DIFFERENCE, estimate: 3 };
  const open = { ...DIFFERENCE, estimate: 0.6 };
  const alone = needsToEstablish(open, null, "mse", 0.05).seeds;
  const [tail, typical] = [needsToEstablish(sure, open, "mse", 0.05), needsToEstablish(open, sure, "mse", 0.05)];
  equal(tail.seeds, alone);
  equal(typical.seeds, alone);
  match(tail.words, /\(mean MSE\)/);
  doesNotMatch(typical.words, /\(mean MSE\)/);
  const contrary = needsToEstablish(open, { ...DIFFERENCE, estimate: -0.1 }, "mse", 0.05);
  equal(contrary.seeds, null);
  match(contrary.words, /the mean MSE points the other way, so no number of seeds would name a winner/);
});

Deno.test("where the mean has a winner, what is asked for is that side's, and never equality", () => {
  const tail = { ...DIFFERENCE, estimate: 3 };
  const along = needsBesideTail({ ...DIFFERENCE, estimate: 0.6 }, tail, 0.05);
  equal(along.seeds, needsToEstablish({ ...DIFFERENCE, estimate: 0.6 }, null, "mse", 0.05).seeds);
  match(along.words, /typical episode too/);
  const against = needsBesideTail({ ...DIFFERENCE, estimate: -0.6 }, tail, 0.05);
  equal(against.seeds, null);
  doesNotMatch(`${along.words} ${against.words}`, /equal|margin|no difference/);
});
