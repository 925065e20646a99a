/** What the distance between joint training and meta-learning depends on: ANIL trained at the inner steps that it is tested at, as its bound is about. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, matched } from "./comparisons.ts";
import { SINUSOID, SINUSOID_HYPER } from "./parts.ts";
import { ON_SINUSOID_MATCHED } from "./predictions.ts";

/** `--profile theory` */
export const theory: Sweep = {
  format: 2,
  name: "theory",
  title: "Multi-task learning and ANIL by inner steps",
  algorithms: ["mtl", "anil"],
  seeds: [0, 1, 2, 3, 4],
  rounds: null,
  datasets: [
    {
      ...SINUSOID,
      innerSteps: [1, 5],
      sharingDepths: [2],
      hyper: { ...SINUSOID_HYPER, trainInnerSteps: "matched" },
    },
  ],
  families: COMPARISON_FAMILIES.filter(({ name }) => name === "matched"),
  comparisons: [matched("mtl", "anil")],
  predictions: ON_SINUSOID_MATCHED,
};
