import type { DataSetSweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { trainSpec } from "./plan.ts";
import { hyperOf } from "./validate.ts";

/**
 * What an outer iteration costs beside that of another algorithm: the ratio of counted operations, each at its own sharing depth, the most shots and the most inner
 * steps of a data set's entry.
 *
 * @returns undefined where either is not for its kind of task, or trains nothing
 */
export function relativeCost(
  entry: DataSetSweep,
  name: string,
  reference: string,
  catalog: Catalog,
): number | undefined {
  const [own, other] = [name, reference].map((algorithm) => iterationCost(entry, algorithm, catalog));
  return own > 0 && other > 0 ? own / other : undefined;
}

/** Operations of one iteration; 0 without any. */
function iterationCost(entry: DataSetSweep, name: string, catalog: Catalog): number {
  const algorithm = catalog.algorithms[name];
  if (algorithm.data === "none" || !algorithm.supports.includes(catalog.dataSets[entry.name].kind)) return 0;
  const layers = catalog.layerCount(entry.model, entry.hidden);
  const depth = algorithm.sharingDepth(algorithm.nativeSharingDepth?.(layers) ?? 0, layers);
  const [trainingTasks] = entry.trainingTasks;
  const spec = trainSpec(
    {
      ...{ entry, algorithm, hyper: hyperOf(entry, name), layers, norm: entry.norms[0], depth: depth ?? null, seed: 0 },
      trainingTasks: trainingTasks === "fresh" ? null : trainingTasks,
    },
    { shots: Math.max(...entry.shots), innerSteps: Math.max(...entry.innerSteps) },
    catalog,
  );
  return catalog.iterationFlops(spec);
}
