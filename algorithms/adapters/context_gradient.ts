import { contextTrajectory } from "../blocks/context.ts";
import type { GraphAdapter } from "./adapter.ts";

/** S gradient steps on the support set on a task's context vector alone, from 0. */
export const contextGradient: GraphAdapter = {
  name: "context-gradient",
  title: "gradient steps on contexts",
  short: "context",
  summary: "S steps of gradient descent on the support set, on the context vector that the network was trained with",
  source: "Zintgraf et al. 2019 (arXiv:1810.03642), equation 3 and Algorithm 1, line 6",
  supports: ["regression", "classification"],
  readsInnerSteps: true,
  changes: "context",
  startsFromHead: true,
  strength: "step size",
  form: "graph",
  trajectory({ context, strength, ...task }) {
    if (context === undefined) throw new Error("internal: there are no context vectors to adapt");
    return contextTrajectory({ ...task, context, rate: strength });
  },
};
