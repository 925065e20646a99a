import type { Algorithm } from "./algorithm.ts";
import { descend, mapParams, perTask, taskGradients } from "./blocks/inner_loop.ts";
import { jointLosses } from "./blocks/joint.ts";
import type { Node } from "./tensor/graph.ts";
import { mean, scale, sub } from "./tensor/ops.ts";

/**
 * Reptile: θ moves towards the mean over tasks of the parameters θ_k that k steps of gradient descent on the task lead to.
 *
 * k = `innerSteps`, inner step size = `innerLr`. The outer optimiser descends along (θ − θ_k) / (α k), the mean gradient seen on the way;
 * with k = 1 that is the gradient of the joint loss.
 */
export const reptile: Algorithm = {
  name: "reptile",
  title: "Reptile",
  summary: "moves the initialisation towards each task's solution; first order, no support/query split",
  source: "Nichol et al. 2018, Algorithm 2 and section 2 (arXiv:1803.02999)",
  deviations: [
    "1. The inner steps are full-batch gradient descent on all of the episode's examples, not Adam (beta1 = 0) on minibatches.",
    "2. (θ − θ_k)/(αk) is handed to Adam as a gradient, which section 2 of the paper suggests, instead of stepping by an annealed ε.",
    "3. Layers outside the inner loop would never learn, so there is no sharing depth other than 0.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 1,
  outerGradient: "displacement",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: () => 0,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
  identities: [0.01, 0.5].map((innerLr) => ({
    statement: `with one inner step, Reptile descends along the joint gradient (step size ${innerLr})`,
    is: "pooled",
    here: { innerLr, innerSteps: 1 },
    there: { innerLr: 0, innerSteps: 1 },
    tolerance: 1e-12,
  })),
  objective(step) {
    const { params, batch: [support], mask, innerLr, innerSteps } = step;
    let theta = perTask(params, mask, support.x.shape[0]);
    const losses = jointLosses(step, theta);
    for (let k = 0; k < innerSteps; k++) {
      theta = descend(theta, taskGradients(jointLosses(step, theta), theta, mask), innerLr);
    }
    const perStep = 1 / (innerLr * innerSteps);
    const along = (end: (layer: number, name: string) => Node) =>
      params.map((layer, index) => mapParams(layer, (node, name) => scale(sub(node, end(index, name)), perStep)));
    return {
      losses,
      gradients: { params: along((layer, name) => mean(theta[layer][name], [0])), meta: {} },
      taskGradients: along((layer, name) => theta[layer][name]),
    };
  },
};
