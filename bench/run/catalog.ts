/** What this product has to choose among: its own tables, as the planner sees them. */
import { adapters } from "../../algorithms/adapters/registry.ts";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import { dataSets, derivedEntries, type OwnEntry, ownEntry, type Source } from "../../data/mod.ts";
import { canonicalJson } from "../../common/digest.ts";
import { UsageError } from "../../common/errors.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { derivations } from "../sweeps/derived.ts";
import { sourced, type SourcedDataSet } from "../sweeps/sourced.ts";
import { decodingProgress } from "./decoding_progress.ts";
import type { TrainSpec } from "../store/types.ts";
import { iterationFlops, predictionFlops } from "../units/operations.ts";

/** What a program depends on, with all else the same everywhere: many specs have one program, and building it takes some milliseconds. */
function programOf(spec: TrainSpec): TrainSpec {
  return { ...spec, seed: 0, hyper: { ...spec.hyper, iterations: 1, innerLr: 0.1, outerLr: 0.1 }, validation: null };
}

/** A count that is made once per program. */
function once(
  count: typeof iterationFlops,
  data: Catalog["dataSets"],
  keyOf: (spec: TrainSpec) => unknown,
): (spec: TrainSpec) => number {
  const counts = new Map<string, number>();
  return (spec) => {
    const key = canonicalJson(keyOf(spec));
    const known = counts.get(key) ?? count(programOf(spec), data[spec.dataset]);
    counts.set(key, known);
    return known;
  };
}

function catalogWith(data: Catalog["dataSets"]): Catalog {
  return {
    algorithms,
    adapters,
    dataSets: data,
    models: Object.keys(models),
    layerCount: (model, hidden) => layerCount(model as ModelName, hidden),
    iterationFlops: once(iterationFlops, data, programOf),
    predictionFlops: once(
      predictionFlops,
      data,
      ({ dataset, ways, model, hidden, norm }) => [dataset, ways, model, hidden, norm],
    ),
  };
}

/** The product's own tables. */
export const CATALOG: Catalog = catalogWith(dataSets);

/** Data of users' own that has been looked at: a process looks once. */
const looked = new Map<string, OwnEntry>();

/**
 * Data of a user's own as a line of the table of data sets.
 *
 * @param standardisedBy what was trained on, where this is only tested on
 * @throws DataError when it cannot be used
 */
export function lookAtOwn(
  { name, source }: Pick<SourcedDataSet, "name" | "source">,
  standardisedBy?: Source,
): OwnEntry {
  const key = canonicalJson({ name, source, ...(standardisedBy === undefined ? {} : { standardisedBy }) });
  const entry = looked.get(key) ?? ownEntry(name, source, { onProgress: decodingProgress(name), standardisedBy });
  looked.set(key, entry);
  return entry;
}

/**
 * The tables with the data sets of a sweep that are its user's own, and with those that are made of others.
 *
 * @throws DataError when such data cannot be used, UsageError when it has the name of a built-in data set
 */
export function catalogOf(sweep: Sweep, catalog: Catalog = CATALOG): Catalog {
  const own = sourced(sweep);
  const made = derivations(sweep);
  if (own.length === 0 && made.length === 0) return catalog;
  const taken = own.find(({ name }) => Object.hasOwn(catalog.dataSets, name));
  if (taken !== undefined) {
    throw new UsageError(
      `The data set "${taken.name}" cannot have a source: that is the name of a built-in one; choose another name`,
    );
  }
  const entries = Object.fromEntries(own.map((entry) => [entry.name, lookAtOwn(entry)]));
  const all = { ...catalog.dataSets, ...entries };
  const derived = derivedEntries(made, {
    entries: all,
    sources: new Map(own.map(({ name, source }) => [name, source])),
    own: (name, source, standardisedBy) => lookAtOwn({ name, source }, standardisedBy),
  });
  return catalogWith({ ...all, ...derived });
}
