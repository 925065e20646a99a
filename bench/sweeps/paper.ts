/** The experiment with ten times the operations of the default one: every algorithm, every sharing depth, ten seeds, every algorithm tuned by as many trials. */
import type { DataSetSweep, Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, COMPARISONS } from "./comparisons.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER, SOLVED_IN_TRAINING } from "./parts.ts";
import { OF_ORDER, OF_SOLVED_HEADS, ON_FREQUENCY, ON_OMNIGLOT, ON_SINUSOID } from "./predictions.ts";

const sinusoid: DataSetSweep = {
  ...SINUSOID,
  shots: [5, 10, 20],
  sharingDepths: [0, 1, 2, 3],
  adaptDepths: ["native", 0],
  taskStarts: ["mean", "common", "random"],
  tuning: { outerLrs: [2e-3, 4e-3, 8e-3], innerLrs: [0.003, 0.01, 0.03], own: {}, iterations: 12_500, seed: 100 },
  hyper: { ...SINUSOID_HYPER, iterations: 125_000 },
  overrides: { ...SINUSOID.overrides, "mtl-solved": SOLVED_IN_TRAINING },
};

/** `--profile paper` */
export const paper: Sweep = {
  format: 2,
  name: "paper",
  title: "Multi-task learning against the MAML family",
  algorithms: [
    ...["mtl", "mtl-class-rows", "mtl-all-rows", "maml", "fomaml", "anil", "boil", "meta-sgd", "reptile", "protonet"],
    ...["mtl-solved", "r2d2", "pooled", "scratch"],
  ],
  seeds: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  rounds: null,
  datasets: [
    sinusoid,
    { ...sinusoid, name: "sinusoid-frequency" },
    {
      ...OMNIGLOT,
      sharingDepths: [0, 4, 5],
      depthsOf: { mtl: [4] },
      adapters: [...OMNIGLOT.adapters, "ridge-classifier"],
      adaptDepths: ["native", 0],
      episodes: 2000,
      tuning: { outerLrs: [1e-3, 3e-3, 6e-3], innerLrs: [0.1, 0.4, 1], own: {}, iterations: 300, seed: 100 },
      hyper: { ...OMNIGLOT_HYPER, iterations: 3000 },
      overrides: { ...OMNIGLOT.overrides, "mtl-all-rows": { ...OMNIGLOT.overrides["mtl-all-rows"], iterations: 1300 } },
    },
  ],
  families: COMPARISON_FAMILIES,
  comparisons: COMPARISONS,
  predictions: [...ON_SINUSOID, ...OF_ORDER, ...OF_SOLVED_HEADS, ...ON_FREQUENCY, ...ON_OMNIGLOT],
};
