/** Omniglot at about a thousand GFLOP of training each: multi-task learning in its forms on classes, prototypes and MAML, in a quarter of an hour on two cores. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, nativeAcross, onClasses } from "./comparisons.ts";
import { OMNIGLOT, OMNIGLOT_HYPER } from "./parts.ts";

/** `--profile omniglot` */
export const omniglot: Sweep = {
  format: 2,
  name: "omniglot",
  title: "Multi-task learning on classes, prototypes and MAML at equal operations",
  algorithms: ["mtl-class-rows", "mtl-all-rows", "protonet", "maml"],
  seeds: [0, 1, 2],
  rounds: null,
  datasets: [
    {
      ...OMNIGLOT,
      // MAML normalises a new task by its support set alone where training statistics do not fit it: layer normalisation is its strongest inductive form.
      norms: ["batch-inductive", "layer"],
      innerSteps: [1, 5],
      depthsOf: {},
      optional: false,
      // The same operations for all, at one shot and at five: what MAML needs for about a thousand iterations at one shot.
      hyper: { ...OMNIGLOT_HYPER, gflop: 1030 },
      overrides: {
        "mtl-class-rows": { outerLr: 1.2e-2 },
        "mtl-all-rows": { outerLr: 1.2e-2 },
        protonet: { outerLr: 6e-3 },
      },
    },
  ],
  families: COMPARISON_FAMILIES,
  comparisons: [
    ...onClasses(),
    ...(["mtl-class-rows", "mtl-all-rows"] as const).map((rows) =>
      nativeAcross(rows, "batch-inductive", "maml", "layer")
    ),
  ],
  predictions: [],
};
