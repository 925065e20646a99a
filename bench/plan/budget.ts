/** Trainings that have a budget of operations instead of a number of iterations. */
import { UsageError } from "../../common/errors.ts";
import { MAX } from "../sweeps/bounds.ts";
import type { TrainSpec } from "../store/types.ts";
import type { Catalog } from "./catalog.ts";

/**
 * A training with as many iterations as come closest to its budget, at least one.
 *
 * @param gflop 10⁹ counted operations; null: the training keeps its iterations
 * @throws UsageError when these would be more iterations than any training may have
 */
export function withBudget(spec: TrainSpec, gflop: number | null, { algorithms, iterationFlops }: Catalog): TrainSpec {
  if (gflop === null || algorithms[spec.algorithm].data === "none") return spec;
  const iterations = Math.max(1, Math.round(gflop * 1e9 / iterationFlops(spec)));
  if (iterations > MAX.number) {
    throw new UsageError(
      `Cannot train ${spec.algorithm} on "${spec.dataset}" for ${gflop} GFLOP: that is ${iterations} iterations, and ${MAX.number} is the most; lower gflop`,
    );
  }
  return { ...spec, hyper: { ...spec.hyper, iterations } };
}
