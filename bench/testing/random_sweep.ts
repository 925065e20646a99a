/** Tiny sweeps drawn at random, usual and odd values alike: what passes the dry run must also run, be drawn and be merged. */
import { rng } from "../../common/random.ts";
import { adapters } from "../../algorithms/adapters/registry.ts";
import { algorithms as table } from "../../algorithms/registry.ts";
import { NORMS, TASK_STARTS } from "../../common/vocabulary.ts";

/** A sweep as a file would hold it, determined by its key. */
export function randomSweep(sound: Record<string, unknown>, ...key: readonly (string | number)[]): unknown {
  const random = rng(["random sweep", ...key]);
  const one = <T>(values: readonly T[]): T => values[Math.floor(random.uniform() * values.length)];
  const some = <T>(values: readonly T[], most = values.length): T[] => {
    const count = 1 + Math.floor(random.uniform() * Math.min(most, values.length));
    const found = new Set<T>();
    while (found.size < count) found.add(one(values));
    return values.filter((value) => found.has(value));
  };
  const algorithms = some(Object.keys(table), 3);
  const seeds = some([0, 1, 7, 1e9], 3);
  const [entry] = sound.datasets as Record<string, Record<string, unknown>>[];
  const validation = {
    ...{ episodes: one([2, 5]), points: one([1, 3, 50]), shots: one([1, 5]), innerSteps: one([1, 3]) },
    ...{ queries: one([1, 20]), tolerance: one([0, 0.05, 1e6]) },
  };
  const watched = random.uniform() < 0.7;
  const tuned = watched && random.uniform() < 0.4;
  return {
    ...sound,
    ...{ algorithms, seeds },
    title: one(["Tiny", "", "Größe & <b>", "=1+1", "x".repeat(1000), "漢字"]),
    rounds: random.uniform() < 0.3 ? [seeds.length, 2 * seeds.length] : null,
    datasets: some(["sinusoid", "sinusoid-frequency"]).map((name) => ({
      ...entry,
      name,
      hidden: one([[4, 4], [1], [3, 3, 3]]),
      norms: some(NORMS, 2),
      shots: some([1, 2, 5], 2),
      innerSteps: some([0, 1, 2], 2),
      sharingDepths: some([0, 1, 2], 2),
      adapters: some(Object.keys(adapters), 3),
      adaptDepths: some(["native", 0, 1], 2),
      trainingTasks: some(["fresh", 1, 4], 2),
      taskStarts: some(TASK_STARTS, 2),
      episodes: one([1, 2, 4]),
      margin: one([1.25, 0.8, 1.001, 1000, 0.001]),
      divergedFactor: one([10, 1e-300, 1e300]),
      validation: watched ? validation : null,
      tuning: tuned
        ? {
          outerLrs: one([[1e-3, 4e-3], [1e-3, 1e3]]),
          innerLrs: some([0.01, 1e3]),
          iterations: one([null, 1]),
          seed: 0,
        }
        : null,
      hyper: {
        ...entry.hyper,
        iterations: one([1, 3, 6]),
        gflop: one([null, null, 1e-9, 1e-5]),
        metaBatch: one([1, 2, 5]),
        queries: one([1, 5]),
        innerLr: one([0, 0.01, 1e3, 1e300]),
        adaptLrs: one([[], [0.01], [0, 0.01, 1e300]]),
        outerLr: one([1e-3, 1e-300, 10, 1e300]),
        optimiser: { name: one(["adam", "sgd"]) },
        weightDecay: one([0, 0.1, 1e300]),
        clip: one([null, { by: "task-norm", limit: 10 }]),
        pool: one([1, 4]),
        taskLayers: one(["auto", "common", "independent"]),
        poolMoments: one(["lazy", "dense"]),
        untilFlat: watched && validation.points >= 10 ? one([null, { tolerance: 1e6 }]) : null,
        trainShots: one(["matched", 2, { matchedUpTo: 2 }]),
        trainInnerSteps: one(["matched", 1, { matchedUpTo: 1 }]),
      },
      overrides: {},
    })),
    ...(random.uniform() < 0.5 ? { comparisons: [], predictions: [] } : {}),
  };
}
