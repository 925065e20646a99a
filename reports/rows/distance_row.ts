import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { CELL_KEY_COLUMNS, column, count, number, text } from "./column.ts";

const { dataset, norm, adapter, shots, innerSteps, trainingTasks, seed } = CELL_KEY_COLUMNS;

/** The columns of distances.csv, in order: which two states, and how far their predictions are apart. */
export const distanceRow = z.object({
  dataset,
  norm,
  algorithmA: column(text, "The one method: a name in the table of algorithms."),
  algorithmB: column(text, "The other one."),
  adapter,
  shots,
  innerSteps,
  depthA: column(count.nullable(), "d of the one's training; empty off that axis."),
  depthB: column(count.nullable(), "d of the other's."),
  trainingTasks,
  layers: column(count, "L: parametrised layers of the network, head included."),
  rate: column(number.nullable(), "λ: step size of adaptation, where both have the same; else empty."),
  seed,
  distance: column(
    number,
    "Root mean square of the difference of their predictions, over all queries of the test episodes whose predictions are kept, in the unit of the targets.",
  ),
  betweenSeeds: column(
    number.nullable(),
    "The same between the one method at this seed and at the next (the first after the last): what another draw changes. Empty with one seed.",
  ),
  episodes: column(count, "Test episodes."),
});

/** How far the predictions of two methods are apart: one line of distances.csv. */
export type DistanceRow = Immutable<z.infer<typeof distanceRow>>;

/** What distances.csv is sorted by. */
export const DISTANCE_KEY = [
  "dataset",
  "norm",
  "algorithmA",
  "algorithmB",
  "adapter",
  "shots",
  "innerSteps",
  "depthA",
  "depthB",
  "trainingTasks",
  "seed",
] as const satisfies readonly (keyof DistanceRow)[];
