/** The primary question of the default run with ten times the operations, to see whether its answers hold: a quarter of an hour on two cores. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, native } from "./comparisons.ts";
import { SINUSOID, SINUSOID_HYPER } from "./parts.ts";

/** `--profile tenfold` */
export const tenfold: Sweep = {
  format: 2,
  name: "tenfold",
  title: "Multi-task learning and MAML with ten times the operations",
  algorithms: ["mtl", "maml"],
  seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  rounds: null,
  datasets: [
    {
      ...SINUSOID,
      innerSteps: [10],
      sharingDepths: [0],
      depthsOf: { mtl: [2] },
      hyper: { ...SINUSOID_HYPER, iterations: 10 * SINUSOID_HYPER.iterations },
    },
  ],
  families: COMPARISON_FAMILIES.filter(({ name }) => name === "primary"),
  comparisons: [native("mtl", "maml")],
  predictions: [],
};
