import { z } from "zod";
import type { Algorithm } from "./algorithm.ts";
import { classTable, ROW_SETTINGS, rowFeatures } from "./blocks/class_table.ts";
import { rowLogits } from "./blocks/class_heads.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Multi-task learning as its authors' code does it: a task's head is made of rows of one table, one row per training class, and the loss is the
 * cross-entropy over the rows of the task's own classes. A class keeps its row in every task.
 *
 * Features have unit length, so that logits are ‖w‖ cos; the rows start at unit norm. There is no split into support and query.
 */
export const mtlClassRows: Algorithm = {
  name: "mtl-class-rows",
  title: "Multi-task learning (class rows)",
  summary: "shared features and one head row per class; softmax over the rows of a task's classes",
  source: "Wang, Zhao & Li 2021, section 5 and the authors' code (arXiv:2106.09017)",
  deviations: [
    "1. The rows start at unit norm; the published start (`rows: published`, norm √(classes / ways) / √3) fails where there are thousands of classes.",
    "2. The optimiser and its schedule are the sweep's (theirs: RAdam with a schedule that waits for plateaus).",
    "3. Labels are right: the authors' code merges two classes of an episode in 3 to 16 % of its episodes.",
    "4. Several tasks make up a batch; theirs accumulates gradients of one task at a time.",
  ],
  supports: ["classification"],
  reads: ["shots"],
  shapesTraining: [],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "tasks",
  anyWays: true,
  statistics: "training",
  family: "multi-task",
  trainsHead: false,
  nativeAdapters: ["logistic"],
  sharingDepth: (_, layers) => layers - 1,
  adaptationMask: (_, layers) => frozenPrefix(layers, layers),
  hyper: z.strictObject(ROW_SETTINGS),
  metaParameters: (model, settings) => [classTable(model, settings)],
  objective({ network, params, meta, own, batch: [examples], classes, lossPerTask }) {
    if (classes === undefined) throw new Error("internal: class rows need classes");
    const features = rowFeatures(network.features(params, examples.x), own);
    return { losses: lossPerTask(rowLogits(features, meta.rows, classes), examples.y) };
  },
};
