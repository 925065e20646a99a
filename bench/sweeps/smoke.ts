/** The whole job, tiny: every part runs, no number means anything. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, mtlAgainst } from "./comparisons.ts";
import { SINUSOID, SINUSOID_HYPER } from "./parts.ts";
import { ON_SINUSOID } from "./predictions.ts";

/** `--profile smoke` */
export const smoke: Sweep = {
  format: 2,
  name: "smoke",
  title: "Smoke test",
  algorithms: ["mtl", "maml", "pooled", "scratch"],
  seeds: [0, 1, 2],
  rounds: null,
  datasets: [
    {
      ...SINUSOID,
      innerSteps: [0, 1, 5],
      sharingDepths: [0, 2],
      episodes: 25,
      tuning: { outerLrs: [1e-3, 2e-3], innerLrs: [0.01], own: {}, iterations: 50, seed: 0 },
      hyper: { ...SINUSOID_HYPER, iterations: 100, pool: 50 },
    },
  ],
  families: COMPARISON_FAMILIES,
  comparisons: mtlAgainst("maml"),
  predictions: ON_SINUSOID,
};
