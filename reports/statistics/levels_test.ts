import { deepStrictEqual as equal, ok } from "node:assert";
import { reach, simulate, stream } from "../testing/statistics.ts";
import { accuracyPair, msePair } from "../testing/statistics.ts";
import { judgeFamily, type ScorePair, type Verdict } from "./judge.ts";
import { ADJUST, LEVELS } from "./levels.ts";

Deno.test("simultaneous intervals share the error rate out; false coverage rates grow with what is decided", () => {
  equal(LEVELS.holm(0.05, 10, () => 10), 0.005);
  const decided = (pValues: readonly number[]) => (error: number) => pValues.filter((p) => p < error).length;
  const level = (pValues: readonly number[]) => LEVELS["benjamini-hochberg"](0.05, pValues.length, decided(pValues));
  equal(level([0.001, 0.012, 0.6, 0.7, 0.8]), 0.02);
  equal(level([0.6, 0.7, 0.8]), 0.05 / 3);
  // Benjamini & Hochberg 1995, section 3.2: of these 15 p-values four are rejected at 5 %.
  const published = [
    ...[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344],
    ...[0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1],
  ];
  equal(level(published), 4 * 0.05 / 15);
});

Deno.test("adjusted p-values come in the order of the comparisons and keep the order of the p-values", () => {
  const near = (found: readonly number[], expected: readonly number[]) =>
    found.forEach((p, i) => ok(Math.abs(p - expected[i]) < 1e-12, `${found}`));
  near(ADJUST["benjamini-hochberg"]([0.2, 0.01, 0.04, 0.02, 0.03], 5), [0.2, 0.05, 0.05, 0.05, 0.05]);
  near(ADJUST["benjamini-hochberg"]([0.001, 0.5], 2), [0.002, 0.5]);
  near(ADJUST.holm([0.2, 0.01, 0.3], 5), [1, 0.05, 1]);
});

/** Judged families of six pairs whose true differences are given, in percentage points. */
function judged(
  truths: readonly number[],
  runs: number,
  name: string,
  options: Parameters<typeof judgeFamily>[1],
): Verdict[][] {
  const draw = stream("levels", name);
  const spread = { seed: 0.3, episode: 1, residual: 0.5 };
  return Array.from(
    { length: runs },
    () =>
      judgeFamily(truths.map((truth) => accuracyPair(simulate(draw, 5, 40, spread, truth), 1)), {
        replicates: 200,
        ...options,
      }),
  );
}

/** Whether a claim is false, and whether the interval misses the truth. */
const wrong = ({ verdict }: Verdict, truth: number) =>
  verdict === "equivalent"
    ? Math.abs(truth) >= 1
    : verdict === "a-better"
    ? truth <= 0
    : verdict === "b-better" && truth >= 0;
const misses = ({ lo, hi }: Verdict, truth: number) => (lo ?? 0) > truth || (hi ?? 0) < truth;

Deno.test("all intervals of a simultaneous family hold at once, and all its claims are right, at least 19 times in 20", () => {
  const runs = 250;
  for (const truths of [[0, 0, 0, 0, 0, 0], [1, -1, 1, -1, 1, -1], [0, 0.5, 1, 2, -3, 5]]) {
    const all = judged(truths, runs, truths.join(), {});
    const share = (bad: typeof wrong) =>
      all.filter((family) => family.some((one, i) => bad(one, truths[i]))).length / runs;
    const [missed, false_] = [share(misses), share(wrong)];
    ok(missed <= 0.05 + reach(0.05, runs) && false_ <= missed + 1e-12, `${truths}: ${missed} miss, ${false_} claim`);
  }
});

Deno.test("of what an exploring family decides, at most one in twenty is false or has an interval that misses", () => {
  const runs = 250;
  for (const truths of [[0, 0, 0, 0, 0, 0], [0, 0, 0, 2, 3, 4], [1, 1, 1, -2, 0, 0]]) {
    const all = judged(truths, runs, truths.join(), { correction: "benjamini-hochberg" });
    const share = (bad: typeof wrong) =>
      all.reduce((total, family) => {
        const decided = family.flatMap((one, i) =>
          one.verdict === "undecided" || one.verdict === "large-not-established" ? [] : [bad(one, truths[i])]
        );
        return total + (decided.length === 0 ? 0 : decided.filter(Boolean).length / decided.length);
      }, 0) / runs;
    const [missed, false_] = [share(misses), share(wrong)];
    ok(missed <= 0.05 + reach(0.05, runs) && false_ <= missed, `${truths}: ${missed} miss, ${false_} are false`);
  }
});

Deno.test("counting equivalent comparisons off, as Holm would for one kind of claim, lets too many false winners through", () => {
  // Two pairs without a difference, known to within a normal error of 1; margin 3.9.
  const draw = stream("stepping");
  const runs = 4000;
  const [first, last] = [2.2414, 1.96];
  const answer = (z: number, reached: number) =>
    Math.abs(z) + reached < 3.9 ? "equivalent" : Math.abs(z) > reached ? "better" : "undecided";
  let [stepping, single] = [0, 0];
  for (let run = 0; run < runs; run++) {
    const zs = [draw.normal(), draw.normal()];
    const once = zs.map((z) => answer(z, first));
    const open = once.filter((said) => said === "undecided").length;
    const final = open === 1 ? zs.map((z, i) => once[i] === "undecided" ? answer(z, last) : once[i]) : once;
    if (once.includes("better")) single++;
    if (final.includes("better")) stepping++;
  }
  ok(single / runs <= 0.05 + reach(0.05, runs), `${single / runs}`);
  ok(stepping / runs > 0.08, `${stepping / runs}`);
});

Deno.test("a winner on regression needs both metrics: better typically and worse in the tail is told as such", () => {
  const draw = stream("tail");
  // Side a has a third of the error on all episodes but one in ten, where it has twenty times as much.
  const noise = simulate(draw, 8, 60, { seed: 0.02, episode: 0.1, residual: 0.05 });
  const pair = (worse: number): ScorePair => {
    const differences = noise.map((row) => row.map((value, e) => value + (e % 10 === 0 ? worse : -1)));
    return {
      ...msePair(differences, 1.25),
      a: differences.map((row) => row.map((value) => Math.exp(value))),
      b: noise.map((row) => row.map(() => 1)),
    };
  };
  const [contrary] = judgeFamily([pair(3)]);
  equal([contrary.typical, contrary.tail, contrary.verdict], ["a-better", "b-better", "undecided"]);
  ok(contrary.needs?.words.startsWith("a better typically, worse in the tail"));
  const [agreed] = judgeFamily([pair(-1)]);
  equal([agreed.typical, agreed.tail, agreed.verdict], ["a-better", "a-better", "a-better"]);
  ok(Math.abs((agreed.diffMean ?? 0) - Math.log((agreed.sides?.a.mean ?? 0) / (agreed.sides?.b.mean ?? 1))) < 1e-12);
});
