/** Costs that are counted, not measured. */
import type { PlannedAlgorithm } from "./catalog.ts";
import type { TrainSpec } from "../store/types.ts";

/**
 * Gradients of one task's loss that one outer iteration evaluates, from what the algorithm declares: S inner ones per task where training runs an
 * inner loop that changes something, and the outer one, unless the outer gradient is the inner loop's own displacement. Differentiating through
 * the inner loop (second order) adds no gradient to this count; its cost is in the operations.
 *
 * @param layers L of the model
 */
export function gradientsPerIteration(
  algorithm: PlannedAlgorithm,
  { hyper, sharingDepth, innerSteps }: Pick<TrainSpec, "hyper" | "sharingDepth" | "innerSteps">,
  layers: number,
): number {
  if (algorithm.data === "none") return 0;
  const tasks = algorithm.data === "pool" ? Math.min(hyper.metaBatch, hyper.pool) : hyper.metaBatch;
  const loops = algorithm.shapesTraining.includes("innerSteps") &&
    algorithm.adaptationMask(sharingDepth, layers).includes(true);
  const inner = loops ? Math.max(1, innerSteps ?? 1) : 0;
  const outer = algorithm.outerGradient === "displacement" ? 0 : 1;
  return tasks * (inner + outer);
}
