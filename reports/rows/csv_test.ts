import { cellKeyOf } from "./place.ts";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { type CellRow, cellRow, episodeRow } from "./cell_row.ts";
import { referenceRow } from "./reference_row.ts";
import { costToTargetRow } from "./cost_to_target_row.ts";
import { equalOperationsRow } from "./equal_operations_row.ts";
import {
  cellsCsv,
  cellsPieces,
  costToTargetCsv,
  episodesCsv,
  episodesPieces,
  equalOperationsCsv,
  parseCells,
  parseCostToTarget,
  parseEpisodes,
  parseEqualOperations,
  parsePredictions,
  parseReferences,
  parseRepresentations,
  parseTimings,
  parseTuning,
  parseValidation,
  predictionsCsv,
  referencesCsv,
  representationsCsv,
  timingsCsv,
  tuningCsv,
  validationCsv,
} from "./csv.ts";
import type { Codec } from "./codec.ts";
import { readTable, snakeCase, whole, writePieces } from "./csv_table.ts";
import { adaptationTimesFile, calibrationFile, groupsFile } from "./measure_csv.ts";
import { adaptationTimeRow, calibrationRow, groupRow } from "./measure_rows.ts";
import { predictionRow } from "./prediction_row.ts";
import { type RepresentationRow, representationRow } from "./representation_row.ts";
import { CELLS, EPISODES, GROUPS, PREDICTIONS, TIMINGS, TUNING, VALIDATION, VERDICT_TABLE } from "./tables.ts";
import { timingRow, tuningRow, validationRow } from "./training_row.ts";
import { verdictRow } from "./verdict_row.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0).filter((v) =>
  !Object.is(v, -0)
);
const words = fc.oneof(
  fc.string({ unit: "grapheme" }).map((value) => value.replace(/[\r\n]/g, "")),
  fc.constantFrom("", "=1+1", "'", "'=x", "-1", "@me", "+1", 'a "quoted", word', " padded ", "\tx"),
);

/** Any value of a column. */
function anyValue(column: unknown): fc.Arbitrary<unknown> {
  if (column instanceof z.ZodNullable) return fc.option(anyValue(column.unwrap()), { nil: null });
  if (column instanceof z.ZodEnum) return fc.constantFrom(...column.options);
  if (column instanceof z.ZodNumberFormat) return fc.nat();
  return column instanceof z.ZodNumber ? finite : words;
}

/** Any row of a schema. */
function anyRow<S extends z.ZodObject>({ shape }: S): fc.Arbitrary<z.infer<S>> {
  const columns = Object.fromEntries(Object.entries(shape).map(([name, column]) => [name, anyValue(column)]));
  return fc.record(columns, { noNullPrototype: true }) as fc.Arbitrary<z.infer<S>>;
}

const inAnyOrder = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).sort();

/** Reads back what any rows are written as. */
function survives<Row>(rows: fc.Arbitrary<Row>, write: (rows: Row[]) => string, read: (csv: string) => readonly Row[]) {
  fc.assert(
    fc.property(fc.array(rows, { maxLength: 8 }), (given) => {
      const csv = write(given);
      deepStrictEqual(inAnyOrder(read(csv)), inAnyOrder(given));
      strictEqual(write([...read(csv)]), csv);
    }),
  );
}

Deno.test("reading what was written gives the same rows, for any rows of every table", () => {
  survives(anyRow(cellRow), cellsCsv, parseCells);
  survives(anyRow(timingRow), timingsCsv, parseTimings);
  survives(anyRow(validationRow), validationCsv, parseValidation);
  survives(anyRow(representationRow), representationsCsv, parseRepresentations);
  survives(anyRow(tuningRow), tuningCsv, parseTuning);
  survives(anyRow(referenceRow), referencesCsv, parseReferences);
  survives(anyRow(costToTargetRow), costToTargetCsv, parseCostToTarget);
  survives(anyRow(equalOperationsRow), equalOperationsCsv, parseEqualOperations);
  survives(anyRow(predictionRow), predictionsCsv, parsePredictions);
  survives(anyRow(calibrationRow), (rows) => whole(calibrationFile.pieces(rows)), calibrationFile.parse);
  survives(anyRow(groupRow), (rows) => whole(groupsFile.pieces(rows)), groupsFile.parse);
  survives(anyRow(adaptationTimeRow), (rows) => whole(adaptationTimesFile.pieces(rows)), adaptationTimesFile.parse);
  const { columns, file } = VERDICT_TABLE;
  survives(anyRow(verdictRow), (rows) => whole(writePieces(columns, rows)), (csv) => readTable(columns, csv, file));
  const scores = fc.array(fc.option(finite, { nil: null }), { minLength: 1, maxLength: 5 });
  survives(
    fc.tuple(anyRow(episodeRow), scores).map(([row, scores]) => ({ ...row, scores })),
    episodesCsv,
    parseEpisodes,
  );
});

Deno.test("the order of the rows given does not change the file", () => {
  const shuffled = fc.tuple(
    fc.uniqueArray(anyRow(cellRow), { selector: ({ seed }) => seed, maxLength: 8 }),
    fc.infiniteStream(fc.nat()),
  );
  fc.assert(fc.property(shuffled, ([rows, order]) => {
    const keys = rows.map(() => order.next().value as number);
    const other = rows.map((row, i) => ({ row, key: keys[i] })).sort((a, b) => a.key - b.key).map(({ row }) => row);
    strictEqual(cellsCsv(other), cellsCsv(rows));
  }));
});

const example: CellRow = {
  dataset: "sinusoid",
  norm: "layer",
  algorithm: "mtl",
  adapter: "gradient",
  shots: 5,
  innerSteps: 10,
  sharingDepth: 2,
  adaptDepth: 2,
  taskStart: "mean",
  trainingTasks: 100,
  seed: 0,
  adaptStrength: 0.01,
  metric: "mse",
  mean: 0.1,
  sd: null,
  median: 1e-7,
  meanLog: -2.3025850929940455,
  nll: null,
  ece: null,
  episodes: 200,
  diverged: 0,
  trainGflop: 150.5,
  trainGradients: 125000,
  adaptMflop: 0.25,
  status: "ok",
  reason: "",
  flags: "undertrained",
  trainingUnit: "0123456789ab",
  trainedOn: "sinusoid",
  testedOn: "sinusoid",
  trainingClasses: null,
};

Deno.test("cells.csv has the documented columns, numbers in their shortest exact form and empty fields for what is missing", () => {
  strictEqual(
    cellsCsv([example]),
    "dataset,norm,algorithm,adapter,shots,inner_steps,sharing_depth,adapt_depth,task_start,training_tasks,seed,adapt_strength,metric,mean,sd,median," +
      "mean_log,nll,ece,episodes,diverged,train_gflop,train_gradients,adapt_mflop,status,reason,flags,training_unit,trained_on,tested_on,training_classes\r\n" +
      "sinusoid,layer,mtl,gradient,5,10,2,2,mean,100,0,0.01,mse,0.1,,1e-7,-2.3025850929940455,,,200,0,150.5,125000,0.25,ok,,undertrained,0123456789ab,sinusoid,sinusoid,\r\n",
  );
});

Deno.test("representations.csv has the cell's columns, then the layer's, from the first layer to the head; undefined is an empty field", () => {
  const row: RepresentationRow = {
    ...cellKeyOf(example),
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
    "dataset,norm,algorithm,adapter,shots,inner_steps,sharing_depth,adapt_depth,task_start,training_tasks,seed,layer,layer_name,adapted,cka,cka_sd," +
      "episodes,undefined_episodes,training_unit\r\n" +
      "sinusoid,layer,mtl,gradient,5,10,2,2,mean,100,0,9,dense9,no,1,0,50,0,0123456789ab\r\n" +
      "sinusoid,layer,mtl,gradient,5,10,2,2,mean,100,0,10,head,yes,,,50,50,0123456789ab\r\n",
  );
});

Deno.test("a table of an older version without calibration reads as one where it is empty, and no other column may be missing", () => {
  const older = cellsCsv([example]).replace("nll,ece,", "").replace("5,,,200", "5,200");
  deepStrictEqual(parseCells(older), [example]);
  throws(() => parseCells(older.replace("episodes,", "").replace(",200,", ",")), /there is no column "episodes"/);
});

Deno.test("a mean that is not finite is written as missing, never as NaN or 0", () => {
  const [row] = parseCells(cellsCsv([{ ...example, mean: NaN, sd: Infinity }]));
  deepStrictEqual([row.mean, row.sd], [null, null]);
});

Deno.test("a reason that a spreadsheet would run is written as text, on one line", () => {
  const csv = cellsCsv([{ ...example, reason: "=HYPERLINK(1)\r\nsecond line" }]);
  strictEqual(csv.includes("'=HYPERLINK(1) second line,"), true);
});

Deno.test("the rule for texts that a spreadsheet would run holds in every column of free text of every table", () => {
  let columns = 0;
  for (
    const { fields, columns: codecs } of [
      CELLS,
      EPISODES,
      VERDICT_TABLE,
      PREDICTIONS,
      TUNING,
      VALIDATION,
      TIMINGS,
      GROUPS,
    ]
  ) {
    const byName = new Map(Object.entries(codecs).map(([name, codec]) => [snakeCase(name), codec as Codec<string>]));
    for (const { name } of fields.filter(({ type, words }) => type === "string" && words === undefined)) {
      const codec = byName.get(name);
      if (codec === undefined) throw new Error(name);
      for (const text of ["=1+1", "+1", "-1", "@x", "\tx", "'x", "''"]) {
        deepStrictEqual([codec.write(text), codec.read(codec.write(text))], [`'${text}`, text], name);
      }
      for (const text of ["a=1", " =1", "1-2", ""]) deepStrictEqual(codec.write(text), text, name);
      columns++;
    }
  }
  strictEqual(columns > 20, true);
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
