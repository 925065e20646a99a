/** What the built-in sweeps have in common. How the settings were chosen is in docs/recipes.md. */
import type { DataSetSweep, Hyper } from "./schema.ts";

/**
 * Settings of sinusoid regression: Finn et al. 2017, section 5.1 (α = 0.01, 10 shots in training), with five inner steps, ten tasks per iteration, and every
 * task's outer gradient clipped by norm. All algorithms train at the same shots and inner steps, and see the same 20 examples of a task per iteration.
 */
export const SINUSOID_HYPER: Hyper = {
  iterations: 12_500,
  gflop: null,
  metaBatch: 10,
  queries: 10,
  innerLr: 0.01,
  adaptLrs: [0.0003, 0.001, 0.003, 0.01, 0.03],
  outerLr: 4e-3,
  clip: { by: "task-norm", limit: 10 },
  optimiser: { name: "adam" },
  schedule: { name: "constant" },
  untilFlat: null,
  weightDecay: 0,
  pool: 100,
  taskLayers: "auto",
  poolMoments: "lazy",
  trainWays: null,
  own: {},
  trainShots: 10,
  trainInnerSteps: 5,
};

/** Sinusoids on the paper's 1-40-40-1 network. */
export const SINUSOID: DataSetSweep = {
  name: "sinusoid",
  algorithms: null,
  model: "mlp",
  hidden: [40, 40],
  norms: ["none"],
  ways: 1,
  shots: [5, 10],
  innerSteps: [0, 1, 5, 10],
  sharingDepths: [0, 1, 2],
  depthsOf: {},
  adapters: ["gradient", "ridge"],
  adaptDepths: ["native"],
  trainingTasks: [100],
  taskStarts: ["mean"],
  episodes: 2000,
  testQueries: 100,
  divergedFactor: 10,
  margin: 1.25,
  optional: false,
  validation: { episodes: 50, points: 10, shots: 10, innerSteps: 5, queries: 100, tolerance: 0.05 },
  tuning: null,
  hyper: SINUSOID_HYPER,
  overrides: {
    mtl: { queries: 20 },
    // Contexts take larger steps than weights: Zintgraf et al. 2019 have α = 1.
    cavia: { innerLr: 1, adaptLrs: [0.1, 0.3, 1, 3] },
  },
};

/** Multi-task learning with its heads solved in training: as many examples of a task as with learned heads; λ is the best of three (docs/recipes.md). */
export const SOLVED_IN_TRAINING = { queries: 20, own: { lambda: 1 } } as const;

/**
 * Tides with the sinusoids' settings on a wider network: on validation episodes the step sizes that are best for sinusoids are as good as any here, for
 * multi-task learning and for MAML alike (docs/recipes.md).
 */
export const TIDES: DataSetSweep = {
  ...SINUSOID,
  name: "tides",
  hidden: [64, 64],
  shots: [5, 10, 20],
  innerSteps: [0, 5, 10],
  sharingDepths: [0],
  depthsOf: { mtl: [2] },
};

/** Settings of Omniglot on the four-layer perceptron: α = 0.4 on the mean cross-entropy, 32 tasks; Reptile with its paper's 5 inner steps and 5 tasks. */
export const OMNIGLOT_HYPER: Hyper = {
  iterations: 300,
  gflop: null,
  metaBatch: 32,
  queries: 5,
  innerLr: 0.4,
  adaptLrs: [0.1, 0.4, 1],
  outerLr: 3e-3,
  clip: { by: "task-norm", limit: 10 },
  optimiser: { name: "adam" },
  schedule: { name: "constant" },
  untilFlat: null,
  weightDecay: 0,
  pool: 1600,
  taskLayers: "auto",
  poolMoments: "lazy",
  trainWays: null,
  own: {},
  trainShots: "matched",
  trainInnerSteps: 1,
};

/**
 * 5-way Omniglot on the paper's 784-256-128-64-64-5 network. Multi-task learning keeps its deeper layers shared: 1,600 tasks with first layers of their
 * own would not fit into memory.
 */
export const OMNIGLOT: DataSetSweep = {
  name: "omniglot",
  algorithms: null,
  model: "mlp",
  hidden: [256, 128, 64, 64],
  norms: ["batch-inductive"],
  ways: 5,
  shots: [1, 5],
  innerSteps: [0, 1, 5],
  sharingDepths: [0],
  depthsOf: { mtl: [4] },
  adapters: ["gradient", "logistic", "prototypes"],
  adaptDepths: ["native"],
  trainingTasks: ["fresh"],
  taskStarts: ["mean"],
  episodes: 600,
  testQueries: 15,
  divergedFactor: 10,
  margin: 1,
  optional: true,
  validation: { episodes: 50, points: 10, shots: 5, innerSteps: 5, queries: 5, tolerance: 0.005 },
  tuning: null,
  hyper: OMNIGLOT_HYPER,
  overrides: {
    mtl: { queries: 10 },
    // The best of the same three step sizes for everybody on validation episodes: docs/recipes.md.
    "mtl-class-rows": { outerLr: 1.2e-2 },
    "mtl-all-rows": { outerLr: 1.2e-2, iterations: 130 },
    protonet: { outerLr: 6e-3 },
    "baseline-plus-plus": { iterations: 130 },
    reptile: { trainInnerSteps: 5, metaBatch: 5 },
    // At 1, the published step size, it stays at chance (docs/recipes.md).
    cavia: { innerLr: 100, adaptLrs: [30, 100, 300], trainInnerSteps: 5, own: { contexts: 100 } },
  },
};

/**
 * 5-way languages on one wide hidden layer: on validation episodes narrower and deeper networks lose what the inputs say, and longer trainings fit the training
 * languages (docs/recipes.md).
 */
export const LANGUAGES: DataSetSweep = {
  ...OMNIGLOT,
  name: "languages",
  hidden: [512],
  norms: ["layer"],
  innerSteps: [0, 5],
  depthsOf: { mtl: [1] },
  optional: false,
  validation: { episodes: 50, points: 10, shots: 5, innerSteps: 5, queries: 15, tolerance: 0.005 },
  hyper: { ...OMNIGLOT_HYPER, iterations: 120, outerLr: 1e-3 },
  overrides: { mtl: { queries: 10 }, "mtl-class-rows": { queries: 10 } },
};
