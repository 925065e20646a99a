/** One table of head rows, one per training class, as learned state. */
import { z } from "zod";
import type { Rng } from "../../common/random.ts";
import type { Model, ParameterSpec } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import { unitLength } from "./class_heads.ts";
import type { MetaSettings, OwnSettings } from "./own_settings.ts";

/** Settings of algorithms that have such a table. */
export const ROW_SETTINGS = {
  rows: z.enum(["unit", "published"]).default("unit").describe(
    "How rows start: of length 1; or as in the code of Wang et al., uniform within ±√(classes / ways) / √features.",
  ),
  publishedWays: z.int().min(1).max(10_000).default(5).describe("Ways that the published start goes by."),
  unitFeatures: z.boolean().default(true).describe("Whether features are scaled to length 1."),
} as const;

/** The table "rows", [C, D]. */
export function classTable(model: Model, { own, trainClasses }: MetaSettings): ParameterSpec {
  const width = model.features;
  const published = Math.sqrt(trainClasses / Number(own.publishedWays)) / Math.sqrt(width);
  const draw = own.rows === "published"
    ? (rng: Rng) => Array.from({ length: width }, () => rng.uniform(-published, published))
    : (rng: Rng) => {
      const row = Array.from({ length: width }, () => rng.normal());
      const length = Math.hypot(...row);
      return row.map((value) => value / length);
    };
  return {
    name: "rows",
    shape: [trainClasses, width],
    init: (size, rng) => Float32Array.from(Array.from({ length: size / width }, () => draw(rng)).flat()),
  };
}

/** What the rows are multiplied with: the features, of length 1 unless the settings say otherwise. */
export function rowFeatures(features: Node, own: OwnSettings): Node {
  return own.unitFeatures === false ? features : unitLength(features);
}
