/** Published numbers again: Finn et al. 2017, sinusoids (table 2: trained with 10 points, fine-tuned on 5) and Omniglot without convolutions (table 1). */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES } from "./comparisons.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";

/** `--profile reproduce` */
export const reproduce: Sweep = {
  format: 2,
  name: "reproduce",
  title: "Published numbers of MAML and of pooled training",
  algorithms: ["maml", "pooled"],
  seeds: [0],
  rounds: null,
  datasets: [
    {
      ...SINUSOID,
      sharingDepths: [0],
      adapters: ["gradient"],
      trainingTasks: ["fresh"],
      episodes: 600,
      hyper: {
        ...SINUSOID_HYPER,
        iterations: 70_000,
        metaBatch: 25,
        clip: { by: "value", limit: 10 },
        outerLr: 1e-3,
        adaptLrs: [],
        trainShots: 10,
        trainInnerSteps: 1,
      },
      overrides: {},
    },
    {
      ...OMNIGLOT,
      // The authors normalise every batch by its own statistics, at test time too.
      norms: ["batch"],
      innerSteps: [0, 1, 3],
      sharingDepths: [0],
      depthsOf: {},
      adapters: ["gradient"],
      episodes: 600,
      hyper: { ...OMNIGLOT_HYPER, iterations: 12_000, clip: { by: "value", limit: 10 }, adaptLrs: [] },
      overrides: { pooled: { iterations: 250 } },
    },
  ],
  families: COMPARISON_FAMILIES,
  comparisons: [],
  predictions: [],
};
