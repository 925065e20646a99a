/** What every night repeats: wide rather than long, so that whatever breaks shows, in about a quarter of an hour on two cores. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { OMNIGLOT, SINUSOID } from "./parts.ts";
import { ON_FREQUENCY, ON_OMNIGLOT, ON_SINUSOID } from "./predictions.ts";

/** `--profile nightly` */
export const nightly: Sweep = {
  format: 2,
  name: "nightly",
  title: "Nightly comparison",
  algorithms: ["mtl", "maml", "fomaml", "anil", "boil", "reptile", "pooled", "scratch", "protonet", "mtl-class-rows"],
  seeds: [0, 1, 2],
  rounds: null,
  datasets: [
    { ...SINUSOID, sharingDepths: [0, 1, 2, 3], adaptDepths: ["native", 0] },
    // The negative control: with the frequency varying too, no two features serve all tasks.
    { ...SINUSOID, name: "sinusoid-frequency", sharingDepths: [0, 2], adaptDepths: ["native", 0] },
    OMNIGLOT,
  ],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [...ON_SINUSOID, ...ON_FREQUENCY, ...ON_OMNIGLOT],
};
