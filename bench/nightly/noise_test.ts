import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { rng } from "../../common/random.ts";
import type { CellSummary } from "./entry.ts";
import { type CellPair, scoreChanges } from "./noise.ts";
import { interactionSd } from "./summarise.ts";
import { THRESHOLDS } from "./thresholds.ts";

const SEEDS = 3;
/** Every change counts, so that the error rate is that of the test alone. */
const STRICT = { ...THRESHOLDS, leastChange: { mse: 0, accuracy: 0 } };

function summary(
  values: readonly number[],
  index: number,
  family: string,
  change: Partial<CellSummary> = {},
): CellSummary {
  const meanLog = values.reduce((total, value) => total + value, 0) / values.length;
  const squares = values.reduce((total, value) => total + (value - meanLog) ** 2, 0);
  return {
    ...{
      dataset: "sinusoid",
      norm: "none",
      trainingTasks: null,
      algorithm: family,
      adapter: "gradient",
      shots: 1 + index,
      innerSteps: 1,
    },
    ...{ sharingDepth: 0, adaptDepth: 0, taskStart: null, metric: "mse", seeds: values.length, divergedSeeds: 0 },
    ...{ mean: null, meanLog, sd: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) },
    ...{ episodeSd: null, episodes: 200, divergedEpisodes: 0 },
    ...change,
  };
}

interface Simulation {
  readonly nights: number;
  /** Standard deviation over seeds of each cell of each family. */
  readonly spread: readonly number[];
  /** Correlation of a family's cells: they share trainings. */
  readonly shared: number;
  /** Added to the first cell of the first family, in its standard deviations. */
  readonly planted?: number;
}

/** Share of nights with a moved score: anywhere, or where it is planted. */
function alarms({ nights, spread, shared, planted = 0 }: Simulation, thresholds = STRICT): number {
  const draw = rng(["nightly noise", nights, spread.length, shared, planted]);
  let count = 0;
  for (let night = 0; night < nights; night++) {
    const pairs: CellPair[] = [];
    for (const family of ["mtl", "maml", "anil", "pooled"]) {
      const [then, now] = [0, 1].map(() => {
        const common = Array.from({ length: SEEDS }, () => draw.normal());
        return spread.map((sd) =>
          common.map((z) => sd * (Math.sqrt(shared) * z + Math.sqrt(1 - shared) * draw.normal()))
        );
      });
      pairs.push(...spread.map((sd, i) => {
        const shift = family === "mtl" && i === 0 ? planted * sd : 0;
        return { base: summary(then[i], i, family), now: summary(now[i].map((x) => x + shift), i, family) };
      }));
    }
    const changes = scoreChanges(pairs, thresholds);
    if (planted === 0 ? changes.some(({ moved }) => moved) : changes[0].moved) count++;
  }
  return count / nights;
}

/** Allowed: α and three standard errors of the simulation. */
const limit = (nights: number) => THRESHOLDS.alpha + 3 * Math.sqrt(THRESHOLDS.alpha * (1 - THRESHOLDS.alpha) / nights);

const EQUAL = Array<number>(25).fill(0.1);
/** Standard deviations within a factor of three either way. */
const MIXED = EQUAL.map((sd, i) => sd * 3 ** (2 * (i / (EQUAL.length - 1)) - 1));

for (const [name, spread] of [["equal", EQUAL], ["mixed", MIXED]] as const) {
  for (const shared of [0, 0.95]) {
    Deno.test(`when nothing but noise differs, few nights raise an alarm: ${name} spreads, correlation ${shared}`, () => {
      const nights = 1500;
      const share = alarms({ nights, spread, shared });
      ok(share <= limit(nights), `${(100 * share).toFixed(1)} % of ${nights} nights`);
    });
  }
}

Deno.test("a change that two times three seeds alone would miss is found with the variance that other cells lend", () => {
  const planted = { nights: 300, spread: EQUAL, shared: 0.8, planted: 9 };
  const [found, alone] = [alarms(planted), alarms(planted, { ...STRICT, lentDf: 0 })];
  ok(found > 0.85 && alone < 0.7, `${found} and ${alone}`);
});

Deno.test("seeds that happen to agree do not make a change significant: episodes still differ", () => {
  const pair = (episodeSd: number | null): CellPair => ({
    base: summary([1, 1, 1], 0, "mtl", { episodeSd }),
    now: summary([1.1, 1.1, 1.1], 0, "mtl", { episodeSd }),
  });
  equal(scoreChanges([pair(null)], STRICT)[0].moved, true);
  const [{ moved, standardError }] = scoreChanges([pair(1)], STRICT);
  equal([moved, standardError?.toFixed(12)], [false, Math.sqrt(1 / 200 * 2 / 3).toFixed(12)]);
});

Deno.test("a change below the least that counts is not told, whatever its noise", () => {
  const pair = { base: summary([1, 1, 1], 0, "mtl"), now: summary([1.019, 1.019, 1.019], 0, "mtl") };
  equal(scoreChanges([pair], THRESHOLDS)[0].moved, false);
  equal(scoreChanges([pair], STRICT)[0].moved, true);
});

Deno.test("with one seed nothing is tested", () => {
  const [{ moved, p, standardError }] = scoreChanges(
    [{ base: summary([1], 0, "mtl"), now: summary([9], 0, "mtl") }],
    STRICT,
  );
  equal([moved, p, standardError], [false, null, null]);
});

Deno.test("swapping the nights keeps each p-value and turns each change around", () => {
  const draw = rng(["swap"]);
  const values = () => Array.from({ length: SEEDS }, () => draw.normal());
  const pairs = EQUAL.map((_, i) => ({ base: summary(values(), i, "mtl"), now: summary(values(), i, "mtl") }));
  const there = scoreChanges(pairs, STRICT);
  const back = scoreChanges(pairs.map(({ base, now }) => ({ base: now, now: base })), STRICT);
  equal(back.map(({ p, change }) => [p, -change]), there.map(({ p, change }) => [p, change]));
});

Deno.test("episode noise is what is left after the levels of seeds and of episodes", () => {
  const levels = [[0, 1, 2], [5, 6, 7]];
  equal(interactionSd(levels, false), 0);
  // x = seed + episode + (+d, -d; -d, +d): every residual is d, one degree of freedom.
  equal(interactionSd([[1 + 0.5, 2 - 0.5], [3 - 0.5, 4 + 0.5]], false), 1);
  equal(interactionSd([[1, null, 2], [3, 9, 4]], false), 0);
  equal(interactionSd([[Math.E ** 1, Math.E ** 2], [Math.E ** 3, Math.E ** 4]], true)?.toFixed(12), "0.000000000000");
  equal([interactionSd([[1, 2]], false), interactionSd([], false), interactionSd([[1], [2]], false)], [
    null,
    null,
    null,
  ]);
});
