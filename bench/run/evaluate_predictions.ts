/** What became of a sweep's predictions. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import { type Collected, divergenceLimits } from "./collect.ts";
import { cellsOf } from "../../reports/statistics/pairs.ts";
import type { PredictionRow } from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { evaluatePrediction, type Evidence } from "../../reports/predictions/evaluate.ts";

/** One row per prediction, in the sweep's order. */
export function predictionsOf(
  { predictions = [], datasets }: Pick<Sweep, "datasets"> & Partial<Pick<Sweep, "predictions">>,
  catalog: Catalog,
  opened: ReadonlyMap<string, DataSet>,
  { rows, scores }: Pick<Collected, "rows" | "scores">,
): PredictionRow[] {
  if (predictions.length === 0) return [];
  const cells = cellsOf(rows, scores);
  const evidence = new Map(datasets.flatMap((entry): [string, Evidence][] => {
    const dataSet = opened.get(entry.name);
    if (dataSet === undefined) return [];
    const { metric } = catalog.dataSets[entry.name];
    const flagsOf: Evidence["flagsOf"] = ({ flags }) => flags === "" ? [] : flags.split("; ");
    return [[entry.name, { entry, metric, cells, limits: divergenceLimits(dataSet, entry) ?? null, dataSet, flagsOf }]];
  }));
  return predictions.map((prediction) => evaluatePrediction(prediction, evidence.get(prediction.dataset)));
}
