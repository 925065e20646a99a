/** What a row of cells.csv says of its training and of its data set, beside scores and costs. */
import type { DataSet } from "../../data/contract/dataset.ts";
import type { CellRow } from "../../reports/rows/rows.ts";
import { derivationOf } from "../sweeps/derived.ts";
import type { DataSetSweep } from "../sweeps/schema.ts";
import type { TrainingResult } from "../store/types.ts";
import { hasLossSpike } from "../units/loss_spike.ts";
import { isUndertrained } from "../units/validation.ts";

/** What to beware of in the rows of a training. */
export function flagsOf(
  training: TrainingResult | undefined,
  entry: DataSetSweep | undefined,
  collapsed: boolean,
): string {
  const tolerance = entry?.validation?.tolerance;
  const trend = training?.trend ?? null;
  const flags = [
    ...(trend !== null && tolerance !== undefined && isUndertrained(trend, tolerance) ? ["undertrained"] : []),
    ...((training?.restarts ?? 0) > 0 ? ["restarted"] : []),
    ...(hasLossSpike(training?.curve ?? []) ? ["loss-spike"] : []),
    ...(collapsed ? ["collapsed"] : []),
  ];
  return flags.join("; ");
}

/** What a data set is made of. */
export function domainOf(
  dataset: string,
  entry: DataSetSweep | undefined,
  opened: DataSet | undefined,
): Pick<CellRow, "trainedOn" | "testedOn" | "trainingClasses"> {
  const { from = dataset, testedOn = from } = entry === undefined ? {} : derivationOf(entry) ?? {};
  return { trainedOn: from, testedOn, trainingClasses: opened?.trainClasses ?? null };
}
