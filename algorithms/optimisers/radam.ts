import { z } from "zod";
import { add, div, mul, offset, scale, sqrt, square, sub } from "../tensor/ops.ts";
import { ADAM } from "./adam.ts";
import type { Optimiser } from "./optimiser.ts";

const { beta1, beta2, epsilon } = ADAM;
/** ρ_∞ */
const RHO_LIMIT = 2 / (1 - beta2) - 1;

/**
 * Adam whose adaptive step is rectified for the variance that √v has while it is young: with ρ_t = ρ_∞ − 2tβ₂ᵗ/(1 − β₂ᵗ), while ρ_t ≤ 5 a step of momentum,
 * θ ← θ − β m̂; afterwards θ ← θ − β r_t √(1 − β₂ᵗ) m̂ / (√v + ε).
 */
export const radam: Optimiser = {
  name: "radam",
  title: "RAdam",
  source: "Liu et al. 2020 (arXiv:1908.03265), Algorithm 2, with the threshold 5 of the authors' code instead of 4",
  options: z.strictObject({ name: z.literal("radam") }),
  slots: ["m", "v"],
  scalarCount: 2,
  scalars(rate, t) {
    const corrected = rate / (1 - beta1 ** t);
    const rho = RHO_LIMIT - 2 * t * beta2 ** t / (1 - beta2 ** t);
    if (rho <= 5) return [0, corrected];
    const rectifier = Math.sqrt(
      (rho - 4) * (rho - 2) * RHO_LIMIT / ((RHO_LIMIT - 4) * (RHO_LIMIT - 2) * rho),
    );
    return [corrected * rectifier * Math.sqrt(1 - beta2 ** t), 0];
  },
  step(parameter, gradient, slots, [adaptive, plain]) {
    const m = add(scale(slots.m, beta1), scale(gradient, 1 - beta1));
    const v = add(scale(slots.v, beta2), scale(square(gradient), 1 - beta2));
    const step = add(mul(div(m, offset(sqrt(v), epsilon)), adaptive), mul(m, plain));
    return { parameter: sub(parameter, step), slots: { m, v } };
  },
};
