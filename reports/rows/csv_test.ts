import { NORMS } from "../../common/vocabulary.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import type {
  CellRow,
  CostToTargetRow,
  PredictionRow,
  RepresentationRow,
  TimingRow,
  TuningRow,
  ValidationRow,
} from "./rows.ts";
import {
  cellsCsv,
  cellsPieces,
  costToTargetCsv,
  type EpisodeRow,
  episodesCsv,
  episodesPieces,
  parseCells,
  parseCostToTarget,
  parseEpisodes,
  parsePredictions,
  parseRepresentations,
  parseTimings,
  parseTuning,
  parseValidation,
  predictionsCsv,
  representationsCsv,
  timingsCsv,
  tuningCsv,
  validationCsv,
} from "./csv.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0).filter((v) =>
  !Object.is(v, -0)
);
const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: null });
const words = fc.oneof(
  fc.string({ unit: "grapheme" }).map((value) => value.replace(/[\r\n]/g, "")),
  fc.constantFrom("", "=1+1", "'", "'=x", "-1", "@me", "+1", 'a "quoted", word', " padded ", "\tx"),
);
const taskStart = fc.constantFrom("mean" as const, "common" as const, "random" as const);
const norm = fc.constantFrom(...NORMS);
const key = {
  dataset: words,
  norm,
  algorithm: words,
  adapter: fc.constantFrom("gradient", "ridge"),
  shots: fc.nat(),
  innerSteps: maybe(fc.nat()),
  sharingDepth: maybe(fc.nat()),
  adaptDepth: maybe(fc.nat()),
  taskStart: maybe(taskStart),
  seed: fc.nat(),
};
const metric = fc.constantFrom("mse" as const, "accuracy" as const);
const cell: fc.Arbitrary<CellRow> = fc.record({
  ...key,
  adaptStrength: maybe(finite),
  metric,
  mean: maybe(finite),
  sd: maybe(finite),
  median: maybe(finite),
  meanLog: maybe(finite),
  episodes: fc.nat(),
  diverged: fc.nat(),
  trainGflop: maybe(finite),
  trainGradients: maybe(fc.nat()),
  adaptMflop: maybe(finite),
  status: fc.constantFrom("ok" as const, "failed" as const, "diverged" as const, "skipped" as const),
  reason: words,
  flags: words,
  trainingUnit: words,
}, { noNullPrototype: true });
const timing: fc.Arbitrary<TimingRow> = fc.record({
  trainingUnit: words,
  dataset: words,
  norm,
  algorithm: words,
  sharingDepth: maybe(fc.nat()),
  shots: maybe(fc.nat()),
  innerSteps: maybe(fc.nat()),
  seed: fc.nat(),
  iterations: fc.nat(),
  trainS: maybe(finite),
  iterationsPerS: maybe(finite),
  validateS: maybe(finite),
  evaluateS: maybe(finite),
  trainGflop: maybe(finite),
  peakRssMib: maybe(finite),
  backend: words,
}, { noNullPrototype: true });
const tuning: fc.Arbitrary<TuningRow> = fc.record({
  dataset: words,
  norm,
  algorithm: words,
  sharingDepth: maybe(fc.nat()),
  trial: fc.nat(),
  outerLr: finite,
  innerLr: finite,
  own: fc.constantFrom("", '{"frozen":true}'),
  iterations: fc.nat(),
  seed: fc.nat(),
  metric,
  score: maybe(finite),
  chosen: fc.constantFrom("yes" as const, "no" as const),
  status: fc.constantFrom("ok" as const, "failed" as const, "diverged" as const),
  reason: words,
  trainingUnit: words,
}, { noNullPrototype: true });
const validation: fc.Arbitrary<ValidationRow> = fc.record({
  trainingUnit: words,
  dataset: words,
  norm,
  algorithm: words,
  sharingDepth: maybe(fc.nat()),
  shots: maybe(fc.nat()),
  innerSteps: maybe(fc.nat()),
  seed: fc.nat(),
  outerLr: finite,
  innerLr: finite,
  iteration: fc.nat(),
  metric,
  score: finite,
  trainGflop: finite,
}, { noNullPrototype: true });
const prediction: fc.Arbitrary<PredictionRow> = fc.record({
  id: words,
  dataset: words,
  kind: fc.constantFrom(
    "comparison" as const,
    "at-floor" as const,
    "steps-over-algorithm" as const,
    "gap-grows" as const,
  ),
  statement: words,
  source: words,
  outcome: fc.constantFrom("held" as const, "failed" as const, "undecided" as const, "not tested" as const),
  reason: words,
  found: words,
  metric: maybe(metric),
  comparisons: fc.nat(),
  nSeeds: maybe(fc.nat()),
  nEpisodes: maybe(fc.nat()),
  diff: maybe(finite),
  lo95: maybe(finite),
  hi95: maybe(finite),
  margin: maybe(finite),
  pHeld: maybe(finite),
  pFailed: maybe(finite),
  flags: words,
}, { noNullPrototype: true });
const representation: fc.Arbitrary<RepresentationRow> = fc.record({
  ...key,
  layer: fc.nat(),
  layerName: words,
  adapted: fc.constantFrom("yes" as const, "no" as const),
  cka: maybe(finite),
  ckaSd: maybe(finite),
  episodes: fc.nat(),
  undefinedEpisodes: fc.nat(),
  trainingUnit: words,
}, { noNullPrototype: true });
const reach: fc.Arbitrary<CostToTargetRow> = fc.record({
  dataset: words,
  metric,
  goal: fc.constantFrom("final" as const, "ladder" as const),
  goalOf: words,
  goalDepth: maybe(fc.nat()),
  score: finite,
  algorithm: words,
  sharingDepth: maybe(fc.nat()),
  shots: maybe(fc.nat()),
  innerSteps: maybe(fc.nat()),
  nSeeds: fc.nat(),
  nReached: fc.nat(),
  gflopMedian: maybe(finite),
  gflopLeast: maybe(finite),
  gflopMost: maybe(finite),
  gradientsMedian: maybe(finite),
  ratioMedian: maybe(finite),
  ratioLeast: maybe(finite),
  ratioMost: maybe(finite),
}, { noNullPrototype: true });
const episodes: fc.Arbitrary<EpisodeRow> = fc.record({
  ...key,
  metric,
  trainingUnit: words,
  scores: fc.array(maybe(finite), { minLength: 1, maxLength: 5 }),
}, { noNullPrototype: true });

const bySeed = <T extends { seed: number }>(rows: readonly T[]) => [...rows].sort((a, b) => a.seed - b.seed);
const distinct = <T extends { seed: number }>(rows: fc.Arbitrary<T>) =>
  fc.uniqueArray(rows, { selector: ({ seed }) => seed, maxLength: 8 });

Deno.test("reading what was written gives the same rows, for any cells, timings, trials, curves, costs, predictions, representations and episodes", () => {
  fc.assert(fc.property(distinct(cell), (rows) => deepStrictEqual(bySeed(parseCells(cellsCsv(rows))), bySeed(rows))));
  fc.assert(
    fc.property(distinct(timing), (rows) => deepStrictEqual(bySeed(parseTimings(timingsCsv(rows))), bySeed(rows))),
  );
  fc.assert(
    fc.property(
      distinct(validation),
      (rows) => deepStrictEqual(bySeed(parseValidation(validationCsv(rows))), bySeed(rows)),
    ),
  );
  fc.assert(
    fc.property(
      distinct(representation),
      (rows) => deepStrictEqual(bySeed(parseRepresentations(representationsCsv(rows))), bySeed(rows)),
    ),
  );
  fc.assert(
    fc.property(distinct(tuning), (rows) => deepStrictEqual(bySeed(parseTuning(tuningCsv(rows))), bySeed(rows))),
  );
  fc.assert(fc.property(fc.array(reach), (rows) => deepStrictEqual(parseCostToTarget(costToTargetCsv(rows)), rows)));
  fc.assert(
    fc.property(fc.array(prediction), (rows) => deepStrictEqual(parsePredictions(predictionsCsv(rows)), rows)),
  );
  fc.assert(
    fc.property(distinct(episodes), (rows) => deepStrictEqual(bySeed(parseEpisodes(episodesCsv(rows))), bySeed(rows))),
  );
});

Deno.test("the order of the rows given does not change the file", () => {
  const shuffled = fc.tuple(distinct(cell), fc.infiniteStream(fc.nat()));
  fc.assert(fc.property(shuffled, ([rows, order]) => {
    const keys = rows.map(() => order.next().value as number);
    const other = rows.map((row, i) => ({ row, key: keys[i] })).sort((a, b) => a.key - b.key).map(({ row }) => row);
    strictEqual(cellsCsv(other), cellsCsv(rows));
  }));
});

const example: CellRow = {
  dataset: "sinusoid",
  norm: "none",
  algorithm: "mtl",
  adapter: "gradient",
  shots: 5,
  innerSteps: 10,
  sharingDepth: 2,
  adaptDepth: 2,
  taskStart: "mean",
  seed: 0,
  adaptStrength: 0.01,
  metric: "mse",
  mean: 0.1,
  sd: null,
  median: 1e-7,
  meanLog: -2.3025850929940455,
  episodes: 200,
  diverged: 0,
  trainGflop: 150.5,
  trainGradients: 125000,
  adaptMflop: 0.25,
  status: "ok",
  reason: "",
  flags: "undertrained",
  trainingUnit: "0123456789ab",
};

Deno.test("cells.csv has the documented columns, numbers in their shortest exact form and empty fields for what is missing", () => {
  strictEqual(
    cellsCsv([example]),
    "dataset,norm,algorithm,adapter,shots,inner_steps,sharing_depth,adapt_depth,task_start,seed,adapt_strength,metric,mean,sd,median," +
      "mean_log,episodes,diverged,train_gflop,train_gradients,adapt_mflop,status,reason,flags,training_unit\r\n" +
      "sinusoid,none,mtl,gradient,5,10,2,2,mean,0,0.01,mse,0.1,,1e-7,-2.3025850929940455,200,0,150.5,125000,0.25,ok,,undertrained,0123456789ab\r\n",
  );
});

Deno.test("representations.csv has the cell's columns, then the layer's, from the first layer to the head; undefined is an empty field", () => {
  const { dataset, norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart, seed } = example;
  const row: RepresentationRow = {
    ...{ dataset, norm, algorithm, adapter, shots, innerSteps, sharingDepth, adaptDepth, taskStart, seed },
    layer: 10,
    layerName: "head",
    adapted: "yes",
    cka: null,
    ckaSd: null,
    episodes: 50,
    undefinedEpisodes: 50,
    trainingUnit: example.trainingUnit,
  };
  strictEqual(
    representationsCsv([row, {
      ...row,
      layer: 9,
      layerName: "dense9",
      adapted: "no",
      cka: 1,
      ckaSd: 0,
      undefinedEpisodes: 0,
    }]),
    "dataset,norm,algorithm,adapter,shots,inner_steps,sharing_depth,adapt_depth,task_start,seed,layer,layer_name,adapted,cka,cka_sd," +
      "episodes,undefined_episodes,training_unit\r\n" +
      "sinusoid,none,mtl,gradient,5,10,2,2,mean,0,9,dense9,no,1,0,50,0,0123456789ab\r\n" +
      "sinusoid,none,mtl,gradient,5,10,2,2,mean,0,10,head,yes,,,50,50,0123456789ab\r\n",
  );
});

Deno.test("a mean that is not finite is written as missing, never as NaN or 0", () => {
  const [row] = parseCells(cellsCsv([{ ...example, mean: NaN, sd: Infinity }]));
  deepStrictEqual([row.mean, row.sd], [null, null]);
});

Deno.test("a reason that a spreadsheet would run is written as text, on one line", () => {
  const csv = cellsCsv([{ ...example, reason: "=HYPERLINK(1)\r\nsecond line" }]);
  strictEqual(csv.includes("'=HYPERLINK(1) second line,"), true);
});

Deno.test("rows of a data set keep the same episode in the same column of episodes.csv", () => {
  const lines = episodesCsv([
    { ...example, seed: 1, scores: [0.5, null, 0.25] },
    { ...example, seed: 0, scores: [1] },
    { ...example, seed: 2, scores: [] },
  ]).trim().split("\r\n").map((line) => line.split(",").slice(-4).join(","));
  deepStrictEqual(lines, ["episodes,e0,e1,e2", "1,1,,", "3,0.5,,0.25"]);
});

Deno.test("a table that is written piece by piece has every row once, in order", () => {
  const rows = Array.from({ length: 1234 }, (_, i) => ({ ...example, seed: 1233 - i, scores: [i, null] }));
  const pieces = [...episodesPieces(rows)];
  strictEqual(pieces.length, 4, "the header and three times up to 500 rows");
  const read = parseEpisodes(pieces.join(""));
  deepStrictEqual(read.map(({ seed, scores }) => [seed, scores]), rows.map((_, i) => [i, [1233 - i, null]]));
  deepStrictEqual(parseCells([...cellsPieces(rows)].join("")).map(({ seed }) => seed), rows.map((_, i) => i));
});

Deno.test("a damaged cells.csv is refused with the row and the column", () => {
  const csv = cellsCsv([example]);
  throws(
    () => parseCells(csv.replace(",mse,", ",mae,")),
    /cells\.csv, row 2: metric is "mae", but must be one of mse, accuracy/,
  );
  throws(() => parseCells(csv.replace("seed", "sed")), /row 2: there is no column "seed"/);
  throws(() => parseCells(csv.replace(",200,", ",many,")), /episodes is "many", but must be a number/);
  throws(() => parseCells(csv.replace(",ok,", ',"ok,')), /cells\.csv is not valid CSV/);
});
