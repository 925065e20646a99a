import { deepStrictEqual as equal, match, ok } from "node:assert";
import { FIXED_FREQUENCY, sinusoidDataSet } from "../../data/sinusoid.ts";
import { cellsOf } from "../statistics/cells.ts";
import { stream } from "../testing/statistics.ts";
import {
  OF_ORDER,
  OF_SOLVED_HEADS,
  ofDistance,
  ON_FREQUENCY,
  ON_OMNIGLOT,
  ON_SINUSOID,
  ON_SINUSOID_MATCHED,
} from "../../bench/sweeps/predictions.ts";
import { OMNIGLOT, SINUSOID } from "../../bench/sweeps/parts.ts";
import type { CellRow, DistanceRow } from "../rows/rows.ts";
import type { DataSetSweep } from "../../bench/sweeps/schema.ts";
import { evaluatePrediction } from "./evaluate.ts";
import { distanceRows, type Law } from "../testing/distances.ts";
import type { Evidence } from "./evidence.ts";
import type { Prediction } from "../claims/prediction.ts";

const [SEEDS, EPISODES] = [5, 40];
const dataSet = sinusoidDataSet(FIXED_FREQUENCY);
const batch = dataSet.episodes("test", 0, EPISODES, 5, 100);
/** MSE, per episode, of -1.623 cos x. */
const FLOOR = Array.from({ length: EPISODES }, (_, task) => {
  const errors = Array.from({ length: 100 }, (_, i) => {
    const at = task * 100 + i;
    return (batch.queryY[at] + 2 / Math.PI * 2.55 * Math.cos(batch.queryX[at])) ** 2;
  });
  return errors.reduce((total, error) => total + error, 0) / 100;
});

type Planted = Partial<CellRow> & {
  /** The score: MSE as a factor of 1 (of the floor's), or accuracy. */
  readonly score: number;
  /** Standard deviation over seeds of its logarithm, or of the accuracy. */
  readonly spread?: number;
  readonly seeds?: number;
  readonly floor?: boolean;
};

/** Evidence with planted scores: a cell each, over seeds. */
function plant(cells: readonly Planted[], entry: DataSetSweep = SINUSOID): Evidence {
  const accuracy = entry === OMNIGLOT;
  const planted = cells.flatMap(({ score, spread = 0.005, seeds = SEEDS, floor = false, ...place }, cell) => {
    const draw = stream("planted", cell);
    return Array.from({ length: seeds }, (_, seed) => {
      const shift = spread * draw.normal();
      const scores = Array.from({ length: EPISODES }, (_, e) => {
        const noise = shift + 0.01 * draw.normal();
        if (accuracy) return Math.min(1, Math.max(0, score + noise));
        return score * (floor ? FLOOR[e] : 1) * Math.exp(noise);
      });
      return { row: rowOf({ metric: accuracy ? "accuracy" : "mse", ...place, dataset: entry.name, seed }), scores };
    });
  });
  return {
    entry: { ...entry, episodes: EPISODES },
    metric: accuracy ? "accuracy" : "mse",
    cells: cellsOf(planted.map(({ row }) => row), planted.map(({ scores }) => scores)),
    nativeOf: () => undefined,
    limits: accuracy ? null : FLOOR.map((floor) => 100 * floor + 1000),
    dataSet,
    flagsOf: ({ flags }) => flags === "" ? [] : [flags],
    distances: [],
  };
}

function rowOf(change: Partial<CellRow>): CellRow {
  const { sharingDepth = 2, adapter = "gradient" } = change;
  return {
    ...{
      dataset: "sinusoid",
      norm: "none",
      trainingTasks: null,
      algorithm: "mtl",
      adapter,
      shots: 10,
      innerSteps: adapter === "gradient" ? 10 : null,
    },
    ...{ sharingDepth, adaptDepth: adapter === "gradient" ? sharingDepth ?? 0 : null, taskStart: null, seed: 0 },
    ...{
      adaptStrength: 0.01,
      metric: "mse",
      mean: 1,
      sd: 1,
      median: 1,
      meanLog: 0,
      nll: null,
      ece: null,
      episodes: EPISODES,
      diverged: 0,
    },
    ...{ trainGflop: 1, trainGradients: 1, adaptMflop: 1, status: "ok", reason: "", flags: "", trainingUnit: "" },
    ...{ trainedOn: "", testedOn: "", trainingClasses: null },
    ...change,
  };
}

/** Every prediction of the built-in sweeps. */
const ALL: readonly Prediction[] = [
  ...ON_SINUSOID,
  ...ON_SINUSOID_MATCHED,
  ...OF_SOLVED_HEADS,
  ...OF_ORDER,
  ...ofDistance(["two", "five", "fast"]),
  ...ON_FREQUENCY,
  ...ON_OMNIGLOT,
];
const named = (id: string): Prediction => {
  const found = ALL.find((prediction) => prediction.id === id);
  if (found === undefined) throw new Error(`no prediction ${id}`);
  return found;
};
const after = { sharingDepth: 2, adapter: "gradient", innerSteps: 10 } as const;
const equalAfterSteps: Prediction = {
  ...{ kind: "comparison", id: "equal-after-steps", statement: "They are equivalent.", source: "a test" },
  ...{
    dataset: "sinusoid",
    a: { algorithm: "mtl", ...after },
    b: { algorithm: "anil", ...after },
    expect: "equivalent",
  },
};
const solved = { adapter: "ridge", innerSteps: null } as const;
const logistic = { adapter: "logistic", innerSteps: null } as const;

/** Multi-task learning beside an algorithm that it is expected to be equivalent to, both with the head solved. */
function ofSolved(algorithm: string): { held: Evidence; failed: Evidence; undecided: Evidence } {
  return {
    held: plant([{ ...solved, score: 0.1 }, { algorithm, ...solved, score: 0.101 }]),
    failed: plant([{ ...solved, score: 0.1 }, { algorithm, ...solved, score: 0.15 }]),
    undecided: plant([{ ...solved, score: 0.1, spread: 0.5 }, { algorithm, ...solved, score: 0.1, spread: 0.5 }]),
  };
}

/** MSE of multi-task learning and of ANIL, after gradient steps and with the head solved. */
function twoWays([mtl, anil]: readonly number[], [mtlSolved, anilSolved]: readonly number[], spread = 0.005): Evidence {
  return plant([
    { score: mtl, spread },
    { algorithm: "anil", score: anil, spread },
    { ...solved, score: mtlSolved, spread },
    { algorithm: "anil", ...solved, score: anilSolved, spread },
  ]);
}

/** Distances of three laws. */
function trend(held: Law, failed: Law, undecided: Law): { held: Evidence; failed: Evidence; undecided: Evidence } {
  const of = (law: Law) => ({ ...plant([{ score: 1 }]), distances: distanceRows({ noise: 0.05, ...law }) });
  return { held: of(held), failed: of(failed), undecided: of(undecided) };
}

/** Per prediction: planted scores in which it holds, in which it fails, and in which neither shows. */
const CASES: Readonly<Record<string, { held: Evidence; failed: Evidence; undecided: Evidence }>> = {
  "shared-features-ridge": {
    held: plant([{ ...solved, score: 0.1 }, { algorithm: "anil", ...solved, score: 0.101 }]),
    failed: plant([{ ...solved, score: 0.1 }, { algorithm: "anil", ...solved, score: 0.15 }]),
    undecided: plant([{ ...solved, score: 0.1, spread: 0.5 }, {
      algorithm: "anil",
      ...solved,
      score: 0.1,
      spread: 0.5,
    }]),
  },
  "solved-heads-are-joint-heads": ofSolved("mtl-solved"),
  "held-out-heads-are-joint-heads": ofSolved("r2d2"),
  "gap-grows-with-inner-steps": {
    held: plant([1, 5].flatMap((innerSteps) => [
      { innerSteps, score: 1 },
      { innerSteps, algorithm: "anil", score: innerSteps === 1 ? 0.9 : 0.5 },
    ])),
    // The gap changes sign and gets smaller in size.
    failed: plant([1, 5].flatMap((innerSteps) => [
      { innerSteps, score: 1 },
      { innerSteps, algorithm: "anil", score: innerSteps === 1 ? 0.5 : 1.1 },
    ])),
    undecided: plant([1, 5].flatMap((innerSteps) => [
      { innerSteps, score: 1, spread: 0.2 },
      { innerSteps, algorithm: "anil", score: 0.8, spread: 0.2 },
    ])),
  },
  "order-of-trainings-kept": {
    held: twoWays([1, 0.5], [0.4, 0.1]),
    failed: twoWays([1, 0.5], [0.1, 0.4]),
    undecided: twoWays([1, 0.5], [0.1, 0.1], 0.3),
  },
  "distance-grows-with-rate-times-steps": trend({ rate: 0.5, depth: -1 }, { rate: -0.5, depth: -1 }, {
    rate: 0,
    depth: -1,
  }),
  "distance-falls-with-depth": trend({ rate: 0.5, depth: -1 }, { rate: 0.5, depth: 1 }, { rate: 0.5, depth: 0 }),
  "pooled-at-floor": {
    held: plant([{ algorithm: "pooled", innerSteps: 0, sharingDepth: 3, score: 1.01, floor: true }]),
    failed: plant([{ algorithm: "pooled", innerSteps: 0, sharingDepth: 3, score: 1.4, floor: true }]),
    undecided: plant([{ algorithm: "pooled", innerSteps: 0, sharingDepth: 3, score: 1, spread: 0.3, floor: true }]),
  },
  "budget-over-paradigm-sinusoid": {
    held: plant([1, 10].flatMap((innerSteps) => [
      { innerSteps, score: innerSteps === 1 ? 2 : 0.5 },
      { innerSteps, algorithm: "maml", score: innerSteps === 1 ? 1.8 : 0.5 },
    ])),
    failed: plant([1, 10].flatMap((innerSteps) => [
      { innerSteps, score: innerSteps === 1 ? 2 : 1.8 },
      { innerSteps, algorithm: "maml", score: innerSteps === 1 ? 0.5 : 0.4 },
    ])),
    undecided: plant([1, 10].flatMap((innerSteps) => [
      { innerSteps, score: innerSteps === 1 ? 2 : 1, spread: 0.3 },
      { innerSteps, algorithm: "maml", score: innerSteps === 1 ? 1 : 0.5, spread: 0.3 },
    ])),
  },
  "frozen-trunk-loses": {
    held: plant([{ ...solved, score: 2 }, { algorithm: "maml", sharingDepth: 0, score: 1 }]),
    failed: plant([{ ...solved, score: 1 }, { algorithm: "maml", sharingDepth: 0, score: 1.02 }]),
    undecided: plant([{ ...solved, score: 1.1, spread: 0.3 }, { algorithm: "maml", sharingDepth: 0, score: 1 }]),
  },
  "fine-tuning-recovers": {
    held: plant([{ adaptDepth: 2, score: 2 }, { adaptDepth: 0, score: 1 }]),
    failed: plant([{ adaptDepth: 2, score: 1 }, { adaptDepth: 0, score: 2 }]),
    undecided: plant([{ adaptDepth: 2, score: 1, spread: 0.6 }, { adaptDepth: 0, score: 1, spread: 0.6 }]),
  },
  "no-heads-no-features": {
    held: plant([
      { algorithm: "pooled", ...logistic, sharingDepth: 5, score: 0.3 },
      { algorithm: "scratch", ...logistic, sharingDepth: null, score: 0.4 },
    ], OMNIGLOT),
    failed: plant([
      { algorithm: "pooled", ...logistic, sharingDepth: 5, score: 0.5 },
      { algorithm: "scratch", ...logistic, sharingDepth: null, score: 0.4 },
    ], OMNIGLOT),
    undecided: plant([
      { algorithm: "pooled", ...logistic, sharingDepth: 5, score: 0.4, spread: 0.05 },
      { algorithm: "scratch", ...logistic, sharingDepth: null, score: 0.4, spread: 0.05 },
    ], OMNIGLOT),
  },
  "budget-over-paradigm-omniglot": {
    held: plant(
      [1, 5].flatMap((innerSteps) => [
        { innerSteps, sharingDepth: 4, score: innerSteps === 1 ? 0.4 : 0.9 },
        { innerSteps, sharingDepth: 4, algorithm: "anil", score: innerSteps === 1 ? 0.5 : 0.9 },
      ]),
      OMNIGLOT,
    ),
    failed: plant(
      [1, 5].flatMap((innerSteps) => [
        { innerSteps, sharingDepth: 4, score: innerSteps === 1 ? 0.4 : 0.42 },
        { innerSteps, sharingDepth: 4, algorithm: "anil", score: innerSteps === 1 ? 0.8 : 0.82 },
      ]),
      OMNIGLOT,
    ),
    undecided: plant(
      [1, 5].flatMap((innerSteps) => [
        { innerSteps, sharingDepth: 4, score: innerSteps === 1 ? 0.4 : 0.5, spread: 0.1 },
        { innerSteps, sharingDepth: 4, algorithm: "anil", score: innerSteps === 1 ? 0.5 : 0.6, spread: 0.1 },
      ]),
      OMNIGLOT,
    ),
  },
};

for (const { id } of ALL) {
  Deno.test(`the prediction ${id} holds, fails or stays undecided as its planted scores say`, () => {
    const prediction = named(id);
    for (const [outcome, evidence] of Object.entries(CASES[id])) {
      const cells = evidence.cells.map((cell) => ({ ...cell, dataset: prediction.dataset }));
      const row = evaluatePrediction(prediction, { ...evidence, cells });
      equal(row.outcome, outcome, `${row.found} | ${row.reason}`);
      equal([row.nSeeds, row.nEpisodes, row.comparisons], [SEEDS, EPISODES, 1]);
      equal(row.reason === "", outcome === "held");
      match(row.found, /5 seeds x 40 episodes/);
      ok(row.lo95! < row.diff! && row.diff! < row.hi95!);
    }
  });
}

Deno.test("a prediction that cannot be tested says why, and is never called held", () => {
  const frozen = named("frozen-trunk-loses");
  equal(evaluatePrediction(frozen, undefined).reason, "the run has no data set sinusoid-frequency");
  const reason = (cells: readonly Planted[], prediction = equalAfterSteps) => {
    const { outcome, reason, diff } = evaluatePrediction(prediction, plant(cells));
    equal([outcome, diff], ["not tested", null]);
    return reason;
  };
  match(reason([{ score: 1 }]), /no cells that it is about/);
  match(reason([{ score: 1, seeds: 2 }, { algorithm: "anil", score: 1, seeds: 2 }]), /2 seeds have scores .* needs 3/);
  match(reason([{ score: 1, innerSteps: 1 }, { algorithm: "anil", score: 1, innerSteps: 1 }]), /no cells/);
  const unknown = { ...plant([{ algorithm: "pooled", innerSteps: 0, sharingDepth: 3, score: 1, floor: true }]) };
  const { meanTarget: _, ...blind } = dataSet;
  match(
    evaluatePrediction(named("pooled-at-floor"), { ...unknown, dataSet: blind }).reason,
    /is not known for sinusoid/,
  );
});

Deno.test("a prediction about several cells holds only where all of them can be tested and show it", () => {
  const both = (second: Partial<Planted>) =>
    evaluatePrediction(
      equalAfterSteps,
      plant([5, 10].flatMap((shots) => [
        { shots, score: 0.1, ...(shots === 10 ? second : {}) },
        { shots, algorithm: "anil", score: 0.1, ...(shots === 10 ? { seeds: second.seeds } : {}) },
      ])),
    );
  equal([both({}).outcome, both({}).comparisons], ["held", 2]);
  const torn = both({ score: 0.3 });
  equal(torn.outcome, "failed");
  match(torn.found, /^10 shots.*; 5 shots/);
  const partly = both({ seeds: 2 });
  equal([partly.outcome, partly.comparisons], ["undecided", 1]);
  match(partly.reason, /^10 shots.*2 seeds have scores/);
});

Deno.test("flags of the compared trainings follow a prediction", () => {
  const { flags } = evaluatePrediction(
    named("fine-tuning-recovers"),
    {
      ...plant([{ adaptDepth: 2, score: 2, flags: "undertrained" }, {
        adaptDepth: 0,
        score: 1,
        flags: "undertrained",
      }]),
      cells: plant([
        { adaptDepth: 2, score: 2, flags: "undertrained" },
        { adaptDepth: 0, score: 1, flags: "undertrained" },
      ]).cells.map((cell) => ({ ...cell, dataset: "sinusoid-frequency" })),
    },
  );
  equal(flags, "undertrained: mtl 5 of 5 seeds");
});

Deno.test("a trend is told by its exponent, in whatever metric scores are", () => {
  const { held } = CASES["distance-falls-with-depth"];
  const { found, diff } = evaluatePrediction(named("distance-falls-with-depth"), held);
  match(
    found,
    /^10 shots, mtl and anil, 8 points: distance goes as x to the power of -1(\.0\d*)? \(95 % -1\.\d+ to -0\.9\d*\), 5 seeds x 40 episodes$/,
  );
  ok(Math.abs((diff ?? NaN) + 1) < 0.1);
});

Deno.test("a trend is about the distances that its sides name, and about all of its data sets", () => {
  const prediction = named("distance-falls-with-depth");
  if (prediction.kind !== "distance-trend") throw new Error("it is another kind");
  const { distances, ...rest } = CASES[prediction.id].held;
  // The same at another normalisation, where the trend is the opposite one.
  const other = distanceRows({ rate: 0.5, depth: 1 }).map((row): DistanceRow => ({ ...row, norm: "layer" }));
  const evidence = { ...rest, distances: [...distances, ...other] };
  const along = (norm: "none" | "layer") =>
    evaluatePrediction({ ...prediction, a: { ...prediction.a, norm } }, evidence).outcome;
  equal([along("none"), along("layer")], ["held", "failed"]);
  const { outcome, reason } = evaluatePrediction({ ...prediction, across: ["two", "six"] }, evidence);
  equal(outcome, "not tested");
  match(reason, /no such distances on six/);
});

Deno.test("where the smaller of two differences is real and the larger one is not, the reason says so", () => {
  const outcome = (mtl: Partial<Planted>, anil: Partial<Planted>) =>
    evaluatePrediction(
      named("order-of-trainings-kept"),
      plant([
        { score: 1 },
        { algorithm: "anil", score: 0.8 },
        { ...solved, score: 1, spread: 1, ...mtl },
        { algorithm: "anil", ...solved, score: 1, spread: 1, ...anil },
      ]),
    );
  for (const row of [outcome({ score: 3 }, {}), outcome({}, { score: 3 })]) {
    equal(row.outcome, "undecided");
    ok(row.lo95! > 0 || row.hi95! < 0, "the interval leaves out 0");
    match(row.reason, /in the smaller of two differences|that of the smaller of two differences/);
    match(row.reason, /that of the larger one includes 0/);
  }
});
