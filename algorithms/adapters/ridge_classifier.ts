import type { HeadAdapter } from "./adapter.ts";
import { ridgeHead } from "./ridge.ts";

/** The head solved by ridge regression of one-hot labels on the frozen features, with a bias that is regularised like the weights. */
export const ridgeClassifier: HeadAdapter = {
  name: "ridge-classifier",
  title: "head solved (ridge on labels)",
  short: "ridge classifier",
  summary: "the linear head solved by ridge regression of one-hot labels on frozen features",
  source: "Bertinetto et al. 2019 (arXiv:1805.08136), section 3.1, outside training",
  supports: ["classification"],
  readsInnerSteps: false,
  changes: "head",
  startsFromHead: false,
  strength: "λ relative to the mean squared norm of the features",
  form: "head",
  candidates: [1e-3, 1e-2, 1e-1, 1, 10, 100],
  solver: ridgeHead,
};
