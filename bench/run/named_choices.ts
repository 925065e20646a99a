/** What names on the command line stand for: all algorithms but some, and data sets that a sweep has no settings for. */
import type { TaskKind } from "../../common/vocabulary.ts";
import type { Flags } from "../flags/flags.ts";
import type { Catalog } from "../plan/catalog.ts";
import { chosenNames } from "../sweeps/choice.ts";
import { defaultsOf, sizedFor } from "../sweeps/defaults.ts";
import type { DataSetSweep, Sweep } from "../sweeps/schema.ts";

type Named = Pick<Flags, "overrides">;

/** Settings for data sets that flags name and a sweep has none for: their own, at the size of the sweep. */
export function lacking(given: Sweep, { overrides: { datasets = [] } }: Named, { dataSets }: Catalog): DataSetSweep[] {
  return datasets.filter((name) => Object.hasOwn(dataSets, name) && !given.datasets.some((own) => own.name === name))
    .map((name) => sizedFor(defaultsOf(dataSets[name]), given.datasets));
}

/** What people should know of them. */
export function lackingNotes({ name: sweep }: Sweep, entries: readonly DataSetSweep[]): string[] {
  return entries.map(({ name, hyper: { iterations }, episodes }) =>
    `${name}: "${sweep}" has no settings for it; its own are taken, with ${iterations} iterations and ${episodes} test episodes`
  );
}

/** The algorithms that flags name; "all" are those that are for a kind of task that the data sets have. */
export function chosenAlgorithms(
  { algorithms: own }: Sweep,
  { overrides: { algorithms: list } }: Named,
  kinds: readonly (TaskKind | undefined)[],
  { algorithms }: Catalog,
): readonly string[] | undefined {
  if (list === undefined) return undefined;
  const known = Object.keys(algorithms);
  const all = known.filter((name) => algorithms[name].supports.some((kind) => kinds.includes(kind)));
  return chosenNames(list, { flag: "--algorithms", kind: "algorithm", known, all, own });
}
