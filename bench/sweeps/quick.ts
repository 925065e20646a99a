/** The default: a first answer within minutes on two cores. */
import type { Sweep } from "../types.ts";
import { OMNIGLOT, SINUSOID } from "./parts.ts";
import { ON_FREQUENCY, ON_OMNIGLOT, ON_SINUSOID } from "./predictions.ts";

/** `--profile quick` */
export const quick: Sweep = {
  format: 1,
  name: "quick",
  title: "Quick comparison",
  algorithms: ["mtl", "maml", "fomaml", "anil", "boil", "reptile", "pooled", "scratch"],
  seeds: [0, 1, 2, 3, 4],
  datasets: [
    { ...SINUSOID, sharingDepths: [0, 2] },
    // The negative control: with the frequency varying too, no two features serve all tasks.
    {
      ...SINUSOID,
      name: "sinusoid-frequency",
      shots: [10],
      innerSteps: [0, 5, 10],
      sharingDepths: [0, 2],
      adaptDepths: ["native", 0],
    },
    OMNIGLOT,
  ],
  predictions: [...ON_SINUSOID, ...ON_FREQUENCY, ...ON_OMNIGLOT],
};
