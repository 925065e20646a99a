/**
 * Data sets that are made of those of a sweep: `testOn` and `trainingClasses` of an entry become entries of their own, which every room after this one treats
 * as data sets like any other. It stands apart from `schema.ts` as `sourced.ts` does.
 */
import { z } from "zod";
import { type Derivation, derivationSchema, derivedName, trainedName } from "../../data/derived/derivation.ts";
import { type Source, sourceSchema } from "../../data/own/source.ts";
import { UsageError } from "../../common/errors.ts";
import { MAX } from "./bounds.ts";
import type { DataSetSweep, Sweep } from "./schema.ts";

const name = z.string().min(1).max(MAX.letters);
const target = z.union([
  name,
  z.strictObject({
    name: name.describe("What it is called."),
    source: sourceSchema.describe("How it is read, and where it lies."),
  }),
], {
  error: 'expected the name of a data set, or { "name": ..., "source": ... } of your own',
});

/** What an entry may say of data sets that are made of it. */
export const derivedFields = {
  testOn: z.array(target).max(MAX.values).optional().describe(
    "Other data sets of the same kind and inputs whose test episodes all trained states are scored on too: by name, or your own by name and source; any-way-any-shot for its own test classes in episodes of any way and any shot.",
  ),
  trainingClasses: z.array(
    z.union([z.literal("all"), z.int().min(2).max(MAX.number)], { error: 'expected "all" or a whole number >= 2' }),
  ).min(1).max(MAX.values).optional().describe(
    "Axis: how many training classes there are (classification): numbers, of which the smaller are parts of the larger, or all.",
  ),
  derived: derivationSchema.optional().describe(
    "Written by testOn and trainingClasses: what this entry's data set is made of.",
  ),
};

/** A data set that is tested on, as a sweep names it. */
export type Target = string | { readonly name: string; readonly source: Source };

/** What an entry says of data sets that are made of it. */
export interface DerivedFields {
  readonly testOn?: readonly Target[];
  readonly trainingClasses?: readonly ("all" | number)[];
  readonly derived?: Derivation;
}

/** What the data set of an entry is made of; undefined where it is what its name says. */
export function derivationOf(entry: DataSetSweep): Derivation | undefined {
  return (entry as DataSetSweep & DerivedFields).derived;
}

/** What an entry's states are trained on. */
export function trainedOn(entry: DataSetSweep): string {
  const derived = derivationOf(entry);
  return derived === undefined ? entry.name : trainedName(derived);
}

/** The derivations of a sweep. */
export function derivations({ datasets }: Pick<Sweep, "datasets">): Derivation[] {
  return datasets.map(derivationOf).filter((derived) => derived !== undefined);
}

/**
 * The sweep with an entry for every data set that is made of its own. What is made has the settings of what it is made of.
 *
 * @throws UsageError for an entry that is written by hand and called something else than what it is
 */
export function withDerived(sweep: Sweep): Sweep {
  const sources = new Map(sweep.datasets.flatMap((entry) => {
    const { source } = entry as DataSetSweep & { readonly source?: Source };
    return source === undefined || derivationOf(entry) !== undefined ? [] : [[entry.name, source] as const];
  }));
  const datasets = sweep.datasets.flatMap((entry) => entriesOf(entry, sources));
  return datasets.every((entry, index) => entry === sweep.datasets[index]) ? sweep : { ...sweep, datasets };
}

function entriesOf(entry: DataSetSweep & DerivedFields, sources: ReadonlyMap<string, Source>): DataSetSweep[] {
  const { testOn = [], trainingClasses = ["all"], derived, ...own } = entry;
  if (derived !== undefined) {
    if (entry.name === derivedName(derived)) return [entry];
    throw new UsageError(
      `The data set "${entry.name}" is derived, so its name is "${
        derivedName(derived)
      }"; or leave derived out and use testOn or trainingClasses`,
    );
  }
  if (entry.testOn === undefined && entry.trainingClasses === undefined) return [entry];
  const made = (derivation: Derivation): DataSetSweep & DerivedFields => ({
    ...own,
    name: derivedName(derivation),
    derived: derivation,
  });
  return trainingClasses.flatMap((classes) => {
    const trained = { from: entry.name, ...(classes === "all" ? {} : { trainingClasses: classes }) };
    const tested = testOn.map((target) => {
      const [testedOn, testSource] = typeof target === "string"
        ? [target, sources.get(target)]
        : [target.name, target.source];
      return made({ ...trained, testedOn, ...(testSource === undefined ? {} : { testSource }) });
    });
    return [classes === "all" ? own : made(trained), ...tested];
  });
}
