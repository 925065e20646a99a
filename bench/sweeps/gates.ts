/** What trainings of built-in sweeps must reach. */
import type { Place } from "../../reports/rows/place.ts";

/** What of a cell is held to a bound. */
type Bounded =
  | {
    /** `mean` MSE, its `geometric` mean, the `spread` over seeds of the mean ln MSE, or the number of seeds that `restarted`. */
    readonly what: "mean" | "geometric" | "spread" | "restarted";
    readonly most: number;
  }
  | { readonly what: "accuracy"; readonly least: number };

/** A bound of something of the cells that agree in some fields. */
export type Bound = Bounded & {
  readonly of: Partial<Place & { readonly dataset: string }>;
  /** Where the number comes from. */
  readonly source: string;
};

const SINUSOID = { dataset: "sinusoid", trainingTasks: 100 } as const;
const MAML = {
  ...SINUSOID,
  ...{ algorithm: "maml", adapter: "gradient", innerSteps: 10, sharingDepth: 0, adaptDepth: 0 },
} as const;
const MTL = { ...SINUSOID, algorithm: "mtl", adapter: "ridge", sharingDepth: 2 } as const;

/** Two points below what is known at about as many operations, at one shot and at five. */
function onOmniglot(of: Bound["of"], [one, five]: readonly [number, number]): Bound[] {
  const source = "docs/results_omniglot.md";
  const place = { ...of, dataset: "omniglot" };
  return [
    { of: { ...place, shots: 1 }, what: "accuracy", least: one, source },
    { of: { ...place, shots: 5 }, what: "accuracy", least: five, source },
  ];
}

/** Gates by the name of their sweep. */
export const GATES: Readonly<Record<string, readonly Bound[]>> = {
  nightly: [
    { of: { ...MAML, shots: 5 }, what: "mean", most: 0.35, source: "Finn et al. 2017, table 2" },
    { of: { ...MAML, shots: 10 }, what: "mean", most: 0.1, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 5 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 10 }, what: "spread", most: 0.3, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 5 }, what: "geometric", most: 0.2, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 10 }, what: "geometric", most: 0.01, source: "docs/recipes.md" },
    { of: { ...MAML, shots: 10 }, what: "restarted", most: 0, source: "docs/recipes.md" },
    { of: { ...MTL, shots: 10 }, what: "restarted", most: 0, source: "docs/recipes.md" },
  ],
  omniglot: [
    ...onOmniglot({ algorithm: "mtl-class-rows", norm: "batch-inductive", adapter: "logistic" }, [0.763, 0.886]),
    ...onOmniglot({ algorithm: "mtl-all-rows", norm: "batch-inductive", adapter: "logistic" }, [0.79, 0.907]),
    ...onOmniglot({ algorithm: "protonet", norm: "batch-inductive", adapter: "prototypes" }, [0.795, 0.909]),
    // MAML's stronger normalisation at one shot, and at five.
    onOmniglot({ algorithm: "maml", norm: "layer", adapter: "gradient", innerSteps: 5 }, [0.758, 0])[0],
    onOmniglot({ algorithm: "maml", norm: "batch-inductive", adapter: "gradient", innerSteps: 5 }, [0, 0.888])[1],
  ],
};
