/** Made-up predictions, one of each outcome. */
import type { PredictionRow } from "../rows/rows.ts";

const BASE: PredictionRow = {
  ...{
    id: "held",
    dataset: "sinusoid",
    kind: "comparison",
    statement: "MTL and ANIL are equivalent.",
    source: "a paper",
  },
  ...{
    outcome: "held",
    reason: "",
    found: "5 shots: MSE x 1.01 (95 % 0.98 to 1.04), 3 seeds x 24 episodes",
    metric: "mse",
  },
  ...{ comparisons: 1, nSeeds: 3, nEpisodes: 24, diff: 0.01, lo95: -0.02, hi95: 0.04, margin: 0.0953 },
  ...{ pHeld: 0.001, pFailed: 1, flags: "" },
};

const UNKNOWN = {
  found: "",
  metric: null,
  comparisons: 0,
  nSeeds: null,
  nEpisodes: null,
  diff: null,
  lo95: null,
} as const;

/** One of each outcome. */
export const PREDICTIONS: readonly PredictionRow[] = [
  BASE,
  {
    ...BASE,
    ...{ id: "failed", statement: "The steps matter more.", kind: "steps-over-algorithm", outcome: "failed", pHeld: 1 },
    ...{ reason: "the interval speaks against it", found: "steps ahead by a factor 0.5", margin: null, pFailed: 0.002 },
    flags: "undertrained: maml 1 of 3 seeds",
  },
  { ...BASE, id: "undecided", outcome: "undecided", reason: "the interval allows both", pHeld: 0.4, pFailed: 0.3 },
  {
    ...{ ...BASE, ...UNKNOWN, id: "elsewhere", dataset: "elsewhere", outcome: "not tested" },
    ...{ reason: "the run has no data set elsewhere", hi95: null, margin: null, pHeld: null, pFailed: null },
  },
];
