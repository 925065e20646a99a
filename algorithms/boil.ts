import type { Algorithm } from "./algorithm.ts";
import { bodyOnly } from "./blocks/masks.ts";
import { maml } from "./maml.ts";

/** Body only update in inner loop: the mirror image of ANIL. Its mask is not a prefix, so it lies off the axis of sharing depth. */
export const boil: Algorithm = {
  name: "boil",
  title: "BOIL",
  summary: "MAML whose inner loop adapts the body and leaves the head",
  source: "Oh et al. 2021, section 3 (arXiv:2008.08882)",
  deviations: [
    "1. The outer optimiser is Adam, as everywhere in the built-in sweeps.",
    "2. The inner loss is the mean cross-entropy.",
  ],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: ["shots", "innerSteps"],
  gradientOrder: 2,
  outerGradient: "exact",
  data: "episodes",
  statistics: "support",
  family: "gradient-based meta-learning",
  nativeAdapters: ["gradient"],
  sharingDepth: () => null,
  adaptationMask: (_, layers) => bodyOnly(layers),
  identities: [
    {
      statement: "with inner step size 0, BOIL is MAML",
      is: "maml",
      here: { innerLr: 0, innerSteps: 3 },
      there: { depth: 0, innerLr: 0, innerSteps: 3 },
      tolerance: 1e-13,
    },
  ],
  objective: maml.objective,
};
