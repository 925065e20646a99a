import { trajectory } from "../blocks/inner_loop.ts";
import type { GraphAdapter } from "./adapter.ts";

/** S gradient steps on the support set, on the layers of the mask: the inner loop of the MAML family, and fine-tuning of any other state. */
export const gradient: GraphAdapter = {
  name: "gradient",
  title: "gradient steps",
  short: "gradient",
  summary:
    "S steps of gradient descent on the support set, on the layers that the algorithm's mask or adaptDepth leaves open",
  source: "Finn et al. 2017 (arXiv:1703.03400), Algorithm 1, line 6",
  supports: ["regression", "classification"],
  readsInnerSteps: true,
  changes: "mask",
  startsFromHead: true,
  strength: "step size",
  form: "graph",
  trajectory: ({ strength, rates, ...loop }) => trajectory({ ...loop, rates: rates ?? strength }),
};
