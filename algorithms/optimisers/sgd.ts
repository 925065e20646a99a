import { z } from "zod";
import { add, mul, scale, sub } from "../tensor/ops.ts";
import type { Optimiser } from "./optimiser.ts";

/** u ← μu + g, θ ← θ − β u; with Nesterov's look-ahead θ ← θ − β (g + μu). */
export const sgd: Optimiser = {
  name: "sgd",
  title: "SGD with momentum",
  source: "Sutskever et al. 2013, equations 1-4, with the velocity in units of gradients",
  options: z.strictObject({
    name: z.literal("sgd"),
    momentum: z.number().min(0).lt(1).default(0.9).describe("μ: how much of the last step's velocity is kept."),
    nesterov: z.boolean().default(false).describe("Whether the gradient is looked ahead along the velocity."),
  }),
  slots: ["u"],
  scalarCount: 1,
  scalars: (rate) => [rate],
  step(parameter, gradient, slots, [rate], { momentum, nesterov }) {
    const u = add(scale(slots.u, Number(momentum)), gradient);
    const direction = nesterov === true ? add(gradient, scale(u, Number(momentum))) : u;
    return { parameter: sub(parameter, mul(direction, rate)), slots: { u } };
  },
};
