/** The sweep that is planned: as many cells and units as the largest one that is promised, all axes in use. */
import { COMPARISON_FAMILIES, COMPARISONS } from "../sweeps/comparisons.ts";
import { SINUSOID } from "../sweeps/parts.ts";
import { quick } from "../sweeps/quick.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";

/** How large it is. */
export interface Size {
  /** At full axes each is 482 units and 9,504 cells more. */
  readonly seeds: number;
  /** Values of the axis of shots. */
  readonly shots: number;
  /** Values of the axis of inner steps. */
  readonly steps: number;
  /** Test episodes per cell. */
  readonly episodes: number;
}

/** At least the 100,000 cells and 5,000 units that are promised: 104,544 and 5,302 where the quick sweep has eleven algorithms. */
export const FULL: Size = { seeds: 11, shots: 6, steps: 12, episodes: 200 };

const SHOTS = [1, 2, 3, 5, 8, 10];
const STEPS = [0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30];

/** The sweep of a size. */
export function scaleSweep({ seeds, shots, steps, episodes }: Size): Sweep {
  const entry: DataSetSweep = {
    ...SINUSOID,
    hidden: [40, 40, 40, 40],
    shots: SHOTS.slice(0, shots),
    innerSteps: STEPS.slice(0, steps),
    sharingDepths: [0, 1, 2, 3, 4],
    adaptDepths: ["native", 0, 1],
    taskStarts: ["mean", "common"],
    hyper: { ...SINUSOID.hyper, trainInnerSteps: { matchedUpTo: 3 } },
    episodes,
  };
  return {
    format: 2,
    name: "scale",
    title: "Simulated results of a large sweep",
    algorithms: quick.algorithms,
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
    rounds: null,
    datasets: [entry, { ...entry, name: "sinusoid-frequency" }],
    families: COMPARISON_FAMILIES,
    comparisons: COMPARISONS,
    predictions: [],
  };
}
