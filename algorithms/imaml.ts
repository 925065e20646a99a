import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { implicitGradient } from "./blocks/implicit.ts";
import { mapParams, perTask, taskGradients } from "./blocks/inner_loop.ts";
import type { Params } from "./blocks/network.ts";
import { add, mean, scale } from "./tensor/ops.ts";

/**
 * MAML with implicit gradients: a task's parameters solve φ = argmin L_support(φ) + λ/2 ‖φ − θ‖², and the outer gradient is that of the solution,
 * (I + ∇²L_support(φ) / λ)⁻¹ ∇L_query(φ). It needs neither the inner steps nor memory for them.
 *
 * φ is approached by S = `innerSteps` gradient steps of size α = `innerLr`, the system by conjugate gradients.
 */
export const imaml: Algorithm = {
  name: "imaml",
  title: "iMAML",
  summary: "MAML with a proximal inner problem and the gradient of its solution, whatever the steps to it",
  source: "Rajeswaran et al. 2019, equations 3, 5 and 6 and Algorithms 1 and 2 (arXiv:1909.04630)",
  deviations: [
    "1. Inner steps descend along the whole inner problem; the authors' code takes them on the loss alone and then one step back to θ.",
    "2. The system is the paper's; the authors' code solves one with 2 I + H / 12, of which `damping` is a part.",
    "3. Conjugate gradients start from the query gradient, not from 0, so that none of them leave first-order MAML.",
    "4. A new task is adapted without the proximal term, as in the authors' code.",
    "5. The outer optimiser is Adam; the inner loss is the mean cross-entropy; there is no sharing depth other than 0.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 2,
  outerGradient: "modified",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: () => 0,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
  hyper: z.strictObject({
    lambda: z.number().positive().max(1e6).default(2).describe("λ, the weight of the proximal term."),
    cgSteps: z.int().min(0).max(100).default(5).describe("Steps of conjugate gradients."),
    damping: z.number().min(0).max(1e6).default(0).describe("What is added to the diagonal of I + H / λ."),
  }),
  identities: [
    {
      statement: "without conjugate gradients and as λ goes to 0, iMAML is first-order MAML",
      is: "fomaml",
      here: { own: { lambda: 1e-9, cgSteps: 0 }, innerSteps: 3 },
      there: { depth: 0, innerSteps: 3 },
      tolerance: 1e-7,
    },
    {
      statement: "as λ grows at inner step size 0, where the solution is θ, iMAML is MAML without a step",
      is: "maml",
      here: { own: { lambda: 1e6 }, innerLr: 0, innerSteps: 1 },
      there: { depth: 0, innerLr: 0, innerSteps: 1 },
      tolerance: 1e-4,
    },
  ],
  objective({ network, params, own, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    const lambda = Number(own.lambda);
    const start = perTask(params, mask, support.x.shape[0]);
    const supportLosses = (theta: Params) => lossPerTask(network.outputs(theta, support.x), support.y);
    let solution = start;
    let away: Params | undefined; // φ − θ
    for (let step = 0; step < innerSteps; step++) {
      const slopes = taskGradients(supportLosses(solution), solution, mask) as Params;
      const before = away;
      // φ − α (∇L_support(φ) + λ (φ − θ))
      away = slopes.map((layer, index) =>
        mapParams(layer, (slope, name) => {
          const step = scale(slope, -innerLr);
          return before === undefined ? step : add(scale(before[index][name], 1 - innerLr * lambda), step);
        })
      );
      const moved = away;
      solution = start.map((layer, index) => mapParams(layer, (node, name) => add(node, moved[index][name])));
    }
    const losses = lossPerTask(network.queryOutputs(solution, support.x, query.x), query.y);
    const ofTasks = implicitGradient({
      solution,
      losses: supportLosses(solution),
      right: taskGradients(losses, solution, mask) as Params,
      ...{ strength: lambda, damping: Number(own.damping), steps: Number(own.cgSteps) },
    });
    return {
      losses,
      gradients: { params: ofTasks.map((layer) => mapParams(layer, (node) => mean(node, [0]))), meta: {} },
      taskGradients: ofTasks,
    };
  },
};
