/** Made-up validation curves that agree with made-up trainings, and what it took to reach scores. */
import type { CostToTargetRow, EqualOperationsRow, TimingRow, ValidationRow } from "../rows/rows.ts";
import type { DataSetDescription } from "../view/input.ts";

/** Ten points per training that has a cost. */
export function syntheticCurves(
  timings: readonly TimingRow[],
  datasets: readonly DataSetDescription[],
  noise: (...parts: (string | number)[]) => number,
): ValidationRow[] {
  return timings.filter(({ iterations, shots }) => iterations > 0 && (shots === null || shots !== 5)).flatMap((row) => {
    const {
      trainingUnit,
      dataset,
      norm,
      algorithm,
      sharingDepth,
      shots,
      innerSteps,
      trainingTasks,
      seed,
      iterations,
      trainGflop,
    } = row;
    const metric = datasets.find(({ name }) => name === dataset)?.metric ?? "mse";
    const skill = 0.6 + 0.3 * noise("skill", algorithm, sharingDepth ?? "-");
    return Array.from({ length: 10 }, (_, i): ValidationRow => {
      const progress = skill * (1 - Math.exp(-(i + 1) / 4)) + 0.02 * noise(trainingUnit, i);
      return {
        ...{
          trainingUnit,
          dataset,
          norm,
          algorithm,
          sharingDepth,
          shots,
          innerSteps,
          trainingTasks,
          seed,
          outerLr: 0.001,
          innerLr: 0.01,
        },
        iteration: iterations * (i + 1) / 10,
        metric,
        score: metric === "mse" ? 4 * Math.exp(-4 * progress) : Math.min(1, 0.2 + 0.79 * progress),
        trainGflop: (trainGflop ?? 1) * (i + 1) / 10,
      };
    });
  });
}

const BASE: CostToTargetRow = {
  ...{
    dataset: "sinusoid",
    metric: "mse",
    goal: "final",
    norm: "none",
    goalOf: "maml",
    goalNorm: "none",
    goalTrainingTasks: null,
    trainingTasks: null,
    goalDepth: 0,
  },
  score: 0.42,
  ...{ algorithm: "mtl", sharingDepth: 2, shots: null, innerSteps: null, nSeeds: 3, nReached: 3 },
  ...{ gflopMedian: 12, gflopLeast: 10, gflopMost: 14, gradientsMedian: 25_000 },
  ...{ ratioMedian: 0.08, ratioLeast: 0.07, ratioMost: 0.1 },
};

/** There, never, and some seeds only. */
export const COST_TO_TARGET: readonly CostToTargetRow[] = [
  BASE,
  {
    ...BASE,
    ...{ goalOf: "mtl", goalDepth: 2, algorithm: "maml", sharingDepth: 0, nReached: 0, gflopMedian: null },
    ...{ gflopLeast: null, gflopMost: null, gradientsMedian: null },
    ...{ ratioMedian: null, ratioLeast: null, ratioMost: null },
  },
  {
    ...BASE,
    ...{ goal: "ladder", goalOf: "", goalNorm: null, goalDepth: null, score: 0.5, nReached: 2, gflopMost: null },
    ...{ ratioMedian: null, ratioLeast: null, ratioMost: null },
  },
];

const AT_END: EqualOperationsRow = {
  ...{ dataset: "sinusoid", metric: "mse", budget: "end", nSeeds: 3 },
  ...{ aNorm: "none", aAlgorithm: "mtl", aSharingDepth: 2, aTrainingTasks: null },
  ...{ bNorm: "none", bAlgorithm: "maml", bSharingDepth: 0, bTrainingTasks: null },
  ...{ aGflop: 27, bGflop: 210, aScore: 0.02, bScore: 0.04 },
  ...{ diff: Math.log(0.5), lo95: Math.log(0.25), hi95: Math.log(1), aUndertrained: 2, bUndertrained: 0 },
};

/** One pair at equal operations and as it ended. */
export const EQUAL_OPERATIONS: readonly EqualOperationsRow[] = [
  {
    ...AT_END,
    ...{ budget: "equal-operations", bGflop: 27, bScore: 0.2, diff: Math.log(0.1), lo95: null, hi95: null },
    ...{ aUndertrained: null, bUndertrained: null },
  },
  AT_END,
];
