/** What the report says of a data set and of how it was used. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import type { DataSetDescription } from "../../reports/view/input.ts";
import type { Catalog } from "../plan/catalog.ts";
import { nativeUses } from "../plan/native_use.ts";
import { dataSetTitle } from "../plan/titles.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import { sourceOf } from "../sweeps/sourced.ts";

/** A data set of a sweep. */
export function describeDataSet(
  entry: DataSetSweep,
  sweep: Sweep,
  catalog: Catalog,
): DataSetDescription {
  const { name, model, hidden, norms, trainingTasks, margin } = entry;
  const nativeOf = nativeUses(sweep, catalog);
  const { source, metric, inputShape } = catalog.dataSets[name];
  const own = sourceOf(entry);
  return {
    name,
    title: dataSetTitle(entry, catalog.dataSets[name]),
    source,
    metric,
    inputShape,
    ...(own !== undefined && own.reader !== "table" && !("invert" in own && own.invert) ? { oneIsLight: true } : {}),
    layers: catalog.layerCount(model, hidden),
    margin,
    norms: [...new Set(norms)],
    trainingTasks: [...new Set(trainingTasks)].map((count) => count === "fresh" ? null : count),
    nativeDepths: Object.fromEntries(
      algorithmsOn(entry, sweep).map((algorithm) => [algorithm, nativeOf(name, algorithm)?.sharingDepth ?? null]),
    ),
  };
}
