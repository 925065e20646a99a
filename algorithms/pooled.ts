import type { Algorithm } from "./algorithm.ts";
import { jointObjective } from "./blocks/joint.ts";

/**
 * One network for all tasks: joint training without task parameters (sharing depth L), then fine-tuning of all layers.
 * Without adaptation it cannot do better than the best predictor that ignores the task.
 */
export const pooled: Algorithm = {
  name: "pooled",
  title: "Pooled training",
  summary: "one network for all tasks, no task parameters, then fine-tuned",
  source: 'the "pretrained" baseline of Finn et al. 2017, section 5.1 (arXiv:1703.03400)',
  deviations: ["1. Fine-tuning uses the sweep's inner learning rate; the paper tunes it by hand."],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: [],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "episodes",
  statistics: "training",
  family: "control",
  nativeAdapters: ["gradient"],
  sharingDepth: (_, layers) => layers,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
  objective: jointObjective,
};
