/** Axis values given on the command line in place of a sweep's own. */
import { UsageError } from "../../common/errors.ts";
import type { DataSetSweep, Sweep } from "./schema.ts";

/** Axes of a data set that the command line can replace. */
type Axes = Pick<
  DataSetSweep,
  "shots" | "innerSteps" | "sharingDepths" | "adapters" | "norms" | "adaptDepths" | "trainingTasks" | "taskStarts"
>;

/** Axis values given on the command line; undefined = the sweep's own. */
export interface Overrides extends Partial<Axes>, Partial<Pick<Sweep, "algorithms" | "seeds" | "rounds">> {
  /** Names of the data sets that are kept. */
  readonly datasets?: readonly string[];
}

/**
 * The sweep with its axes replaced by those of the command line.
 *
 * @param own data sets that the command line brings along, by what they are named there
 * @throws UsageError for a data set the sweep lacks
 */
export function applyOverrides(
  sweep: Sweep,
  overrides: Overrides,
  own: ReadonlyMap<string, DataSetSweep> = new Map(),
): Sweep {
  const { datasets: names, algorithms, seeds, rounds = seeds === undefined ? sweep.rounds : null, ...axes } = overrides;
  const given: Partial<DataSetSweep> = {
    ...Object.fromEntries(Object.entries(axes).filter(([, value]) => value !== undefined)),
    ...(axes.sharingDepths === undefined ? {} : { depthsOf: {} }),
    // Algorithms that are asked for are wanted on every data set.
    ...(algorithms === undefined ? {} : { algorithms: null }),
  };
  const chosen = names === undefined ? sweep.datasets : names.map((name) => own.get(name) ?? demand(sweep, name));
  return {
    ...sweep,
    algorithms: algorithms ?? sweep.algorithms,
    seeds: seeds ?? sweep.seeds,
    rounds,
    datasets: chosen.map((entry): DataSetSweep => ({ ...entry, ...given })),
  };
}

/** A data set that is asked for by name is not optional any more. */
function demand(sweep: Sweep, name: string): DataSetSweep {
  const found = sweep.datasets.find((entry) => entry.name === name);
  if (found !== undefined) return { ...found, optional: false };
  const present = sweep.datasets.map((entry) => entry.name).join(", ");
  throw new UsageError(
    `--datasets ${name}: the sweep "${sweep.name}" has no settings for it, only for ${present}; choose another --profile or write a --sweep file`,
  );
}
