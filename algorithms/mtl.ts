import type { Algorithm } from "./algorithm.ts";
import { jointObjective } from "./blocks/joint.ts";
import { frozenPrefix } from "./blocks/masks.ts";

/**
 * Multi-task learning by hard parameter sharing: min over θ, {w_t} of Σ_t L_t(θ, w_t) over a fixed pool of training tasks, where θ are the
 * layers 1..d that all tasks share and w_t the layers d+1..L of task t.
 *
 * d = `sharingDepth`. There is no inner loop, and test shots and steps do not enter training: one training serves them all.
 */
export const mtl: Algorithm = {
  name: "mtl",
  title: "Multi-task learning",
  summary: "hard parameter sharing: shared layers and task-specific layers trained jointly on a pool of tasks",
  source: "Caruana 1997; Wang, Zhao & Li 2021, section 3 (arXiv:2106.09017)",
  deviations: [
    "1. Each task of the pool has layers of its own, as in the paper's formulation; the authors' code keeps one head row per class instead.",
    "2. Adam with a constant step size, as everywhere in the built-in sweeps (theirs: RAdam with a schedule); the task-specific layers' moments advance when their task is drawn.",
    "3. The task-specific layers of all training tasks start from one common draw; a new task starts from their mean, that draw or a fresh one.",
    "4. The solved head keeps a bias.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps", "sharingDepth", "taskStart"],
  shapesTraining: ["sharingDepth"],
  gradientOrder: 1,
  outerGradient: "exact",
  data: "pool",
  statistics: "training",
  family: "multi-task",
  nativeAdapters: ["ridge", "logistic"],
  sharingDepth: (asked) => asked,
  nativeSharingDepth: (layers) => layers - 1,
  adaptationMask: frozenPrefix,
  identities: [
    {
      statement: "at sharing depth L, multi-task learning is pooled training",
      is: "pooled",
      here: { depth: "L" },
      there: {},
      tolerance: 0,
    },
  ],
  objective: jointObjective,
};
