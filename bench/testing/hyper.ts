/** Settings of trainings for tests. */
import type { TrainSpec } from "../store/types.ts";

/** Adam without a schedule, outer gradients clipped elementwise, as in the built-in sweeps; the sizes are the test's. */
export function testHyper(change: Partial<TrainSpec["hyper"]> = {}): TrainSpec["hyper"] {
  return {
    ...{ iterations: 1, metaBatch: 4, queries: 5, innerLr: 0.02, outerLr: 1e-3, pool: 6 },
    optimiser: { name: "adam" },
    schedule: { name: "constant" },
    weightDecay: 0,
    clip: { by: "value", limit: 10 },
    taskLayers: "auto",
    poolMoments: "lazy",
    untilFlat: null,
    trainWays: null,
    own: {},
    ...change,
  };
}
