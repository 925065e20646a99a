import { deepStrictEqual as equal, ok } from "node:assert";
import { accuracyPair, msePair, reach, simulate, type Spread, SPREADS, stream } from "../testing/statistics.ts";
import { judge, judgeFamily, type ScorePair, type Verdict } from "./judge.ts";

const CALM: Spread = { seed: 0.2, episode: 1, residual: 1 };
const simulated = (truth: number, spread = CALM, seeds = 5, name = "cell") =>
  simulate(stream(name, truth, seeds), seeds, 100, spread, truth);

Deno.test("clear cases: no difference is equivalent, a large one has a winner, and noise is undecided", () => {
  equal(judge(accuracyPair(simulated(0))).verdict, "equivalent");
  equal(judge(accuracyPair(simulated(5))).verdict, "a-better");
  equal(judge(accuracyPair(simulated(-5))).verdict, "b-better");
  equal(judge(accuracyPair(simulated(0, { ...CALM, seed: 5 }))).verdict, "undecided");
});

Deno.test("a lower MSE is better, differences are log ratios, and the margin is a ratio", () => {
  const half = (truth: number) => judge(msePair(simulated(truth, { seed: 0.02, episode: 0.1, residual: 0.1 }), 1.25));
  equal([half(-1).verdict, half(1).verdict, half(0).verdict], ["a-better", "b-better", "equivalent"]);
  const { diff, ratio, margin } = half(-1);
  ok(Math.abs((diff ?? 0) + 1) < 0.1 && ratio === Math.exp(diff ?? 0) && margin === Math.log(1.25));
  equal(judge(accuracyPair(simulated(0))).ratio, null);
});

Deno.test("a real difference inside the margin is equivalent, and flagged", () => {
  const found = judge(accuracyPair(simulated(0.5, { seed: 0.05, episode: 0.5, residual: 0.5 })));
  equal([found.verdict, found.flags], ["equivalent", ["differs"]]);
  equal(judge(accuracyPair(simulated(5))).flags, ["beyond-margin"]);
});

Deno.test("algorithms that answer alike everywhere are equivalent and identical", () => {
  const found = judge(accuracyPair([[0, 0], [0, 0], [0, 0]]));
  equal([found.verdict, found.flags, found.pTost, found.pDifference, found.effectSize], [
    "equivalent",
    ["identical"],
    0,
    1,
    null,
  ]);
});

Deno.test("below three seeds there is no verdict and no interval, but the difference and the reason", () => {
  for (const [seeds, reason] of [[0, "no seed has"], [1, "one seed has"], [2, "2 seeds have"]] as const) {
    const found = judge({ ...accuracyPair(simulated(1, CALM, 2).slice(0, seeds)), flags: ["missing-seeds: 3 of 5"] });
    equal([found.verdict, found.reason], ["none", `${reason} scores of both; a verdict needs 3`]);
    equal([found.nSeeds, found.lo, found.loMean, found.pTost, found.pAdjusted, found.needs, found.unadjusted], [
      ...[seeds, null, null, null, null, null, null],
    ]);
    equal([found.diff === null, found.flags], [seeds === 0, ["missing-seeds: 3 of 5"]]);
  }
});

Deno.test("a cell without a verdict does not count in the family", () => {
  const pairs = [accuracyPair(simulated(0)), accuracyPair(simulated(0).slice(0, 2))];
  equal(judgeFamily(pairs)[0], judge(pairs[0]));
});

Deno.test("the family corrects: a cell that passes alone need not pass among twenty, and says so", () => {
  const hard = accuracyPair(simulated(0, { ...CALM, seed: 0.55 }));
  const alone = judge(hard);
  ok(alone.verdict === "equivalent" && (alone.pTost ?? 0) > 0.00125, `${alone.verdict} ${alone.pTost}`);
  const many = judgeFamily([
    hard,
    ...Array.from({ length: 19 }, (_, i) => accuracyPair(simulated(0, { ...CALM, seed: 9 }, 5, `${i}`))),
  ])[0];
  equal([many.verdict, many.pTost, many.unadjusted, many.level], [
    ...["undecided", alone.pTost, alone.unadjusted, 1 - 0.05 / 20],
  ]);
  ok(many.flags.includes("uncorrected: equivalent") && (many.needs?.margin ?? 0) > 1);
});

const MIRRORED = { "a-better": "b-better", "b-better": "a-better" } as Record<string, string>;

Deno.test("swapping the sides mirrors every verdict", () => {
  const matrices = [0, 0.3, 0.7, 1, 2, -0.5, -4].map((truth) => simulated(truth, SPREADS["seeds dominate"]));
  const swap = (pair: ScorePair): ScorePair => ({ ...pair, a: pair.b, b: pair.a });
  for (const make of [accuracyPair, msePair]) {
    const pairs = matrices.map((matrix) => make(matrix));
    const swapped = judgeFamily(pairs.map(swap));
    for (const [i, found] of judgeFamily(pairs).entries()) {
      const other = swapped[i];
      equal(other.verdict, MIRRORED[found.verdict] ?? found.verdict);
      equal([other.diff, other.lo, other.pTost, other.pAdjusted, other.typical, other.tail, other.flags], [
        -(found.diff ?? 0),
        -(found.hi ?? 0),
        found.pTost,
        found.pAdjusted,
        ...[found.typical, found.tail].map((said) => said === null ? null : MIRRORED[said] ?? said),
        found.flags.map((flag) => flag.replace(/a-better|b-better/, (answer) => MIRRORED[answer])),
      ]);
    }
  }
});

/** Families of cells near their thresholds. */
function families(count: number): ScorePair[][] {
  const draw = stream("families");
  return Array.from(
    { length: count },
    () =>
      Array.from(
        { length: 3 },
        () => accuracyPair(simulate(draw, 4, 20, { seed: 0.3, episode: 0.8, residual: 0.5 }, draw.normal())),
      ),
  );
}

Deno.test("another seed of the bootstrap, or another order of seeds and episodes, changes boundary cells only", () => {
  let boundary = 0;
  let changed = 0;
  const shuffled = (pair: ScorePair): ScorePair => {
    const order = stream("shuffle").permutation(20);
    const shuffle = (scores: ScorePair["a"]) => [2, 0, 3, 1].map((s) => order.map((e) => scores[s][e]));
    return { ...pair, a: shuffle(pair.a), b: shuffle(pair.b) };
  };
  const options = { replicates: 1000 };
  for (const pairs of families(100)) {
    const found = judgeFamily(pairs, options);
    const others = [judgeFamily(pairs, { ...options, key: ["another"] }), judgeFamily(pairs.map(shuffled), options)];
    for (const [i, { verdict, flags }] of found.entries()) {
      const marked = flags.includes("boundary");
      if (marked) boundary++;
      for (const other of others) {
        if (other[i].verdict === verdict) continue;
        changed++;
        ok(marked || other[i].flags.includes("boundary"), `${verdict} became ${other[i].verdict} unmarked`);
      }
    }
  }
  ok(changed > 0, "no verdict changed: the test proves nothing");
  ok(boundary < 300 / 3, `${boundary} of 300 cells are marked`);
});

for (
  const [name, spread] of Object.entries<Spread>({
    "seeds dominate": { seed: 0.5, episode: 0.5, residual: 0.5 },
    "episodes dominate": { seed: 0, episode: 2, residual: 0.2 },
    "both count": { seed: 0.3, episode: 2, residual: 1 },
  })
) {
  Deno.test(`two algorithms that differ by the margin are called equivalent at most one time in forty: ${name}`, () => {
    for (const seeds of [3, 5, 10]) {
      const draw = stream("margin", name, seeds);
      const runs = 600;
      let wrong = 0;
      for (let run = 0; run < runs; run++) {
        const pair = accuracyPair(simulate(draw, seeds, 50, spread, 1), 1);
        if (judge(pair, { replicates: 300 }).verdict === "equivalent") wrong++;
      }
      ok(wrong / runs <= 0.025 + reach(0.025, runs), `${wrong} of ${runs} with ${seeds} seeds`);
      // Were it never wrong, it would be too timid to find anything.
      ok(seeds < 10 || wrong > 0, `${wrong} of ${runs}`);
    }
  });
}

Deno.test("in a family at the margin, and in one without differences, any false claim comes at most one time in twenty", () => {
  const draw = stream("family error");
  const runs = 200;
  const family = (truth: number, margin: number) =>
    Array.from(
      { length: 6 },
      () => accuracyPair(simulate(draw, 5, 40, { seed: 0.3, episode: 1, residual: 0.5 }, truth), margin),
    );
  const share = (truth: number, margin: number, wrong: (verdict: Verdict) => boolean) => {
    let count = 0;
    for (let run = 0; run < runs; run++) {
      if (judgeFamily(family(truth, margin), { replicates: 200 }).some(wrong)) count++;
    }
    return count / runs;
  };
  const equivalent = share(1, 1, ({ verdict }) => verdict === "equivalent");
  const better = share(0, 0.1, ({ verdict }) => verdict.endsWith("better"));
  ok(equivalent <= 0.05 + reach(0.05, runs) && better <= 0.05 + reach(0.05, runs), `${equivalent} and ${better}`);
});

Deno.test("where every episode of both sides diverged there is nothing to compare, and nothing is called equivalent", () => {
  const calm = msePair(simulated(0, { seed: 0.01, episode: 0.02, residual: 0.02 }), 1.1);
  const limits = calm.limits?.map(() => 1e-9) ?? [];
  const { verdict, reason, flags } = judge({ ...calm, limits });
  equal([verdict, reason], ["none", "every episode of both diverged; there is nothing to compare"]);
  ok(flags.some((flag) => flag.startsWith("diverged: a 500 and b 500 of 500")), flags.join());
  const accuracy = { ...calm, metric: "accuracy" as const, limits: null, margin: 1 };
  const none = {
    ...accuracy,
    a: calm.a.map((row) => row.map(() => null)),
    b: calm.b.map((row) => row.map(() => null)),
  };
  equal(judge(none).verdict, "none");
  // One side that did not diverge is better, as before.
  equal(judge({ ...calm, limits: calm.limits?.map(() => 100) ?? [], a: none.a }).verdict, "b-better");
});

Deno.test("diverged episodes are counted, and a verdict that hangs on how they count is marked", () => {
  const calm = msePair(simulated(0, { seed: 0.01, episode: 0.02, residual: 0.02 }), 1.1);
  const limits = calm.limits?.map(() => 100) ?? [];
  const exploded = (episodes: number): ScorePair => ({
    ...calm,
    limits,
    a: calm.a.map((row) => row.map((score, e) => e < episodes ? null : score)),
  });
  equal(judge({ ...calm, limits }).flags, []);
  const one = judge(exploded(1));
  equal(one.nEpisodes, 100);
  ok(one.flags.includes("diverged: a 5 and b 0 of 500 episodes, counted as the limit"), one.flags.join());
  const many = judge(exploded(60));
  equal(many.verdict, "b-better");
  const near = { ...exploded(2), limits: limits.map(() => 3) };
  equal(judge(near).typical, "equivalent");
  ok(
    judge(near).flags.includes("limit-sensitive: undecided with ten times the limit of divergence"),
    judge(near).flags.join(),
  );
  ok(many.flags.every((flag) => !flag.startsWith("limit-sensitive")));
});
