/** The missing experiment at full size: every algorithm, every sharing depth, five seeds. */
import type { Sweep } from "../types.ts";
import { OMNIGLOT, OMNIGLOT_HYPER, SINUSOID, SINUSOID_HYPER } from "./parts.ts";

const sinusoid = {
  ...SINUSOID,
  shots: [5, 10, 20],
  innerSteps: [0, 1, 2, 5, 10],
  sharingDepths: [0, 1, 2, 3],
  taskStarts: ["mean", "common", "random"],
  episodes: 600,
  hyper: { ...SINUSOID_HYPER, iterations: 20_000 },
} as const;

/** `--profile paper` */
export const paper: Sweep = {
  format: 1,
  name: "paper",
  title: "Multi-task learning against the MAML family",
  algorithms: ["mtl", "maml", "fomaml", "anil", "boil", "reptile", "pooled", "scratch"],
  seeds: [0, 1, 2, 3, 4],
  datasets: [
    sinusoid,
    { ...sinusoid, name: "sinusoid-frequency" },
    {
      ...OMNIGLOT,
      innerSteps: [0, 1, 3, 5, 10],
      sharingDepths: [0, 1, 2, 3, 4, 5],
      taskStarts: ["mean", "common", "random"],
      episodes: 600,
      hyper: { ...OMNIGLOT_HYPER, iterations: 20_000 },
    },
  ],
};
