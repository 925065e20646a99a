/** Heads that a support set gives without training: of class means, or of zeros. */
import type { LayerParams } from "../models/model.ts";
import type { Node } from "../tensor/graph.ts";
import { crossEntropyPerTask } from "../tensor/nn.ts";
import { div, matmul, neg, reshape, scale, square, sum, transpose } from "../tensor/ops.ts";
import type { InnerLoop } from "./inner_loop.ts";
import type { Params } from "./network.ts";

/** What a head is made of. */
export type SupportHead = Pick<InnerLoop, "network" | "params" | "support" | "lossPerTask">;

/** The parameters with a head made of the support set: of class means where the loss is the cross-entropy, else of zeros. */
export function withSupportHead({ network, params, support: { x, y }, lossPerTask }: SupportHead): Params {
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
