/** What a row of cells.csv says of its data set and of what its training took, beside scores. */
import type { DataSet } from "../../data/contract/dataset.ts";
import { trainingName } from "../../reports/rows/column.ts";
import type { CellRow } from "../../reports/rows/rows.ts";
import type { Catalog } from "../plan/catalog.ts";
import { gradientsPerIteration } from "../plan/cost.ts";
import type { PlannedCell, TrainingResult, TrainingUnit } from "../store/types.ts";
import { derivationOf } from "../sweeps/derived.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";

/** What a data set is made of. */
export function domainOf(
  dataset: string,
  entry: DataSetSweep | undefined,
  opened: DataSet | undefined,
): Pick<CellRow, "trainedOn" | "testedOn" | "trainingClasses"> {
  const { from = dataset, testedOn = from } = entry === undefined ? {} : derivationOf(entry) ?? {};
  return { trainedOn: from, testedOn, trainingClasses: opened?.trainClasses ?? null };
}

/** What its training took. */
export function trainingCost(
  unit: TrainingUnit | undefined,
  training: TrainingResult | undefined,
  { algorithms, layerCount }: Catalog,
): Pick<CellRow, "trainGflop" | "trainGradients"> {
  if (unit === undefined || training === undefined) return { trainGflop: null, trainGradients: null };
  const { spec } = unit;
  const gradients = gradientsPerIteration(algorithms[spec.algorithm], spec, layerCount(spec.model, spec.hidden));
  return { trainGflop: training.flops / 1e9, trainGradients: training.iterations * gradients };
}

/** What tables call a cell's training; "" where it has none. */
export function trainingOf({ unit }: Pick<PlannedCell, "unit">): string {
  return unit === "" ? "" : trainingName(unit);
}
