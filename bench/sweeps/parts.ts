/** What the built-in sweeps have in common. */
import type { DataSetSweep, Hyper } from "../types.ts";

/** Settings of sinusoid regression (Finn et al. 2017, section 5.1: α = 0.01, Adam at 1e-3, 25 tasks). */
export const SINUSOID_HYPER: Hyper = {
  iterations: 5000,
  metaBatch: 25,
  queries: 10,
  innerLr: 0.01,
  adaptLrs: [],
  outerLr: 1e-3,
  clip: 10,
  pool: 500,
  trainShots: 10,
  trainInnerSteps: 1,
};

/** Sinusoids on the paper's 1-40-40-1 network. */
export const SINUSOID: DataSetSweep = {
  name: "sinusoid",
  model: "mlp",
  hidden: [40, 40],
  norm: "none",
  ways: 1,
  shots: [5, 10],
  innerSteps: [0, 1, 5, 10],
  sharingDepths: [0, 2],
  adaptations: ["gradient", "solved-head"],
  adaptDepths: ["native"],
  taskStarts: ["mean"],
  episodes: 200,
  testQueries: 100,
  divergedFactor: 10,
  margin: 1.1,
  optional: false,
  hyper: SINUSOID_HYPER,
  overrides: {},
};

/** Settings of Omniglot on the four-layer perceptron: α = 0.4 on the mean cross-entropy. */
export const OMNIGLOT_HYPER: Hyper = {
  iterations: 1500,
  metaBatch: 32,
  queries: 5,
  innerLr: 0.4,
  adaptLrs: [],
  outerLr: 1e-3,
  clip: 10,
  pool: 500,
  trainShots: "matched",
  trainInnerSteps: 1,
};

/** 5-way Omniglot on the paper's 784-256-128-64-64-5 network. */
export const OMNIGLOT: DataSetSweep = {
  name: "omniglot",
  model: "mlp",
  hidden: [256, 128, 64, 64],
  norm: "batch",
  ways: 5,
  shots: [1, 5],
  innerSteps: [0, 1, 5],
  sharingDepths: [0, 4],
  adaptations: ["gradient", "solved-head"],
  adaptDepths: ["native"],
  taskStarts: ["mean"],
  episodes: 200,
  testQueries: 15,
  divergedFactor: 10,
  margin: 1,
  optional: true,
  hyper: OMNIGLOT_HYPER,
  overrides: {},
};
