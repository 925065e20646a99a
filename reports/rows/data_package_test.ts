import { deepStrictEqual as equal, ok } from "node:assert/strict";
import { parse } from "@std/csv/parse";
import {
  cellsCsv,
  costToTargetCsv,
  diversityPieces,
  episodesCsv,
  equalOperationsCsv,
  predictionsCsv,
  publishedCsv,
  referencesCsv,
  representationsCsv,
  scalingCsv,
  timingsCsv,
  tuningCsv,
  validationCsv,
} from "./csv.ts";
import { adaptationTimesFile, calibrationFile, distancesFile, groupsFile } from "./measure_csv.ts";
import { verdictsCsv } from "../statistics/verdicts_csv.ts";
import { dataPackage } from "./data_package.ts";

const key = {
  ...{
    dataset: "a",
    norm: "none" as const,
    trainingTasks: null,
    algorithm: "b",
    adapter: "gradient",
    shots: 1,
    innerSteps: 1,
    sharingDepth: 0,
  },
  ...{ adaptDepth: 0, taskStart: null, seed: 0 },
};
/** Empty tables, but the one whose header depends on its rows. */
const FILES: Readonly<Record<string, string>> = {
  "cells.csv": cellsCsv([]),
  "episodes.csv": episodesCsv([{ ...key, metric: "mse", trainingUnit: "", scores: [1, 2, 3] }]),
  "verdicts.csv": verdictsCsv([]),
  "predictions.csv": predictionsCsv([]),
  "published.csv": publishedCsv([]),
  "references.csv": referencesCsv([]),
  "tuning.csv": tuningCsv([]),
  "validation.csv": validationCsv([]),
  "representations.csv": representationsCsv([]),
  "diversity.csv": [...diversityPieces([])].join(""),
  "distances.csv": [...distancesFile.pieces([])].join(""),
  "cost_to_target.csv": costToTargetCsv([]),
  "equal_operations.csv": equalOperationsCsv([]),
  "calibration.csv": [...calibrationFile.pieces([])].join(""),
  "groups.csv": [...groupsFile.pieces([])].join(""),
  "scaling.csv": scalingCsv([]),
  "timings.csv": timingsCsv([]),
  "adaptation_times.csv": [...adaptationTimesFile.pieces([])].join(""),
};

Deno.test("the data package describes the columns of every table as they stand in its file", () => {
  const { resources } = dataPackage({ name: "tiny", title: "Tiny", widest: 3 });
  equal(resources.map(({ path }) => path), Object.keys(FILES));
  for (const { path, schema } of resources) {
    const [header] = parse(FILES[path]);
    equal(schema.fields.map(({ name }) => name), header, path);
    ok(schema.fields.every(({ description }) => /^\S.*\.$/.test(description)), `${path}: meanings are sentences`);
  }
});

Deno.test("a column has the type, the words and the unit of its schema, and is required where it may not be empty", () => {
  const { resources } = dataPackage({ name: "tiny", title: "Tiny", widest: 0 });
  const field = (path: string, name: string) => {
    const { schema } = resources.find((resource) => resource.path === path) ?? { schema: { fields: [] } };
    const { description: _, ...rest } = schema.fields.find((column) => column.name === name) ?? { description: "" };
    return rest;
  };
  equal(field("cells.csv", "shots"), { name: "shots", type: "integer", constraints: { required: true } });
  equal(field("cells.csv", "inner_steps"), { name: "inner_steps", type: "integer" });
  equal(field("timings.csv", "train_s"), { name: "train_s", type: "number", unit: "s" });
  equal(field("cells.csv", "reason"), { name: "reason", type: "string" });
  equal(field("cells.csv", "metric"), {
    ...{ name: "metric", type: "string" },
    constraints: { required: true, enum: ["mse", "accuracy"] },
  });
});
