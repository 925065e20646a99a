/** What this product has to choose among: its own tables, as the planner sees them. */
import { adapters } from "../../algorithms/adapters/registry.ts";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { dataSets } from "../../data/mod.ts";
import type { Catalog } from "../plan/catalog.ts";

/** The product's own tables. */
export const CATALOG: Catalog = {
  algorithms,
  adapters,
  dataSets,
  models: Object.keys(models),
  layerCount: (model, hidden) => layerCount(model as ModelName, hidden),
};
