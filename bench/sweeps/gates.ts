/** What trainings of built-in sweeps must reach. */
import type { Place } from "../../reports/rows/place.ts";

/** A largest value of something of the cells that agree in some fields. */
export interface Bound {
  readonly of: Partial<Place & { readonly dataset: string }>;
  /** `mean` MSE, its `geometric` mean, or the `spread` over seeds of the mean ln MSE. */
  readonly what: "mean" | "geometric" | "spread";
  readonly most: number;
  /** Where the number comes from. */
  readonly source: string;
}

const SINUSOID = { dataset: "sinusoid", trainingTasks: 100 } as const;
const MAML = {
  ...SINUSOID,
  ...{ algorithm: "maml", adapter: "gradient", innerSteps: 10, sharingDepth: 0, adaptDepth: 0 },
} as const;
const MTL = { ...SINUSOID, algorithm: "mtl", adapter: "ridge", sharingDepth: 2 } as const;

/** Gates by the name of their sweep. */
export const GATES: Readonly<Record<string, readonly Bound[]>> = {
  nightly: [
    { of: { ...MAML, shots: 5 }, what: "mean", most: 0.35, source: "Finn et al. 2017, table 2" },
    { of: { ...MAML, shots: 10 }, what: "mean", most: 0.1, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 5 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 10 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 5 }, what: "geometric", most: 0.2, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 10 }, what: "geometric", most: 0.01, source: "docs/recipes.md" },
  ],
};
