/**
 * Sweeps whose data sets may be a user's own: what a data set's part of a sweep says beside how to train on it. It stands apart from `schema.ts`, which is part
 * of the address of every training: where data lies and how it is read has no part in what is trained on another data set.
 */
import { z } from "zod";
import { parseReference, type Source, sourceSchema } from "../../data/own/source.ts";
import { type Published, publishedShape } from "../../reports/claims/published.ts";
import { canonicalJson } from "../../common/digest.ts";
import { UsageError } from "../../common/errors.ts";
import { userPath } from "../../common/user_path.ts";
import { MAX } from "./bounds.ts";
import { derivationOf, derivedFields } from "./derived.ts";
import { type DataSetSweep, type Sweep, sweepFileSchema as plainFile, sweepSchema as plain } from "./schema.ts";
import { variantAxes, variantFields, variantOf } from "./variants.ts";

const source = sourceSchema.optional().describe(
  "Data of your own: how it is read, and where it lies; the name is then free to choose. See docs/own_data.md.",
);

const keptPredictions = z.int().min(1).max(100).optional().describe(
  "Regression: test episodes, from the first on, whose predictions evaluations by gradient keep, so that distances.csv can compare those of two methods.",
);

const dataSet = plain.shape.datasets.element.extend({ source, keptPredictions, ...derivedFields });
const listOf = <T extends z.ZodType>(entry: T) =>
  z.array(entry).min(1).max(MAX.values).describe("What is done on each data set.");

/** No training reads them, so they stand apart from what is part of its address. */
const publishedField = {
  published: z.array(publishedShape).max(MAX.values).optional().describe(
    "Published numbers that the run is set beside: published.csv.",
  ),
};

/** The schema of a sweep. */
export const sweepSchema = plain.extend({ datasets: listOf(dataSet.extend(variantFields)), ...publishedField });

/** The schema of a sweep file. */
export const sweepFileSchema = plainFile.extend({ datasets: listOf(dataSet.extend(variantAxes)), ...publishedField })
  .meta({
    title: "Sweep of bridgebench",
    description: "A whole experiment as plain data, for deno task bench --sweep.",
  });

/** Test episodes whose predictions are kept. */
export function keptPredictionsOf(entry: DataSetSweep): number {
  return (entry as { readonly keptPredictions?: number }).keptPredictions ?? 0; // Every parsed entry may have some.
}

/** The published numbers that a sweep is set beside. */
export function publishedOf(sweep: Sweep): readonly Published[] {
  return (sweep as { readonly published?: readonly Published[] }).published ?? []; // Every parsed sweep may have some.
}

/** A data set's part of a sweep, whose data is the user's own. */
export interface SourcedDataSet extends DataSetSweep {
  readonly source: Source;
}

/** Where the data of a data set lies, if it is the user's own. */
export function sourceOf(entry: DataSetSweep): Source | undefined {
  return (entry as Partial<SourcedDataSet>).source;
}

/** Data of the user's own that a sweep trains on, by the name that all of its variants are drawn from: each once. */
export function sourced({ datasets }: Pick<Sweep, "datasets">): Pick<SourcedDataSet, "name" | "source">[] {
  const found = datasets.flatMap((entry) => {
    const source = sourceOf(entry);
    const name = variantOf(entry).of;
    return source === undefined ? [] : [[canonicalJson({ name, source }), { name, source }] as const];
  });
  return [...new Map(found).values()];
}

/** The sweep with absolute paths, which are relative to where the user stands. @throws UsageError for a path that Deno cannot be told about */
export function located(sweep: Sweep): Sweep {
  return withPaths(sweep, locate);
}

/** The sweep with its paths to data of one's own replaced; the sweep itself where it has none. */
export function withPaths(sweep: Sweep, replaced: (path: string) => string): Sweep {
  if (allSources(sweep).length === 0) return sweep;
  const moved = (source: Source) => ({ ...source, path: replaced(source.path) });
  return {
    ...sweep,
    datasets: sweep.datasets.map((entry) => {
      const source = sourceOf(entry);
      const derived = derivationOf(entry);
      const tested = derived?.testSource;
      return {
        ...entry,
        ...(source === undefined ? {} : { source: moved(source) }),
        ...(tested === undefined ? {} : { derived: { ...derived, testSource: moved(tested) } }),
      };
    }),
  };
}

/** All data of one's own that a sweep reads, to train on or to test on. */
export function allSources(sweep: Pick<Sweep, "datasets">): Source[] {
  const tested = sweep.datasets.map((entry) => derivationOf(entry)?.testSource);
  return [...sourced(sweep).map(({ source }) => source), ...tested].filter((source) => source !== undefined);
}

/** A path as an absolute one. @throws UsageError where it has a comma, for which Deno's permission flags know no way out */
export function locate(path: string): string {
  if (path.includes(",")) throw new UsageError(`Cannot use ${path}: choose a path without a comma`);
  return userPath(path);
}

/** Data of one's own that is named by a flag. */
export interface NamedSource {
  /** As it was named: "images:PATH". */
  readonly reference: string;
  readonly name: string;
  readonly source: Source;
}

/** Options that are not the reader's. */
const OWN_OPTIONS = ["model", "ways"] as const;

/** Groups of options, "model.NAME" and "augment.NAME", and what they are of a data set's part of a sweep. */
const GROUPS = ["modelOptions", "augment"] as const;
const PREFIXES = { modelOptions: "model.", augment: "augment." } as const;

/** What `--data-options` says beside how to read. */
export type DataOptions =
  & Readonly<Partial<Record<typeof OWN_OPTIONS[number], string>>>
  & Readonly<Partial<Record<typeof GROUPS[number], Readonly<Record<string, unknown>>>>>;

/**
 * The data sets that flags name as "images:PATH" or "table:PATH.csv".
 *
 * @param names values of `--datasets`
 * @param options "name=value" each, values of `--data-options`; a name given twice makes a list
 * @throws UsageError when an option is not one of the reader, or two data sets would have one name
 */
export function namedSources(
  names: readonly string[],
  options: readonly string[],
): { readonly sources: readonly NamedSource[]; readonly more: DataOptions } {
  const references = names.flatMap((reference) => {
    const parsed = parseReference(reference);
    return parsed === undefined ? [] : [{ reference, ...parsed }];
  });
  if (references.length === 0 && options.length > 0) {
    throw new UsageError("--data-options is for data of your own: name it, as in --datasets images:PATH");
  }
  const given = optionTable(options);
  const more = Object.fromEntries(
    OWN_OPTIONS.filter((name) => given.has(name)).map((name) => [name, String(given.get(name))]),
  );
  for (const name of OWN_OPTIONS) given.delete(name);
  const groups = GROUPS.flatMap((group) => {
    const own = [...given].filter(([name]) => name.startsWith(PREFIXES[group]));
    for (const [name] of own) given.delete(name);
    const values = own.map(([name, value]) => [name.slice(PREFIXES[group].length), value] as const);
    return own.length === 0 ? [] : [[group, Object.fromEntries(values)] as const];
  });
  const sources = references.map(({ reference, reader, path }) => {
    if (path === "") throw new UsageError(`--datasets ${reference}: name a path after the colon`);
    const parsed = sourceSchema.safeParse({ reader, path: locate(path), ...Object.fromEntries(given) });
    if (parsed.success) return { reference, name: nameOf(reader, path), source: parsed.data };
    const [issue] = parsed.error.issues;
    const known = Object.keys(sourceSchema.options.find((option) => option.shape.reader.value === reader)!.shape)
      .filter((name) => name !== "reader" && name !== "path");
    throw new UsageError(
      issue.code === "unrecognized_keys"
        ? `--data-options: ${reader} has no option "${issue.keys[0]}"; it has ${
          [...known, ...OWN_OPTIONS, "model.NAME", "augment.NAME"].join(", ")
        }`
        : `--data-options ${issue.path.join(".")}: ${issue.message}`,
    );
  });
  const twice = sources.find(({ name }, index) => sources.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) {
    throw new UsageError(
      `--datasets: two data sets would be called "${twice.name}"; give one of them another name in a sweep file`,
    );
  }
  return { sources, more: { ...more, ...Object.fromEntries(groups) } };
}

function optionTable(options: readonly string[]): Map<string, unknown> {
  const table = new Map<string, unknown>();
  for (const option of options) {
    const equals = option.indexOf("=");
    if (equals < 1) throw new UsageError(`--data-options "${option}": expected name=value, such as size=32`);
    const [name, value] = [option.slice(0, equals), valueOf(option.slice(equals + 1))];
    const earlier = table.get(name);
    table.set(name, name === "features" ? [...earlier as unknown[] ?? [], String(value)] : value);
  }
  return table;
}

/** A value as JSON has it, where it is a number or a word of JSON; else as text. */
function valueOf(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  if (text === "null") return null;
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/** "images-birds" for images:/home/me/Birds: what it is called must not depend on where it lies. A standard set has its own name. */
function nameOf(reader: string, path: string): string {
  const last = userPath(path).split(/[\\/]/).at(-1) ?? "";
  if (reader !== "images" && reader !== "table") return reader;
  const word = last.replace(/\.[ct]sv$/i, "").toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-+|-+$/g, "");
  return word === "" ? reader : `${reader}-${word}`;
}
