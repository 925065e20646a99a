import { z } from "zod";
import { add, div, mul, offset, scale, sqrt, square, sub } from "../tensor/ops.ts";
import type { Optimiser } from "./optimiser.ts";

/** β₁, β₂ and ε of Kingma & Ba 2015 (arXiv:1412.6980), Algorithm 1. */
export const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

/** m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g², θ ← θ − rate · m / (√v + ε), with the bias-corrected rate β √(1 − β₂ᵗ) / (1 − β₁ᵗ). */
export const adam: Optimiser = {
  name: "adam",
  title: "Adam",
  source: "Kingma & Ba 2015 (arXiv:1412.6980), Algorithm 1 in the order of section 2, in which ε is not bias-corrected",
  options: z.strictObject({ name: z.literal("adam") }),
  slots: ["m", "v"],
  scalarCount: 1,
  scalars: (rate, t) => [rate * Math.sqrt(1 - ADAM.beta2 ** t) / (1 - ADAM.beta1 ** t)],
  step(parameter, gradient, slots, [rate]) {
    const m = add(scale(slots.m, ADAM.beta1), scale(gradient, 1 - ADAM.beta1));
    const v = add(scale(slots.v, ADAM.beta2), scale(square(gradient), 1 - ADAM.beta2));
    return { parameter: sub(parameter, mul(div(m, offset(sqrt(v), ADAM.epsilon)), rate)), slots: { m, v } };
  },
};
