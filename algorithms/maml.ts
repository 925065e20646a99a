import type { Algorithm } from "./algorithm.ts";
import { descend, perTask, taskGradients } from "./blocks/inner_loop.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Model-agnostic meta-learning: min over θ of the mean over tasks of L_query(U_S(θ)), where U_S takes S gradient steps of size α on the support set;
 * the outer gradient differentiates through them.
 *
 * θ = `params`, α = `innerLr`, S = `innerSteps`, p(T) = the training episodes.
 */
export const maml: Algorithm = {
  name: "maml",
  title: "MAML",
  summary: "learns an initialisation from which a few gradient steps solve a task (second order)",
  source: "Finn et al. 2017, Algorithms 1 and 2 (arXiv:1703.03400)",
  deviations: [
    "1. The outer optimiser is Adam in the built-in sweeps, as in the authors' code (section 5 names it for the experiments; Algorithm 1 writes SGD).",
    "2. The inner loss is the mean cross-entropy; the authors' code divides by K only, so its step size 0.4 at 5 ways is 2.0 here.",
    "3. Sharing depth d leaves layers 1..d out of the inner loop; the paper has d = 0.",
    "4. Each task's outer gradient may be clipped by its norm, as the built-in sweeps do; the paper clips nothing, the authors' code the elements of the mean, on mini-ImageNet.",
    "5. Under `batch-inductive`, a query set is normalised by its support set's statistics; the authors' code normalises it by its own, which is `batch` here.",
    "6. The outer loss is the mean over tasks; Algorithm 1 has the sum, which differs by the scale of the outer step size.",
    "7. At test time the inner step size is chosen on validation episodes where a sweep has several `adaptLrs`, as the built-in ones do; the paper keeps α.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps", "sharingDepth"],
  shapesTraining: ["shots", "innerSteps", "sharingDepth"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: (asked) => asked,
  adaptationMask: frozenPrefix,
  objective({ network, params, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    // Every task has a copy of θ: the gradient of the sum of all losses is then each task's own, in one pass.
    let theta = perTask(params, mask, support.x.shape[0]);
    for (let step = 0; step < innerSteps; step++) {
      const losses = lossPerTask(network.outputs(theta, support.x), support.y);
      theta = descend(theta, taskGradients(losses, theta, mask), innerLr); // θ' = θ − α ∇L_support(θ): Algorithm 1, lines 5-6
    }
    // Line 8 (of Algorithm 2, line 10): training descends along ∇ of the mean of these with respect to θ, through the steps above.
    return { losses: lossPerTask(network.queryOutputs(theta, support.x, query.x), query.y) };
  },
};
