import { deepStrictEqual as equal, match, ok } from "node:assert";
import { type Comparison, type Family } from "../claims/comparison.ts";
import { simulate, type Spread, stream } from "../testing/statistics.ts";
import type { Cell, Scored } from "./cells.ts";
import { FUTILE } from "./futility.ts";
import { judgeComparisons } from "./judge_comparisons.ts";
import { judgeRounds, type RoundsRun } from "./rounds.ts";
import { isDecided } from "./readings.ts";
import { lookLevels } from "./spending.ts";

const SEEDS = Array.from({ length: 40 }, (_, seed) => 100 + seed);
const FAMILIES: readonly Family[] = [
  { name: "first", words: "first", purpose: "answer", correction: "holm", alpha: 0.04 },
  { name: "grid", words: "grid", purpose: "exploration", correction: "benjamini-hochberg" },
];

/** A cell whose accuracies, in percentage points beyond 50, are these for the first so many seeds. */
function cell(algorithm: string, differences: readonly (readonly number[])[], seeds = differences.length): Cell {
  const place = {
    ...{ norm: "none" as const, trainingTasks: null, algorithm, adapter: "gradient", shots: 1, innerSteps: 1 },
    ...{ sharingDepth: null, adaptDepth: null, taskStart: null },
  };
  const bySeed = differences.slice(0, seeds).map((row, s): [number, Scored] => {
    const scores = row.map((value) => 0.5 + value / 100);
    return [SEEDS[s], { row: { status: "ok" } as Scored["row"], scores }];
  });
  return { dataset: "digits", place, identity: algorithm, metric: "accuracy", bySeed: new Map(bySeed) };
}

const comparison = (a: string, b: string, family = "first"): Comparison => ({
  ...{ id: `${a}-${b}`, question: "?", family },
  a: { algorithm: a },
  b: { algorithm: b },
});

const NOISE: Spread = { seed: 1, episode: 0.5, residual: 1 };
const draws = (name: string, truth: number, spread = NOISE) => simulate(stream("rounds", name), 40, 30, spread, truth);
const NONE = draws("base", 0, { seed: 0, episode: 0, residual: 0 });
const RUN: RoundsRun = {
  comparisons: [
    comparison("far", "base"),
    comparison("near", "base"),
    comparison("noisy", "base"),
    comparison("far", "near", "grid"),
  ],
  families: FAMILIES,
  dataSets: { digits: { margin: 1, limits: null } },
  nativeOf: () => undefined,
  seeds: SEEDS,
  replicates: 300,
};

/** All cells with the seeds of a number of rounds. */
const after = (counts: Readonly<Record<string, number>>) => [
  cell("far", draws("far", 9), counts.far),
  cell("near", draws("near", 1.7), counts.near),
  cell("noisy", draws("noisy", 0, { ...NOISE, seed: 6 }), counts.noisy),
  cell("base", NONE, counts.base),
];

const summary = ({ judged, open }: ReturnType<typeof judgeRounds>) => ({
  judged: judged.map(({ key, verdict }) => [key.comparison, verdict.verdict, verdict.nSeeds, verdict.look]),
  open: open.map(({ key, seeds }) => [key.comparison, seeds.length, seeds[0] ?? null]),
});

Deno.test("a run goes round by round: what is decided stops, what is open names the seeds that it lacks", () => {
  const first = summary(judgeRounds(after({ far: 5, near: 5, noisy: 5, base: 5 }), RUN));
  equal(first.judged.slice(0, 3), [
    ["far-base", "a-better", 5, 1],
    ["near-base", first.judged[1][1], 5, null],
    ["noisy-base", first.judged[2][1], 5, null],
  ]);
  equal(first.open, [["near-base", 5, 105], ["noisy-base", 5, 105]]);
  // Only the open ones went on; the decided one keeps the verdict of its look.
  const later = summary(judgeRounds(after({ far: 5, near: 20, noisy: 20, base: 20 }), RUN));
  equal(later.judged[0], first.judged[0]);
  const [, near] = later.judged;
  ok(
    near[1] === "a-better" && Number(near[3]) >= 2 && near[2] === [5, 10, 20][Number(near[3]) - 1],
    JSON.stringify(near),
  );
  // Forty seeds would hardly decide what is so noisy, so it asks for no more, and is looked at again where there are more.
  equal(later.open, [["noisy-base", 0, null]]);
  const [, , noisy] = judgeRounds(after({ far: 5, near: 20, noisy: 20, base: 20 }), RUN).judged;
  ok((noisy.verdict.chance ?? 1) < FUTILE);
  match(noisy.verdict.flags.join(), /futile: 40 seeds would decide it with a probability of at most \d+ %/);
  const last = summary(judgeRounds(after({ far: 5, near: 20, noisy: 40, base: 40 }), RUN));
  equal(last.open, [["noisy-base", 0, null]]);
  equal(last.judged[2].slice(2), [40, null]);
  const [, , atLast] = judgeRounds(after({ far: 5, near: 20, noisy: 40, base: 40 }), RUN).judged;
  equal([atLast.verdict.chance, atLast.verdict.flags.filter((flag) => flag.startsWith("futile"))], [null, []]);
});

Deno.test("each look's intervals have the level that its share of the family's error rate may spend there, whatever was decided before", () => {
  const { judged } = judgeRounds(after({ far: 5, near: 40, noisy: 40, base: 40 }), RUN);
  const levels = lookLevels(0.04 / 3);
  for (const { key, verdict } of judged.filter(({ key }) => key.family === "first")) {
    const look = [5, 10, 20, 40].indexOf(verdict.nSeeds);
    ok(Math.abs((verdict.level ?? 0) - (1 - levels[look])) < 1e-12, key.comparison);
    // What a look may spend is counted in the p-value, too.
    equal((verdict.pAdjusted ?? 1) < verdict.alpha, isDecided(verdict.verdict), key.comparison);
  }
});

Deno.test("an exploring family has no looks: it is judged on the seeds there are, as without rounds", () => {
  const cells = after({ far: 5, near: 20, noisy: 20, base: 20 });
  const [grid] = judgeRounds(cells, RUN).judged.filter(({ key }) => key.family === "grid");
  const [plain] = judgeComparisons(cells, RUN).filter(({ key }) => key.family === "grid");
  equal(grid, plain);
});

Deno.test("before the first round is complete nothing is judged, and all its seeds are asked for; a short list of seeds has fewer looks", () => {
  const state = summary(judgeRounds(after({ far: 2, near: 5, noisy: 5, base: 5 }), RUN));
  equal(state.open[0], ["far-base", 3, 102]);
  ok(!state.judged.some(([id]) => id === "far-base"));
  const ten = { ...RUN, seeds: SEEDS.slice(0, 10) };
  const { judged, open } = judgeRounds(after({ far: 10, near: 10, noisy: 10, base: 10 }), ten);
  const levels = lookLevels(0.04 / 3, [5, 10]);
  const noisy = judged.find(({ key }) => key.comparison === "noisy-base");
  ok(Math.abs((noisy?.verdict.level ?? 0) - (1 - levels[1])) < 1e-12);
  ok(open.every(({ seeds }) => seeds.length === 0));
});
