/** What the report says of a data set and of how it was used. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import type { DataSetDescription } from "../../reports/view/input.ts";
import { ANY_WAY, type CrossedEntry, type DataSetEntry } from "../../data/mod.ts";
import type { Catalog } from "../plan/catalog.ts";
import { nativeUses } from "../plan/native_use.ts";
import { dataSetTitle } from "../plan/titles.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import { derivationOf, trainedOn } from "../sweeps/derived.ts";
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
    ...domainOf(entry, catalog),
    trainingTasks: [...new Set(trainingTasks)].map((count) => count === "fresh" ? null : count),
    nativeDepths: Object.fromEntries(
      algorithmsOn(entry, sweep).map((algorithm) => [algorithm, nativeOf(name, algorithm)?.sharingDepth ?? null]),
    ),
  };
}

/** What a data set is made of. */
function domainOf(entry: DataSetSweep, { dataSets }: Catalog): Pick<DataSetDescription, "domain"> {
  const derived = derivationOf(entry);
  if (derived === undefined) return {};
  const { from, testedOn: named = from, trainingClasses = null } = derived;
  // Of every data set these are other episodes.
  const testedOn = named === ANY_WAY ? `${from}-${ANY_WAY}` : named;
  const { target = dataSets[from] } = dataSets[entry.name] as Partial<CrossedEntry>;
  const trained = trainedOn(entry);
  const titled = ({ title, kind }: DataSetEntry) => kind === "classification" ? `${title}, ${entry.ways}-way` : title;
  const titles = {
    fromTitle: titled(dataSets[from]),
    trainedTitle: titled(dataSets[trained]),
    testedTitle: titled(target),
  };
  return { domain: { trainedOn: trained, testedOn, from, trainingClasses, ...titles } };
}
