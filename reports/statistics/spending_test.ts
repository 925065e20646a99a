import { deepStrictEqual as equal, ok, throws } from "node:assert";
import { reach, stream } from "../testing/statistics.ts";
import { upperNormal } from "./distributions.ts";
import { lookLevels, ROUNDS, spentBy } from "./spending.ts";

const near = (found: readonly number[], expected: readonly number[], relative: number) =>
  found.forEach((level, k) => ok(Math.abs(level / expected[k] - 1) < relative, `look ${k + 1}: ${level}`));

Deno.test("a look may spend what the share of seeds allows, and the last one the rest", () => {
  equal([spentBy(0.05, 0), spentBy(0.05, 1)], [0, 0.05 * Math.log(Math.E)]);
  ok(spentBy(0.05, 0.5) > 0.025 && spentBy(0.05, 2) === spentBy(0.05, 1));
});

// Golden values: the same recursion in numpy, with 4,001 points.
Deno.test("looks at 5, 10, 20 and 40 seeds among 15 comparisons have the levels of an independent integration", () => {
  const golden = [0.0006485576484933736, 0.0006255711990312692, 0.0009966085258260008, 0.0014667786228040008];
  near(lookLevels(0.05 / 15), golden, 1e-6);
});

// Known critical values of Lan & DeMets's spending of Pocock's type at four equal looks, two-sided 5 %.
Deno.test("four looks alike have the known boundaries of this spending function", () => {
  const found = lookLevels(0.05, [1, 2, 3, 4]).map((level) => upperNormal(level / 2));
  found.forEach((z, k) => ok(Math.abs(z - [2.368, 2.367, 2.358, 2.35][k]) < 0.0015, `${found}`));
});

Deno.test("one look spends everything, a smaller share less at every look, and looks must rise", () => {
  near(lookLevels(0.05, [10]), [0.05], 1e-9);
  const [large, small] = [lookLevels(0.01), lookLevels(0.002)];
  ok(large.every((level, k) => level > small[k] && level < 0.01));
  throws(() => lookLevels(0.05, [10, 10]), /must rise/);
});

Deno.test("estimates of no difference leave their looks' intervals as often as was to be spent", () => {
  const draw = stream("spending");
  const levels = lookLevels(0.05).map((level) => upperNormal(level / 2));
  const runs = 20_000;
  let [outside, plain] = [0, 0];
  for (let run = 0; run < runs; run++) {
    let [sum, count, left, leftPlain] = [0, 0, false, false];
    for (const [k, enough] of ROUNDS.entries()) {
      sum += Math.sqrt(enough - count) * draw.normal();
      count = enough;
      const z = Math.abs(sum) / Math.sqrt(count);
      left ||= z > levels[k];
      leftPlain ||= z > 1.96;
    }
    if (left) outside++;
    if (leftPlain) plain++;
  }
  ok(Math.abs(outside / runs - 0.05) < reach(0.05, runs), `${outside / runs}`);
  ok(plain / runs > 0.11, `${plain / runs}`);
});
