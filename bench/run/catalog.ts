/** What this product has to choose among: its own tables, as the planner sees them. */
import { adapters } from "../../algorithms/adapters/registry.ts";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { dataSets } from "../../data/mod.ts";
import { canonicalJson } from "../../common/digest.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { TrainSpec } from "../store/types.ts";
import { iterationFlops, predictionFlops } from "../units/operations.ts";

/** What a program depends on, with all else the same everywhere: many specs have one program, and building it takes some milliseconds. */
function programOf(spec: TrainSpec): TrainSpec {
  return { ...spec, seed: 0, hyper: { ...spec.hyper, iterations: 1, innerLr: 0.1, outerLr: 0.1 }, validation: null };
}

/** A count that is made once per program. */
function once(count: typeof iterationFlops, keyOf: (spec: TrainSpec) => unknown): (spec: TrainSpec) => number {
  const counts = new Map<string, number>();
  return (spec) => {
    const key = canonicalJson(keyOf(spec));
    const known = counts.get(key) ?? count(programOf(spec), CATALOG.dataSets[spec.dataset]);
    counts.set(key, known);
    return known;
  };
}

/** The product's own tables. */
export const CATALOG: Catalog = {
  algorithms,
  adapters,
  dataSets,
  models: Object.keys(models),
  layerCount: (model, hidden) => layerCount(model as ModelName, hidden),
  iterationFlops: once(iterationFlops, programOf),
  predictionFlops: once(
    predictionFlops,
    ({ dataset, ways, model, hidden, norm }) => [dataset, ways, model, hidden, norm],
  ),
};
