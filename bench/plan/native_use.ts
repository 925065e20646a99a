/** How the algorithms of a sweep are meant to be used: what the word "native" of a selection stands for. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import type { NativeUse, NativeUses } from "../../reports/statistics/cells.ts";
import type { TaskKind } from "../../common/vocabulary.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import type { Catalog, PlannedAlgorithm } from "./catalog.ts";
import { frozenLayers } from "./points.ts";

/** Native use of an algorithm on a model of so many layers. */
export function nativeUse(
  algorithm: PlannedAlgorithm,
  layers: number,
  kind: TaskKind,
  adapters: Catalog["adapters"],
): NativeUse {
  const asked = algorithm.nativeSharingDepth?.(layers) ?? 0;
  return {
    adapter: algorithm.nativeAdapters.find((name) => adapters[name].supports.includes(kind)) ?? "",
    sharingDepth: algorithm.sharingDepth(asked, layers) ?? null,
    adaptDepth: (sharingDepth) => frozenLayers(algorithm.adaptationMask(sharingDepth, layers)),
  };
}

/** Native use of every algorithm on every data set of a sweep. */
export function nativeUses(
  { algorithms, datasets }: Pick<Sweep, "algorithms" | "datasets">,
  catalog: Catalog,
): NativeUses {
  const of = (entry: DataSetSweep) => {
    const { name: dataset, model, hidden } = entry;
    return new Map(
      algorithmsOn(entry, { algorithms }).map((name) => {
        const layers = catalog.layerCount(model, hidden);
        return [name, nativeUse(catalog.algorithms[name], layers, catalog.dataSets[dataset].kind, catalog.adapters)];
      }),
    );
  };
  const uses = new Map(datasets.map((entry) => [entry.name, of(entry)]));
  return (dataset, algorithm) => uses.get(dataset)?.get(algorithm);
}
