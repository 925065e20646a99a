/** Laws that hold for every verdict, whatever the results: no interval and no verdict disagree. */
import { deepStrictEqual as equal, ok } from "node:assert";
import type { Rng } from "../../common/random.ts";
import { CORRECTIONS } from "../claims/comparison.ts";
import { simulate, stream } from "../testing/statistics.ts";
import { judgeFamily, type ScorePair, type Verdict } from "./judge.ts";
import { isDecided } from "./readings.ts";

/** A made-up pair: any size of effect and noise, some of it heavy-tailed, some of it diverged, some of it the same on both sides. */
function madeUp(draw: Rng, seeds: number, episodes: number): ScorePair {
  const scale = 10 ** (3 * draw.uniform() - 2);
  const spread = { seed: scale * draw.uniform(), episode: scale * draw.uniform(), residual: scale * draw.uniform() };
  const truth = 3 * scale * (draw.uniform() - 0.5);
  const difference = simulate(draw, seeds, episodes, spread, draw.uniform() < 0.1 ? 0 : truth);
  const level = simulate(draw, seeds, episodes, { seed: 0.1, episode: 1.5 * draw.uniform(), residual: 0.1 });
  const lost = draw.uniform() < 0.3 ? 0.1 * draw.uniform() : 0;
  const identical = draw.uniform() < 0.05;
  const accuracy = draw.uniform() < 0.5;
  const score = (half: number, s: number, e: number) => {
    if (draw.uniform() < lost) return null;
    const own = identical ? 0 : half * difference[s][e];
    return accuracy ? Math.min(1, Math.max(0, 0.5 + own / 100)) : Math.exp(level[s][e] + own);
  };
  const side = (half: number) => difference.map((row, s) => row.map((_, e) => score(half, s, e)));
  return {
    metric: accuracy ? "accuracy" : "mse",
    a: side(0.5),
    b: side(-0.5),
    limits: accuracy ? null : difference[0].map(() => 30),
    margin: accuracy ? 0.2 + draw.uniform() : 1.05 + draw.uniform(),
    flags: [],
  };
}

/** Ends of the intervals that a verdict shows, in an order in which more is better for side a. */
function shown(verdict: Verdict, metric: ScorePair["metric"]): { lo: number; hi: number; tail?: [number, number] } {
  const [lo, hi] = [verdict.lo ?? NaN, verdict.hi ?? NaN];
  if (metric === "accuracy") return { lo, hi };
  return { lo: -hi, hi: -lo, tail: [-(verdict.hiMean ?? NaN), -(verdict.loMean ?? NaN)] };
}

Deno.test("nowhere do an interval and a verdict disagree, over thousands of made-up families of either correction", () => {
  const draw = stream("laws");
  const seen = new Map<string, number>();
  for (let run = 0; run < 600; run++) {
    const [seeds, episodes] = [3 + draw.int(5), 5 + draw.int(20)];
    const pairs = Array.from({ length: 1 + draw.int(8) }, () => madeUp(draw, seeds, episodes));
    const spent = draw.uniform() < 0.3;
    const options = {
      ...{ correction: CORRECTIONS[run % 2], alpha: 0.05 * (1 + draw.int(2)) / 2, replicates: 60 },
      ...(spent ? { size: pairs.length + draw.int(5), spend: (share: number) => 0.3 * share } : {}),
    };
    const found = judgeFamily(pairs, options);
    for (const [i, verdict] of found.entries()) {
      seen.set(verdict.verdict, (seen.get(verdict.verdict) ?? 0) + 1);
      const { metric } = pairs[i];
      const { lo, hi, tail = [lo, hi] } = shown(verdict, metric);
      const { margin } = verdict;
      const why = JSON.stringify({ ...verdict, metric });
      ok(lo <= hi && tail[0] <= tail[1], why);
      const inside = lo > -margin && hi < margin;
      const tailInside = tail[0] > -margin && tail[1] < margin;
      // A winner exactly where its interval leaves out 0 and is not inside the margin, for both metrics and to the same side.
      equal(verdict.verdict === "a-better", lo > 0 && !inside && tail[0] > 0 && !tailInside, why);
      equal(verdict.verdict === "b-better", hi < 0 && !inside && tail[1] < 0 && !tailInside, why);
      // Equivalent exactly where it is inside the margin, and the tail names no winner.
      equal(verdict.verdict === "equivalent", inside && (tailInside || (tail[0] <= 0 && tail[1] >= 0)), why);
      equal(verdict.flags.includes("differs"), verdict.verdict === "equivalent" && (lo > 0 || hi < 0), why);
      equal(
        verdict.flags.includes("beyond-margin"),
        verdict.verdict.endsWith("better") && (lo > margin || hi < -margin),
        why,
      );
      // Not established means that its own interval would do what that of the family does not.
      if (verdict.verdict === "large-not-established") {
        const { lo95, hi95 } = verdict.unadjusted ?? { lo95: 0, hi95: 0 };
        ok(lo <= 0 && hi >= 0 && (lo95 > 0 || hi95 < 0) && Math.abs(verdict.diff ?? 0) >= margin, why);
      }
      // What is open says what would settle it, and only that.
      equal(verdict.needs !== null, ["undecided", "large-not-established"].includes(verdict.verdict), why);
      // All comparisons of a family have one level.
      equal(verdict.level, found[0].level);
      // Adjusted p-values say the same, with one metric or two, whatever the rounds before have spent.
      const p = verdict.pAdjusted ?? 1;
      if (options.correction === "holm" && Math.abs(p / verdict.alpha - 1) > 1e-6) {
        equal(p < verdict.alpha, isDecided(verdict.verdict), why);
      }
    }
  }
  for (const answer of ["equivalent", "a-better", "b-better", "large-not-established", "undecided"]) {
    ok((seen.get(answer) ?? 0) > 30, `only ${seen.get(answer)} are ${answer}: the test proves little`);
  }
});
