import { trajectory } from "../blocks/inner_loop.ts";
import { withSupportHead } from "../blocks/support_head.ts";
import type { GraphAdapter } from "./adapter.ts";

/** S gradient steps on the support set on all layers, whatever training left open, from a head that the support set gives. */
export const finetuneAll: GraphAdapter = {
  name: "finetune-all",
  title: "fine-tuning of all layers",
  short: "fine-tuning",
  summary: "a head from class means (classification) or of zeros, then S steps of gradient descent on all layers",
  source:
    "Triantafillou et al. 2020 (arXiv:1903.03096), section 3, for fine-tuning that starts from prototypes; Snell et al. 2017 (arXiv:1703.05175), equation 8, for the head",
  supports: ["regression", "classification"],
  readsInnerSteps: true,
  changes: "all",
  startsFromHead: false,
  strength: "step size",
  form: "graph",
  trajectory: ({ strength, rates, ...task }) =>
    trajectory({
      ...task,
      params: withSupportHead(task),
      mask: task.mask.map(() => true),
      rates: rates ?? strength,
    }),
};
