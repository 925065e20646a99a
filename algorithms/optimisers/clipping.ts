/** How outer gradients are kept from exploding. */
import { z } from "zod";
import type { Node } from "../tensor/graph.ts";
import { add, clip, div, minimum, mul, offset, reshape, sqrt, square, sumAll } from "../tensor/ops.ts";

/** The schema of a clipping: `by` value (elementwise), `norm` (of everything together) or `task-norm` (of each task's own gradient, before the mean). */
export const clippingSchema = z.strictObject({
  by: z.enum(["value", "norm", "task-norm"]).describe(
    "value: every element by itself; norm: all gradients by their common norm; task-norm: each task's gradient by its norm, before the mean over tasks.",
  ),
  limit: z.number().positive().describe("Largest absolute value, or largest norm."),
});

/** A clipping. */
export type Clipping = Readonly<z.infer<typeof clippingSchema>>;

/** Keeps the norm from dividing by zero. */
const TINY = 1e-12;

/** The mean gradients after clipping by value or by their common Euclidean norm; task-norm clipping comes before the mean, and not here. */
export function clipped(gradients: readonly Node[], clipping: Clipping | null): readonly Node[] {
  if (clipping === null || clipping.by === "task-norm") return gradients;
  const { limit } = clipping;
  if (clipping.by === "value") return gradients.map((gradient) => clip(gradient, -limit, limit));
  const [{ graph }] = gradients;
  const squares = gradients.map((gradient) => sumAll(square(gradient)));
  const norm = sqrt(offset(squares.reduce(add), TINY));
  const factor = minimum(div(graph.constant(limit, norm.shape), norm), graph.constant(1, norm.shape));
  return gradients.map((gradient) => mul(gradient, reshape(factor, gradient.shape.map(() => 1))));
}
