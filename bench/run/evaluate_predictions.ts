/** What became of a sweep's predictions. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { Collected } from "./collect.ts";
import { divergenceLimits } from "./summaries.ts";
import { cellsOf } from "../../reports/statistics/cells.ts";
import type { PredictionRow } from "../../reports/rows/rows.ts";
import { nativeUses } from "../plan/native_use.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { flagsOf } from "./judge_sweep.ts";
import { evaluatePrediction } from "../../reports/predictions/evaluate.ts";
import type { Evidence } from "../../reports/predictions/evidence.ts";

/** One row per prediction, in the sweep's order. */
export function predictionsOf(
  sweep: Pick<Sweep, "algorithms" | "datasets" | "predictions">,
  catalog: Catalog,
  opened: ReadonlyMap<string, DataSet>,
  { rows, scores, distances }: Pick<Collected, "rows" | "scores" | "distances">,
): PredictionRow[] {
  const { predictions, datasets } = sweep;
  if (predictions.length === 0) return [];
  const nativeOf = nativeUses(sweep, catalog);
  const cells = cellsOf(rows, scores);
  const evidence = new Map(datasets.flatMap((entry): [string, Evidence][] => {
    const dataSet = opened.get(entry.name);
    if (dataSet === undefined) return [];
    const { metric } = catalog.dataSets[entry.name];
    const limits = divergenceLimits(dataSet, entry) ?? null;
    return [[entry.name, { entry, metric, cells, nativeOf, limits, dataSet, flagsOf, distances }]];
  }));
  return predictions.map((prediction) => evaluatePrediction(prediction, evidence.get(prediction.dataset)));
}
