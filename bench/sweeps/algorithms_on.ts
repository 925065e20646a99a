import type { DataSetSweep, Sweep } from "./schema.ts";

/** The algorithms of a sweep that are used on one of its data sets, in the sweep's order. */
export function algorithmsOn(
  { algorithms: own }: Pick<DataSetSweep, "algorithms">,
  { algorithms }: Pick<Sweep, "algorithms">,
): readonly string[] {
  return own === null ? algorithms : algorithms.filter((name) => own.includes(name));
}
