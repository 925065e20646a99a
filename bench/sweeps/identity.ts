/** Whether multi-task learning and training through solved heads learn the same features, as Wang et al. 2021 have it where the inner problem is solved. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, ofSolvedHeads } from "./comparisons.ts";
import { SINUSOID, SOLVED_IN_TRAINING } from "./parts.ts";
import { OF_SOLVED_HEADS } from "./predictions.ts";

/** `--profile identity` */
export const identity: Sweep = {
  format: 2,
  name: "identity",
  title: "Multi-task learning and training through solved heads",
  algorithms: ["mtl", "mtl-solved", "r2d2", "anil"],
  seeds: [0, 1, 2, 3, 4],
  rounds: null,
  datasets: [{
    ...SINUSOID,
    sharingDepths: [2],
    adapters: ["ridge"],
    overrides: { ...SINUSOID.overrides, "mtl-solved": SOLVED_IN_TRAINING },
  }],
  families: COMPARISON_FAMILIES,
  comparisons: ofSolvedHeads(),
  predictions: OF_SOLVED_HEADS,
};
