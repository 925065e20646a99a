/** Made-up distances of predictions, which follow a law. */
import type { DistanceRow } from "../rows/rows.ts";
import type { ReportInput } from "../view/input.ts";

/** What they follow: distance = scale · (λτ)^rate · L^depth, times e^(± a little) per seed. */
export interface Law {
  readonly rate: number;
  readonly depth: number;
  readonly scale?: number;
  readonly noise?: number;
}

/** Rows of multi-task learning and ANIL on networks of 2, 3 and 5 layers, at 1 and 5 steps of 0.01 and, at 3 layers, of 0.1. */
export function distanceRows({ rate, depth, scale = 0.5, noise = 0.01 }: Law, seeds = 5): DistanceRow[] {
  const networks = [["sinusoid", 3, 0.01], ["two", 2, 0.01], ["five", 5, 0.01], ["fast", 3, 0.1]] as const;
  return networks.flatMap(([dataset, layers, lr]) =>
    [1, 5].flatMap((innerSteps) =>
      Array.from({ length: seeds }, (_, seed): DistanceRow => ({
        ...{ dataset, norm: "none", algorithmA: "mtl", algorithmB: "anil", adapter: "gradient", shots: 10, innerSteps },
        ...{ depthA: layers - 1, depthB: layers - 1, trainingTasks: null, layers, rate: lr, seed },
        // Seeds differ in slope too, else an interval over seeds would have no width.
        distance: scale * (lr * innerSteps) ** (rate + noise * (seed % 2 === 0 ? 1 : -1)) *
          layers ** (depth + noise * (seed % 3 - 1)),
        ...{ betweenSeeds: 2, episodes: 40 },
      }))
    )
  );
}

/** An input with such distances. */
export function withDistances(input: ReportInput, law: Law = { rate: 0.5, depth: -1 }): ReportInput {
  return { ...input, distances: distanceRows(law) };
}
