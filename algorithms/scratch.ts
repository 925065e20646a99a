import type { Algorithm } from "./algorithm.ts";

/** No training at all: adaptation starts from random parameters. The floor that every learned start has to beat. */
export const scratch: Algorithm = {
  name: "scratch",
  title: "From scratch",
  summary: "adapts a randomly initialised network: the floor",
  source: "standard control, e.g. Finn et al. 2017, section 5 (arXiv:1703.03400)",
  deviations: [],
  supports: ["regression", "classification"],
  reads: ["shots", "innerSteps"],
  shapesTraining: [],
  gradientOrder: 0,
  outerGradient: "none",
  data: "none",
  statistics: "support",
  family: "control",
  nativeAdapters: ["gradient"],
  sharingDepth: () => null,
  adaptationMask: (_, layers) => Array<boolean>(layers).fill(true),
};
