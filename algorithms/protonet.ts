import type { Algorithm } from "./algorithm.ts";
import { prototypeLogits } from "./blocks/class_heads.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Prototypical networks: a query example belongs to the class whose mean support feature is nearest, p(y = k | x) = softmax_k(−‖f(x) − c_k‖²), and training
 * maximises the likelihood of the query labels.
 *
 * f = the layers before the head, c_k = the mean of f over the support examples of class k. There is no inner loop, and the head is neither used nor trained:
 * on the axis of sharing depth it stands at d = L - 1, all layers that it has being shared by all tasks, and no layer is adapted.
 */
export const protonet: Algorithm = {
  name: "protonet",
  title: "Prototypical network",
  summary: "learns features in which a class is near the mean of its support examples",
  source: "Snell et al. 2017, equations 1 and 2 and Algorithm 1 (arXiv:1703.05175)",
  deviations: [
    "1. The step size follows the sweep's schedule; the authors' code halves it every 2,000 episodes and trains until validation stops improving.",
    "2. Several episodes make up a batch; theirs has one.",
    "3. It trains at the ways of the test episodes unless the sweep's `trainWays` says more; the authors train Omniglot at 60 ways.",
    "4. Under `batch-inductive`, training normalises by statistics over all episodes of the batch, of support and query apart; the authors' are of one episode, support and query in one pass.",
    "5. Each task's gradient may be clipped by its norm, as the built-in sweeps do; the authors clip nothing.",
  ],
  supports: ["classification"],
  reads: ["shots"],
  shapesTraining: ["shots"],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "episodes",
  anyWays: true,
  statistics: "training",
  family: "metric",
  trainsHead: false,
  nativeAdapters: ["prototypes"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  objective({ network, params, batch: [support, query], lossPerTask }) {
    const features = network.features(params, support.x);
    const queries = network.queryFeatures(params, support.x, query.x);
    return { losses: lossPerTask(prototypeLogits(features, support.y, queries), query.y) };
  },
};
