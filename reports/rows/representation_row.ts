import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { YES_NO } from "../../common/vocabulary.ts";
import { CELL_KEY_COLUMNS, column, count, number, text, TRAINING_UNIT } from "./column.ts";

/** The columns of representations.csv, in order. */
export const representationRow = z.object({
  ...CELL_KEY_COLUMNS,
  layer: column(count, "1 to L, from the first layer to the head."),
  layerName: column(text, "The layer's name in its model."),
  adapted: column(z.enum(YES_NO), "Whether adaptation changes the layer's own parameters."),
  cka: column(
    number.nullable(),
    "Linear CKA of the layer's output for the query set before and after adaptation, mean over the episodes where it is defined; empty where it is in none.",
  ),
  ckaSd: column(number.nullable(), "Standard deviation over the same episodes; empty below two."),
  episodes: column(count, "Episodes looked at: the first ones of the test episodes."),
  undefinedEpisodes: column(count, "Those of them where it is undefined: activations that are constant or not finite."),
  trainingUnit: TRAINING_UNIT,
});

/** One layer of one cell that is adapted by inner steps: one line of representations.csv. */
export type RepresentationRow = Immutable<z.infer<typeof representationRow>>;
