import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { allRowLogits } from "./blocks/class_heads.ts";
import { classTable, ROW_SETTINGS, rowFeatures } from "./blocks/class_table.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Plain supervised training on all classes at once: one softmax over a row for every training class, without tasks. Its head is thrown away, and a new
 * task gets one of its own on the frozen features.
 *
 * This is `mtl-class-rows` but for the softmax, which goes over all rows instead of those of a task.
 */
export const mtlAllRows: Algorithm = {
  name: "mtl-all-rows",
  title: "Supervised training (all rows)",
  summary: "one softmax over all training classes; a new head on frozen features for a new task",
  source: "Tian et al. 2020, section 3.1 (arXiv:2003.11539); the Baseline of Chen et al. 2019 (arXiv:1904.04232)",
  deviations: [
    "1. Features have unit length in training too (`unitFeatures: false` for the papers' way), so that this differs from `mtl-class-rows` in the softmax alone.",
    "2. The optimiser and its schedule are the sweep's (Tian et al.: SGD with momentum; Chen et al.: Adam).",
    "3. No augmentation of the support set, no distillation.",
    "4. Rows have no bias.",
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
  hyper: z.strictObject(ROW_SETTINGS),
  metaParameters: (model, settings) => [classTable(model, settings)],
  objective({ network, params, meta, own, batch: [examples], lossPerTask }) {
    const features = rowFeatures(network.features(params, examples.x), own);
    return { losses: lossPerTask(allRowLogits(features, meta.rows), examples.y) };
  },
};
