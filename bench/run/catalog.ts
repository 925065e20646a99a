/** What this product has to choose among: its own tables, as the planner sees them. */
import { adapters } from "../../algorithms/adapters/registry.ts";
import { layerCount, type ModelName, models } from "../../algorithms/models/registry.ts";
import { algorithms } from "../../algorithms/registry.ts";
import type { DataSetEntry, EpisodeStyle } from "../../data/contract/dataset.ts";
import {
  ANY_WAY,
  dataSets,
  derivedEntries,
  derivedName,
  type OwnEntry,
  ownEntry,
  type Source,
} from "../../data/mod.ts";
import { canonicalJson } from "../../common/digest.ts";
import { UsageError } from "../../common/errors.ts";
import { unknownName } from "../../common/suggest.ts";
import type { Catalog } from "../plan/catalog.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { derivations } from "../sweeps/derived.ts";
import { sourced } from "../sweeps/sourced.ts";
import { type Variant, variants } from "../sweeps/variants.ts";
import { EPISODE_STYLES } from "../../data/contract/episode_styles.ts";
import { drawnAs } from "../units/variants.ts";
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
    models,
    layerCount: (model, hidden) => layerCount(model as ModelName, hidden),
    iterationFlops: once(iterationFlops, data, programOf),
    predictionFlops: once(
      predictionFlops,
      data,
      ({ dataset, ways, model, modelOptions = {}, hidden, norm }) => [dataset, ways, model, modelOptions, hidden, norm],
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
  { name, source }: { readonly name: string; readonly source: Source },
  standardisedBy?: Source,
): OwnEntry {
  const key = canonicalJson({ name, source, ...(standardisedBy === undefined ? {} : { standardisedBy }) });
  const entry = looked.get(key) ?? ownEntry(name, source, { onProgress: decodingProgress(name), standardisedBy });
  looked.set(key, entry);
  return entry;
}

/**
 * The tables with the data sets of a sweep that are its user's own, variants of others, or made of others.
 *
 * @throws DataError when such data cannot be used, UsageError when it has the name of a built-in data set or there are no such tasks of it
 */
export function catalogOf(sweep: Sweep, catalog: Catalog = CATALOG): Catalog {
  const own = sourced(sweep);
  const drawn = variants(sweep);
  const made = derivations(sweep);
  if (own.length === 0 && drawn.length === 0 && made.length === 0) return catalog;
  const taken = own.find(({ name }) => Object.hasOwn(catalog.dataSets, name));
  if (taken !== undefined) {
    throw new UsageError(
      `The data set "${taken.name}" cannot have a source: that is the name of a built-in one; choose another name`,
    );
  }
  const two = own.find(({ name }, index) => own.findIndex((other) => other.name === name) !== index);
  if (two !== undefined) {
    throw new UsageError(`The variants of "${two.name}" have two sources: give each source a name of its own in "of"`);
  }
  const known = { ...catalog.dataSets, ...Object.fromEntries(own.map((entry) => [entry.name, lookAtOwn(entry)])) };
  const isOwn = new Set(own.map(({ name }) => name));
  const entries = drawn.map((variant) => [variant.name, variantEntry(variant, known, isOwn.has(variant.of))]);
  const all = { ...known, ...Object.fromEntries(entries) };
  const derived = derivedEntries(made, {
    entries: all,
    sources: new Map(own.map(({ name, source }) => [name, source])),
    own: (name, source, standardisedBy) => lookAtOwn({ name, source }, standardisedBy),
  });
  const uneven = drawn.find(({ name, style }) =>
    "imbalance" in EPISODE_STYLES[style] && made.some(({ from, testedOn }) => from === name && testedOn === ANY_WAY)
  );
  if (uneven !== undefined) {
    throw new UsageError(
      `Cannot test "${uneven.name}" on ${ANY_WAY}: its episodes are ${uneven.style} already; leave one of the two out, or use the usual or hierarchical style`,
    );
  }
  // Their evaluations are computed by code of their own.
  for (const name of made.filter(({ testedOn }) => testedOn === ANY_WAY).map(derivedName)) {
    const entry = derived[name];
    derived[name] = { ...entry, sourceFiles: [...entry.sourceFiles, "bench/units/evaluate_varied.ts"] };
  }
  return catalogWith({ ...all, ...derived });
}

/** A variant as a line of the table of data sets. */
function variantEntry(variant: Variant, known: Catalog["dataSets"], isOwn: boolean): DataSetEntry {
  const { name, of, style } = variant;
  const base = Object.hasOwn(known, of) ? known[of] : undefined;
  if (base === undefined) {
    throw new UsageError(
      `The data set "${name}" cannot be a variant: ${unknownName("data set", of, Object.keys(known))}`,
    );
  }
  if (name !== of && Object.hasOwn(CATALOG.dataSets, name)) {
    throw new UsageError(
      `The data set "${name}" cannot be a variant of "${of}": that is the name of a built-in one; choose another name`,
    );
  }
  const why = style === "usual" ? undefined : whyNotDrawn(EPISODE_STYLES[style], base, isOwn);
  if (why !== undefined) {
    throw new UsageError(`Cannot draw ${style} episodes of "${of}": ${why}; leave episodeStyles out`);
  }
  const { title } = variant;
  return { ...drawnAs(variant, base), ...(title === undefined ? {} : { title }) };
}

/** Why tasks of a data set cannot be drawn in a style; undefined where they can, as far as is known before anything is opened. */
function whyNotDrawn(style: EpisodeStyle, { kind, inputShape, ...base }: DataSetEntry, isOwn: boolean) {
  if (kind === "regression") return "it is regression, so its tasks have no classes";
  if (!isOwn) return undefined;
  if (inputShape.length < 3) return "it is a table of your own, whose classes are drawn as its columns say";
  // Classes of images are named by their folders, the outermost of which is their group.
  const grouped = "scarcest" in base && String(base.scarcest).includes("/");
  return style.hierarchical && !grouped
    ? "its classes have no groups, which are folders around the folders of classes; put them into such"
    : undefined;
}
