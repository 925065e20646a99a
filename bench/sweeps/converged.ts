/** The primary question with both sides trained until they are flat on validation episodes, at most ten times the operations of the default run. */
import type { Sweep } from "./schema.ts";
import { tenfold } from "./tenfold.ts";

/** `--profile converged` */
export const converged: Sweep = {
  ...tenfold,
  name: "converged",
  title: "Multi-task learning and MAML trained until they are flat",
  datasets: tenfold.datasets.map((entry) => ({
    ...entry,
    // Half as many episodes decide nothing: the gain of a fifth has a standard error of a few per cent.
    validation: entry.validation && { ...entry.validation, episodes: 400, points: 50 },
    hyper: { ...entry.hyper, untilFlat: { tolerance: 0.05 } },
  })),
};
