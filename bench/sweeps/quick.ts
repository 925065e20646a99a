/** The default: a first answer within minutes on two cores. */
import type { DataSetSweep, Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { OMNIGLOT, SINUSOID } from "./parts.ts";
import { ON_FREQUENCY, ON_OMNIGLOT, ON_SINUSOID } from "./predictions.ts";

const sinusoid: DataSetSweep = { ...SINUSOID, sharingDepths: [0, 2] };

/** `--profile quick` */
export const quick: Sweep = {
  format: 2,
  name: "quick",
  title: "Quick comparison",
  algorithms: [
    ...["mtl", "mtl-class-rows", "mtl-all-rows", "maml", "fomaml", "anil", "boil", "meta-sgd", "reptile", "protonet"],
    ...["pooled", "scratch"],
  ],
  seeds: [0, 1, 2, 3, 4],
  rounds: [5, 10, 20, 40],
  datasets: [
    sinusoid,
    // The negative control: with the frequency varying too, no two features serve all tasks.
    {
      ...sinusoid,
      name: "sinusoid-frequency",
      shots: [10],
      innerSteps: [0, 5, 10],
      adaptDepths: ["native", 0],
    },
    OMNIGLOT,
  ],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [...ON_SINUSOID, ...ON_FREQUENCY, ...ON_OMNIGLOT],
};
