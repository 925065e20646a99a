/** The table of models: adding one is one file and one line. */
import { conv4 } from "./conv4.ts";
import { mlp } from "./mlp.ts";
import type { ModelEntry } from "./model.ts";
import { resnet12 } from "./resnet12.ts";

/** All models, by name. */
export const models = { mlp, conv4, resnet12 } as const satisfies Record<string, ModelEntry>;

/** A model of the table. */
export type ModelName = keyof typeof models;

/** L: the parametrised layers of a model with these hidden widths, its head included. */
export function layerCount(model: ModelName, hidden: readonly number[]): number {
  return (hidden.length > 0 ? hidden : models[model].defaultHidden).length + 1;
}
