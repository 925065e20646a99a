/** Real tasks that npm packages carry, so that nothing has to be downloaded first. */
import type { Sweep } from "./schema.ts";
import { COMPARISON_FAMILIES, native } from "./comparisons.ts";
import { LANGUAGES, TIDES } from "./parts.ts";

/** `--profile real` */
export const real: Sweep = {
  format: 2,
  name: "real",
  title: "Real tasks",
  algorithms: ["mtl", "mtl-class-rows", "maml", "protonet"],
  seeds: [0, 1, 2, 3, 4],
  rounds: [5, 10, 20, 40],
  datasets: [TIDES, LANGUAGES],
  families: COMPARISON_FAMILIES,
  comparisons: [
    native("mtl", "maml"),
    native("mtl-class-rows", "maml"),
    native("mtl-class-rows", "protonet"),
  ],
  predictions: [],
};
