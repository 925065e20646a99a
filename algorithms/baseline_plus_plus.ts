import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { allRowLogits, unitLength } from "./blocks/class_heads.ts";
import { classTable } from "./blocks/class_table.ts";
import { frozenPrefix } from "./blocks/masks.ts";
import { mul, scale } from "./tensor/ops.ts";

/**
 * Plain supervised training on all classes at once, with a softmax over s g_k cos(f(x), v_k): the features meet a direction v_k for every training class,
 * and each class has a learned norm g_k of its own.
 *
 * It is `mtl-all-rows` whose rows are s g_k v_k / ‖v_k‖: the same model, with other parameters to descend along.
 */
export const baselinePlusPlus: Algorithm = {
  name: "baseline-plus-plus",
  title: "Baseline++",
  summary: "one softmax over the cosines of all training classes, with a learned norm for each",
  source: "Chen et al. 2019, section 3.2 (arXiv:1904.04232), and the authors' code, which has the norms",
  deviations: [
    "1. Directions and norms start at 1; in the authors' code the norms start at about 0.58.",
    "2. s is 10 whatever the number of classes; the authors' code has 2 up to 200 classes and 10 beyond.",
    "3. A new task's head of cosines with norms is a linear one without bias on features of length 1: it is solved for, with a bias, instead of trained by 100 epochs of SGD with weight decay.",
    "4. The optimiser and its schedule are the sweep's (theirs: Adam); no augmentation.",
  ],
  supports: ["classification"],
  reads: ["shots"],
  shapesTraining: [],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "labelled",
  statistics: "training",
  family: "multi-task",
  trainsHead: false,
  nativeAdapters: ["logistic"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject({
    scale: z.number().positive().max(1000).default(10).describe("s, which cosines are multiplied by."),
  }),
  metaParameters: (model, settings) => [
    classTable(model, settings),
    { name: "norms", shape: [settings.trainClasses, 1], init: (size) => new Float32Array(size).fill(1) },
  ],
  objective({ network, params, meta, own, batch: [examples], lossPerTask }) {
    const features = unitLength(network.features(params, examples.x));
    const rows = mul(unitLength(meta.rows), meta.norms);
    return { losses: lossPerTask(scale(allRowLogits(features, rows), Number(own.scale)), examples.y) };
  },
};
