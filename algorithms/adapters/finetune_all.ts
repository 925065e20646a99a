import { trajectory } from "../blocks/inner_loop.ts";
import type { Params } from "../blocks/network.ts";
import type { LayerParams } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import { crossEntropyPerTask } from "../tensor/nn.ts";
import { div, matmul, neg, reshape, scale, square, sum, transpose } from "../tensor/ops.ts";
import type { GraphAdapter, GraphTask } from "./adapter.ts";

/** The parameters with a head made of the support set. */
function withHead({ network, params, support: { x, y }, lossPerTask }: GraphTask): Params {
  const features = network.features(params, x);
  const onClasses = lossPerTask === crossEntropyPerTask;
  return [...params.slice(0, -1), onClasses ? prototypeHead(features, y) : zeroHead(features, y)];
}

/**
 * The rows 2 c_k and biases −‖c_k‖² of class means c_k: the logits −‖f − c_k‖² but for ‖f‖², which all classes share.
 *
 * @param features [T, n, D]
 * @param targets one-hot labels, [T, n, N]
 */
function prototypeHead(features: Node, targets: Node): LayerParams {
  const [tasks, , classes] = targets.shape;
  const perClass = reshape(sum(targets, [1]), [tasks, classes, 1]);
  const means = div(matmul(targets, features, true), perClass); // [T, N, D]
  return {
    weight: scale(transpose(means, [0, 2, 1]), 2),
    bias: neg(transpose(sum(square(means), [2]), [0, 2, 1])),
  };
}

function zeroHead({ graph, shape: [tasks, , width] }: Node, { shape: [, , outputs] }: Node): LayerParams {
  return { weight: graph.constant(0, [tasks, width, outputs]), bias: graph.constant(0, [tasks, 1, outputs]) };
}

/** S gradient steps on the support set on all layers, whatever training left open, from a head that the support set gives. */
export const finetuneAll: GraphAdapter = {
  name: "finetune-all",
  title: "fine-tuning of all layers",
  short: "fine-tuning",
  summary: "a head from class means (classification) or of zeros, then S steps of gradient descent on all layers",
  source:
    "Triantafillou et al. 2020 (arXiv:1903.03096), section 3, for fine-tuning that starts from prototypes; Snell et al. 2017 (arXiv:1703.05175), equation 8, for the head",
  supports: ["regression", "classification"],
  readsInnerSteps: true,
  changes: "all",
  startsFromHead: false,
  strength: "step size",
  form: "graph",
  trajectory: ({ strength, rates, ...task }) =>
    trajectory({
      ...task,
      params: withHead({ strength, rates, ...task }),
      mask: task.mask.map(() => true),
      rates: rates ?? strength,
    }),
};
