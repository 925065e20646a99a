/** The default: a first answer within ten minutes on two cores. */
import type { Sweep } from "../types.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";

/** `--profile quick` */
export const quick: Sweep = {
  format: 1,
  name: "quick",
  title: "Quick comparison",
  algorithms: ["mtl", "maml", "anil", "reptile", "pooled", "scratch"],
  seeds: [0, 1, 2],
  datasets: [
    { ...SINUSOID, hyper: { ...SINUSOID_HYPER, iterations: 5000 } },
    { ...SINUSOID, name: "sinusoid-frequency", hyper: { ...SINUSOID_HYPER, iterations: 5000 } },
    { ...OMNIGLOT, hyper: { ...OMNIGLOT_HYPER, iterations: 300 } },
  ],
};
