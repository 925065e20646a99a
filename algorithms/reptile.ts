import type { Algorithm } from "./algorithm.ts";
import type { TrainingStep } from "./blocks/training_step.ts";
import { layerGradients, mapParams } from "./blocks/inner_loop.ts";
import { jointLossPerTask } from "./blocks/joint.ts";
import { broadcastTo, mean, meanAll, scale, sub, sumAll } from "./tensor/ops.ts";
import type { LayerParams } from "./models/model.ts";

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
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 1,
  outerGradient: "displacement",
  data: "episodes",
  family: "gradient-based meta-learning",
  nativeAdapter: "gradient",
  sharingDepth: () => 0,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
  objective(step) {
    const tasks = step.batch[0].x.shape[0];
    let params: readonly LayerParams[] = step.params.map((layer) =>
      mapParams(layer, (node) => broadcastTo(node, [tasks, ...node.shape.slice(1)]))
    );
    const loss = meanAll(jointLossPerTask(step, params));
    for (let k = 0; k < step.innerSteps; k++) params = descend(step, params);
    const gradients = step.params.map((layer, index) =>
      mapParams(
        layer,
        (node, name) => scale(sub(node, mean(params[index][name], [0])), 1 / (step.innerLr * step.innerSteps)),
      )
    );
    return { loss, gradients };
  },
};

function descend(step: TrainingStep, params: readonly LayerParams[]): LayerParams[] {
  const gradients = layerGradients(sumAll(jointLossPerTask(step, params)), params);
  return params.map((layer, index) =>
    mapParams(layer, (node, name) => sub(node, scale(gradients[index][name], step.innerLr)))
  );
}
