import type { Algorithm } from "./algorithm.ts";
import { episodicObjective } from "./blocks/episodic.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Model-agnostic meta-learning: min over θ of Σ_tasks L_query(U_S(θ)), where U_S takes S gradient steps of size α on the support set;
 * the outer gradient differentiates through them.
 *
 * θ = `params`, α = `innerLr`, S = `innerSteps`, p(T) = the training episodes.
 */
export const maml: Algorithm = {
  name: "maml",
  title: "MAML",
  summary: "learns an initialisation from which a few gradient steps solve a task (second order)",
  source: "Finn et al. 2017, Algorithms 1-3 (arXiv:1703.03400)",
  deviations: [
    "1. The outer optimiser is Adam for every data set, as in the authors' code (section 5 names it for the experiments; Algorithm 1 writes SGD).",
    "2. The inner loss is the mean cross-entropy; the authors' code divides by K only, so its step size 0.4 at 5 ways is 2.0 here.",
    "3. Sharing depth d leaves layers 1..d out of the inner loop; the paper has d = 0.",
  ],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  family: "gradient-based meta-learning",
  nativeAdapter: "gradient",
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  objective: (step) => episodicObjective(step, frozenPrefix(step.sharingDepth, step.params.length), true),
};
