/** Published numbers again: Finn et al. 2017, sinusoids (figure 3) and Omniglot without convolutions (table 1). */
import type { Sweep } from "../types.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";

/** `--profile reproduce` */
export const reproduce: Sweep = {
  format: 1,
  name: "reproduce",
  title: "Published numbers of MAML and of pooled training",
  algorithms: ["maml", "pooled"],
  seeds: [0],
  datasets: [
    {
      ...SINUSOID,
      sharingDepths: [0],
      adaptations: ["gradient"],
      episodes: 600,
      hyper: { ...SINUSOID_HYPER, iterations: 20_000 },
    },
    {
      ...OMNIGLOT,
      innerSteps: [0, 1, 3],
      sharingDepths: [0],
      adaptations: ["gradient"],
      episodes: 600,
      hyper: { ...OMNIGLOT_HYPER, iterations: 5_000 },
    },
  ],
};
