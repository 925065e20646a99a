/** The default: a first answer within minutes on two cores. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { LANGUAGES, OMNIGLOT, SINUSOID, TIDES } from "./parts.ts";
import { OF_ORDER, ON_OMNIGLOT, ON_SINUSOID } from "./predictions.ts";

/** `--profile quick` */
export const quick: Sweep = {
  format: 2,
  name: "quick",
  title: "Quick comparison",
  algorithms: [
    ...["mtl", "mtl-class-rows", "mtl-all-rows", "maml", "fomaml", "anil", "boil", "reptile", "protonet"],
    ...["pooled", "scratch"],
  ],
  seeds: [0, 1, 2, 3, 4],
  rounds: [5, 10, 20, 40],
  datasets: [
    { ...SINUSOID, sharingDepths: [0, 2] },
    // Real tasks that need no download, with the primary question alone: --profile real has more of them.
    {
      ...TIDES,
      algorithms: ["mtl", "maml"],
      shots: [10],
      innerSteps: [0, 10],
      hyper: { ...TIDES.hyper, iterations: 6250 },
    },
    {
      ...LANGUAGES,
      algorithms: ["mtl", "maml"],
      shots: [5],
      adapters: ["gradient", "logistic"],
      episodes: 200,
    },
    OMNIGLOT,
  ],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [...ON_SINUSOID, ...OF_ORDER, ...ON_OMNIGLOT],
};
