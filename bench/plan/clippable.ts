/** Whether the outer gradients of a sweep's trainings can be clipped as it says, which only their programs tell. */
import type { Sweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { planSweep } from "./plan.ts";

/**
 * Looks at one training of each algorithm on each data set whose tasks are clipped one by one.
 *
 * @throws UsageError where an algorithm's gradient cannot be told by task
 */
export function requireClippable(sweep: Sweep, catalog: Catalog): void {
  const first = <T>(values: readonly T[]) => values.slice(0, 1);
  const small: Sweep = {
    ...sweep,
    seeds: first(sweep.seeds),
    datasets: sweep.datasets.map((entry) => ({
      ...entry,
      shots: first(entry.shots),
      innerSteps: first(entry.innerSteps),
      trainingTasks: first(entry.trainingTasks),
    })),
  };
  const seen = new Set<string>();
  for (const { spec } of planSweep(small, catalog, { unit: () => "", evaluation: () => "" }).units) {
    const subject = `${spec.dataset} ${spec.algorithm}`;
    if (spec.hyper.clip?.by === "task-norm" && !seen.has(subject)) catalog.iterationFlops(spec);
    seen.add(subject);
  }
}
