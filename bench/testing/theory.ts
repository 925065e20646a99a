/** A sweep for tests of distances between predictions. */
import { matched } from "../sweeps/comparisons.ts";

/** Makes the tiny sweep one of MTL and ANIL at one step size, with two seeds. */
export function comparisonsOfTheory(sweep: Record<string, unknown>, keptPredictions: number | undefined): void {
  const [entry] = sweep.datasets as Record<string, unknown>[];
  Object.assign(entry, {
    adapters: ["gradient"],
    tuning: null,
    validation: null,
    hyper: { ...entry.hyper as object, adaptLrs: [], innerLr: 0.01 },
    ...(keptPredictions === undefined ? {} : { keptPredictions }),
  });
  Object.assign(sweep, {
    algorithms: ["mtl", "anil"],
    seeds: [0, 1],
    comparisons: [matched("mtl", "anil")],
    predictions: [],
  });
}
