/** Made-up trials: a choice inside the grid, one at its edge, and none. */
import type { TuningRow } from "../rows/rows.ts";

const BASE: TuningRow = {
  ...{
    dataset: "sinusoid",
    norm: "none",
    own: "",
    algorithm: "mtl",
    sharingDepth: 2,
    trial: 1,
    outerLr: 0.001,
    innerLr: 0.01,
  },
  ...{ iterations: 1000, seed: 100, metric: "mse", score: 0.9, chosen: "no", status: "ok", reason: "" },
  trainingUnit: "0123456789ab",
};

export const TUNING: readonly TuningRow[] = [
  BASE,
  { ...BASE, trial: 2, outerLr: 0.002, score: 0.3, chosen: "yes" },
  { ...BASE, trial: 3, outerLr: 0.004, score: 0.5 },
  { ...BASE, algorithm: "maml", sharingDepth: 0 },
  { ...BASE, algorithm: "maml", sharingDepth: 0, trial: 2, outerLr: 0.002, score: 0.5 },
  { ...BASE, algorithm: "maml", sharingDepth: 0, trial: 3, outerLr: 0.004, score: 0.3, chosen: "yes" },
  {
    ...{ ...BASE, dataset: "omniglot", algorithm: "maml", sharingDepth: 0, innerLr: 0.4, metric: "accuracy" },
    ...{ score: null, status: "diverged", reason: "training loss is NaN" },
  },
];
