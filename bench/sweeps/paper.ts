/** The missing experiment at full size: every algorithm, every sharing depth, ten seeds, training matched to the cell, every algorithm tuned by as many trials. */
import type { DataSetSweep, Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";
import { ON_FREQUENCY, ON_OMNIGLOT, ON_SINUSOID_MATCHED } from "./predictions.ts";

const sinusoid: DataSetSweep = {
  ...SINUSOID,
  shots: [5, 10, 20],
  innerSteps: [0, 1, 2, 5, 10],
  sharingDepths: [0, 1, 2, 3],
  adaptDepths: ["native", 0],
  taskStarts: ["mean", "common", "random"],
  episodes: 600,
  tuning: { outerLrs: [5e-4, 1e-3, 2e-3, 4e-3], innerLrs: [0.003, 0.01, 0.03], own: {}, iterations: 5000, seed: 100 },
  hyper: { ...SINUSOID_HYPER, iterations: 20_000, trainInnerSteps: "matched" },
};

/** `--profile paper` */
export const paper: Sweep = {
  format: 2,
  name: "paper",
  title: "Multi-task learning against the MAML family",
  algorithms: ["mtl", "maml", "fomaml", "anil", "boil", "reptile", "pooled", "scratch"],
  seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  rounds: null,
  datasets: [
    sinusoid,
    { ...sinusoid, name: "sinusoid-frequency" },
    {
      ...OMNIGLOT,
      innerSteps: [0, 1, 3, 5, 10],
      sharingDepths: [0, 1, 2, 3, 4, 5],
      depthsOf: { mtl: [2, 3, 4, 5] },
      adaptDepths: ["native", 0],
      taskStarts: ["mean", "common", "random"],
      episodes: 600,
      tuning: { outerLrs: [1e-3, 3e-3, 1e-2], innerLrs: [0.1, 0.4, 1], own: {}, iterations: 1000, seed: 100 },
      hyper: { ...OMNIGLOT_HYPER, iterations: 20_000, trainInnerSteps: "matched" },
    },
  ],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [...ON_SINUSOID_MATCHED, ...ON_FREQUENCY, ...ON_OMNIGLOT],
};
