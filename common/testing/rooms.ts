/**
 * The map of the house: every room (a folder with what is below it, as far as that is no room of its own) and the rooms it may import. Results flow
 * downwards: a room opens to rooms above it only. Tests and the helpers in `testing/` folders may import anything.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  // errors, paths, digests, atomic files, permissions, keyed random numbers, vocabularies
  "common": [],
  // what a data set is
  "data/contract": ["common"],
  // one sampler of tasks for every collection, one for every family of functions
  "data/sampling": ["common", "data/contract"],
  // changes of training images
  "data/augmentation": ["common"],
  // downloads
  "data/archives": ["data/contract"],
  // one data set, from archive to episodes
  "data/omniglot": ["common", "data/contract", "data/sampling", "data/archives"],
  // files of npm packages
  "data/npm": ["common", "data/contract"],
  // one data set, from harmonic constants to episodes
  "data/tides": ["common", "data/contract", "data/sampling", "data/npm"],
  // one data set, from declarations to episodes
  "data/languages": ["common", "data/contract", "data/sampling", "data/npm"],
  // predictors that need no training
  "data/references": ["data/contract"],
  // data of a user's own: readers of images and tables
  "data/own": ["common", "data/contract", "data/sampling"],
  // data sets made of others: fewer training classes, or the test episodes of another
  "data/derived": ["common", "data/contract", "data/sampling", "data/omniglot", "data/languages", "data/own"],
  // the table of data sets
  "data": [
    "common",
    "data/contract",
    "data/sampling",
    "data/omniglot",
    "data/tides",
    "data/languages",
    "data/own",
    "data/derived",
  ],
  // graphs, derivatives, backends
  "algorithms/tensor": ["common"],
  // networks as lists of layers
  "algorithms/models": ["common", "algorithms/tensor"],
  // what learners are made of: inner loop, joint loss, masks, parameters
  "algorithms/blocks": ["common", "algorithms/tensor", "algorithms/models"],
  // ways to adapt a learned state to a new task
  "algorithms/adapters": ["common", "algorithms/blocks"],
  // the contract, one file per algorithm, the table
  "algorithms": ["common", "algorithms/tensor", "algorithms/models", "algorithms/blocks", "algorithms/adapters"],
  // outer optimisers and schedules
  "algorithms/optimisers": ["algorithms/tensor"],
  // rows, their columns, CSV
  "reports/rows": ["common"],
  // what a sweep declares before it runs: comparisons and predictions
  "reports/claims": ["common", "reports/rows"],
  // from scores to verdicts: selects cells, pairs them, judges the pairs
  "reports/statistics": ["common", "data/contract", "reports/rows", "reports/claims"],
  // from verdicts to what became of predictions
  "reports/predictions": ["data/contract", "reports/rows", "reports/claims", "reports/statistics"],
  // what page, print and figures share: selection, words, colours
  "reports/view": ["common", "data/contract", "reports/rows", "reports/claims", "reports/statistics"],
  // Vega-Lite figures
  "reports/figures": ["data/contract", "reports/rows", "reports/statistics", "reports/view"],
  // the HTML page
  "reports/page": ["data/contract", "reports/rows", "reports/statistics", "reports/view", "reports/figures"],
  // draws a report
  "reports": ["reports/rows", "reports/view", "reports/figures", "reports/page"],
  // figures and tables for print
  "reports/paper": ["reports/rows", "reports/view", "reports/figures", "reports/page"],
  // every sweep as plain data, and the shape of one
  "bench/sweeps": [
    "common",
    "data/contract",
    "data/augmentation",
    "data/own",
    "data/derived",
    "algorithms/optimisers",
    "reports/rows",
    "reports/claims",
  ],
  // specs and results, and where they are kept
  "bench/store": ["common", "data/augmentation", "algorithms/tensor", "bench/sweeps"],
  // from a sweep to training units and cells
  "bench/plan": [
    "common",
    "data/contract",
    "data/augmentation",
    "data",
    "algorithms/models",
    "algorithms/adapters",
    "algorithms",
    "algorithms/optimisers",
    "reports/rows",
    "reports/claims",
    "reports/statistics",
    "bench/sweeps",
    "bench/store",
  ],
  // the flags of deno task bench
  "bench/flags": ["common", "data/contract", "bench/sweeps", "bench/plan"],
  // computes one unit: training, validation, evaluation
  "bench/units": [
    "common",
    "data/contract",
    "data/augmentation",
    "data/derived",
    "data",
    "algorithms/tensor",
    "algorithms/models",
    "algorithms/blocks",
    "algorithms/adapters",
    "algorithms",
    "algorithms/optimisers",
    "reports/statistics",
    "reports/view",
    "bench/sweeps",
    "bench/store",
  ],
  // processes that compute units
  "bench/workers": ["common", "bench/store", "bench/units"],
  // one run on this machine, from preparation to its folder of results
  "bench/run": [
    "common",
    "data/contract",
    "data/references",
    "data",
    "algorithms/tensor",
    "algorithms/models",
    "algorithms/adapters",
    "algorithms",
    "reports/rows",
    "reports/claims",
    "reports/statistics",
    "reports/predictions",
    "reports/view",
    "reports",
    "bench/sweeps",
    "bench/store",
    "bench/plan",
    "bench/flags",
    "bench/units",
    "bench/workers",
  ],
  // runs as job arrays of a cluster
  "bench/cluster": ["common", "bench/store", "bench/plan", "bench/flags", "bench/run"],
  // compares nights
  "bench/nightly": [
    "common",
    "reports/rows",
    "reports/statistics",
    "reports/view",
    "reports/figures",
    "reports/page",
    "reports/paper",
    "bench/sweeps",
    "bench/run",
  ],
  // races training against peers
  "bench/speed": [
    "common",
    "data/contract",
    "data",
    "algorithms/tensor",
    "algorithms/models",
    "algorithms/blocks",
    "algorithms",
    "bench/store",
    "bench/flags",
    "bench/units",
    "bench/workers",
  ],
  // how far a run is
  "bench/status": ["common", "bench/store", "bench/plan", "bench/run", "bench/cluster"],
  // pages generated from schemas
  "bench/docs": ["common", "data", "algorithms", "reports/rows", "reports/page", "reports/paper", "bench/sweeps"],
  // graphs and algorithms as other people's code sees them
  "algorithms/library": ["common", "algorithms/tensor", "algorithms/blocks", "algorithms"],
  // what other people's code may import
  "bench/library": [
    "common",
    "data/contract",
    "data",
    "algorithms/tensor",
    "algorithms/models",
    "algorithms/blocks",
    "algorithms/adapters",
    "algorithms",
    "reports/rows",
    "reports/statistics",
    "bench/sweeps",
    "bench/store",
    "bench/units",
    "bench/run",
    "algorithms/library",
  ],
  // a run for other programs
  "bench/export": [
    "common",
    "data/contract",
    "algorithms/blocks",
    "reports/rows",
    "bench/store",
    "bench/units",
    "bench/run",
  ],
  // two runs side by side
  "bench/compare": [
    "common",
    "data/contract",
    "data",
    "reports/rows",
    "reports/statistics",
    "reports/view",
    "bench/sweeps",
    "bench/run",
  ],
  // a page about a run while it computes
  "bench/serve": [
    "common",
    "data",
    "reports/statistics",
    "reports/view",
    "reports/figures",
    "bench/sweeps",
    "bench/store",
    "bench/plan",
    "bench/run",
  ],
  // what the units run on
  "bench/executors": [
    "common",
    "data",
    "algorithms/tensor",
    "bench/sweeps",
    "bench/store",
    "bench/plan",
    "bench/flags",
    "bench/run",
    "bench/cluster",
    "bench/status",
    "bench/serve",
  ],
  // measures large plans
  "bench/scale": [
    "common",
    "bench/sweeps",
    "bench/store",
    "bench/plan",
    "bench/flags",
    "bench/workers",
    "bench/run",
    "bench/executors",
  ],
  // the command lines
  "bench/commands": [
    "common",
    "data/contract",
    "data/omniglot",
    "data",
    "algorithms/tensor",
    "algorithms/models",
    "algorithms/adapters",
    "algorithms",
    "algorithms/optimisers",
    "reports/paper",
    "bench/sweeps",
    "bench/store",
    "bench/plan",
    "bench/flags",
    "bench/run",
    "bench/cluster",
    "bench/nightly",
    "bench/speed",
    "bench/status",
    "bench/docs",
    "bench/export",
    "bench/compare",
    "bench/executors",
    "bench/scale",
  ],
};
