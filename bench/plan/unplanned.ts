/** What a sweep asks for and makes no cells of, and why. */
import { algorithmsOn } from "../sweeps/algorithms_on.ts";
import { UsageError } from "../../common/errors.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { depthsOf, whyNot } from "./points.ts";

/** An algorithm, an adapter, or both together, that make no cells on a data set. */
export interface Unplanned {
  readonly dataset: string;
  /** Undefined where it holds for every algorithm. */
  readonly algorithm?: string;
  /** Undefined where the algorithm makes no cells at all. */
  readonly adapter?: string;
  readonly reason: string;
}

/** Everything that a sweep names and that makes no cells, data set by data set. */
export function unplanned(sweep: Sweep, catalog: Catalog): Unplanned[] {
  return sweep.datasets.flatMap((entry) => {
    const { name: dataset, adapters } = entry;
    const { kind } = catalog.dataSets[dataset];
    const usable = [...new Set(adapters)].filter((name) => catalog.adapters[name].supports.includes(kind));
    const others = [...new Set(adapters)].filter((name) => !usable.includes(name)).map((adapter): Unplanned => ({
      ...{ dataset, adapter },
      reason: `it is for ${catalog.adapters[adapter].supports.join(" and ")} only`,
    }));
    return [...others, ...algorithmsOn(entry, sweep).flatMap((name) => ofAlgorithm(entry, name, usable, catalog))];
  });
}

/** @param usable the adapters asked for that are for the kind of task */
function ofAlgorithm(entry: DataSetSweep, name: string, usable: readonly string[], catalog: Catalog): Unplanned[] {
  const algorithm = catalog.algorithms[name];
  const { name: dataset, model, hidden } = entry;
  const { kind } = catalog.dataSets[dataset];
  const nothing = (reason: string): Unplanned[] => [{ dataset, algorithm: name, reason }];
  if (!algorithm.supports.includes(kind)) return nothing(`it is for ${algorithm.supports.join(" and ")} only`);
  if (depthsOf(entry, algorithm, catalog.layerCount(model, hidden)).length === 0) {
    return nothing("it has none of the sharing depths that are asked for");
  }
  const refused = usable.flatMap((adapter) => {
    const reason = whyNot(algorithm, catalog.adapters[adapter], kind);
    return reason === undefined ? [] : [{ dataset, algorithm: name, adapter, reason }];
  });
  if (refused.length < usable.length) return refused;
  const own = algorithm.nativeAdapters.filter((adapter) => catalog.adapters[adapter].supports.includes(kind));
  const instead = `no adapter that is asked for fits it; its own: ${own.join(", ")}`;
  return nothing(
    usable.length === 0 ? instead : `${instead} (${[...new Set(refused.map(({ reason }) => reason))].join("; ")})`,
  );
}

/** "mtl with gradient on omniglot: ..." */
export function unplannedText({ dataset, algorithm, adapter, reason }: Unplanned): string {
  const what = algorithm === undefined ? adapter : adapter === undefined ? algorithm : `${algorithm} with ${adapter}`;
  return `${what} on ${dataset}: ${reason}`;
}

/** @throws UsageError when a sweep that `validateSweep` has passed makes no cell at all */
export function requireCells(sweep: Sweep, catalog: Catalog): void {
  const found = unplanned(sweep, catalog);
  const empty = (dataset: string, algorithm: string) =>
    found.some((one) => one.dataset === dataset && one.algorithm === algorithm && one.adapter === undefined);
  if (sweep.datasets.some((entry) => algorithmsOn(entry, sweep).some((name) => !empty(entry.name, name)))) return;
  const reasons = found.filter(({ algorithm, adapter }) => algorithm !== undefined && adapter === undefined);
  throw new UsageError(
    `Nothing to run, as no cell is left: ${
      reasons.map(unplannedText).join("; ")
    }. Name other algorithms, adapters or data sets: deno task list`,
  );
}
