/** How the algorithms of a sweep are meant to be used: what the word "native" of a selection stands for. */
import type { NativeUse, NativeUses } from "../../reports/statistics/cells.ts";
import type { DataSetSweep, Sweep } from "../sweeps/types.ts";
import type { Catalog, PlannedAlgorithm } from "./catalog.ts";
import { frozenLayers } from "./plan.ts";

/** Native use of an algorithm on a model of so many layers. */
export function nativeUse(algorithm: PlannedAlgorithm, layers: number): NativeUse {
  const asked = algorithm.nativeSharingDepth?.(layers) ?? 0;
  return {
    adapter: algorithm.nativeAdapter,
    sharingDepth: algorithm.sharingDepth(asked, layers) ?? null,
    adaptDepth: (sharingDepth) => frozenLayers(algorithm.adaptationMask(sharingDepth, layers)),
  };
}

/** Native use of every algorithm on every data set of a sweep. */
export function nativeUses(
  { algorithms, datasets }: Pick<Sweep, "algorithms" | "datasets">,
  catalog: Catalog,
): NativeUses {
  const of = ({ model, hidden }: DataSetSweep) =>
    new Map(algorithms.map((name) => [name, nativeUse(catalog.algorithms[name], catalog.layerCount(model, hidden))]));
  const uses = new Map(datasets.map((entry) => [entry.name, of(entry)]));
  return (dataset, algorithm) => uses.get(dataset)?.get(algorithm);
}
