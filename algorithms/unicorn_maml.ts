import type { Algorithm } from "./algorithm.ts";
import { mapParams, trajectory } from "./blocks/inner_loop.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import type { Params } from "./blocks/network.ts";
import { broadcastTo, mean } from "./tensor/ops.ts";

/** The head with one row for all classes: the mean of its rows. */
function sharedRow(params: Params): Params {
  const head = mapParams(params[params.length - 1], (node) => broadcastTo(mean(node, [2]), node.shape));
  return [...params.slice(0, -1), head];
}

/**
 * MAML whose head starts every task with the same row for all N classes, so that how a task's classes are numbered makes no difference: the support set
 * tells the rows apart.
 */
export const unicornMaml: Algorithm = {
  name: "unicorn-maml",
  title: "UNICORN-MAML",
  summary: "MAML with one head row, which all classes of a task start from",
  source: "Ye & Chao 2022, section 5 (arXiv:2106.16245)",
  deviations: [
    "1. The row is the mean of the N rows of the model's head, which all get the same gradient; the paper learns one vector.",
    "2. The features start from their random draw and logits have no temperature; the paper starts from a network trained on all classes and divides by 2.",
    "3. Inner steps are the sweep's (the paper has 15 to 20), and all layers adapt at sharing depth 0, as in MAML.",
    "4. The outer optimiser is Adam; the inner loss is the mean cross-entropy.",
    "5. What is learned is the features alone: equal logits leave a softmax as it is, so that the one row gets no gradient and stays at its draw.",
  ],
  supports: ["classification"],
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
  taskParams: sharedRow,
  objective({ network, params, batch: [support, query], mask, innerLr, innerSteps, lossPerTask }) {
    const start = sharedRow(params);
    const passed = trajectory({ network, params: start, support, mask, rates: innerLr, innerSteps, lossPerTask });
    return { losses: lossPerTask(network.queryOutputs(passed[innerSteps], support.x, query.x), query.y) };
  },
};
