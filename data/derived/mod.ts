/** Data sets that are made of others, as lines of the table of data sets: fewer training classes, or the test episodes of another one. */
import { unknownName } from "../../common/suggest.ts";
import { DataError, type DataSet, type DataSetEntry, type OpenOptions } from "../contract/dataset.ts";
import type { Source } from "../own/source.ts";
import { ANY_WAY, anyWayEntry, whyNoAnyWay } from "./any_way.ts";
import { crossedEntry, whyNotTested } from "./crossed.ts";
import { type Derivation, derivedName, trainedName } from "./derivation.ts";
import { limitedEntry, whyNotLimited } from "./limited.ts";

/** Where derived data sets find what they are made of. */
export interface Origins {
  /** Built-in data sets, and those of one's own that are trained on, by name. */
  readonly entries: Readonly<Record<string, DataSetEntry>>;
  /** Data of one's own that is trained on, by name. */
  readonly sources: ReadonlyMap<string, Source>;
  /** Looks at data of one's own that is tested on; a table takes the constants of the table that was trained on. */
  own(name: string, source: Source, standardisedBy: Source | undefined): DataSetEntry;
}

/**
 * The lines of derived data sets, and those of what they are trained on: all of them open what they have in common once.
 *
 * @throws DataError with one line about the first that cannot be made
 */
export function derivedEntries(
  derivations: readonly Derivation[],
  { entries, sources, own }: Origins,
): Record<string, DataSetEntry> {
  const made: Record<string, DataSetEntry> = {};
  const known = (name: string, flag: string): DataSetEntry => {
    if (!Object.hasOwn(made, name)) {
      if (!Object.hasOwn(entries, name)) {
        throw new DataError(`${flag}: ${unknownName("data set", name, Object.keys(entries))}`);
      }
      made[name] = openedOnce(entries[name]);
    }
    return made[name];
  };
  for (const derivation of derivations) {
    const { from, trainingClasses, testedOn, testSource } = derivation;
    const whole = known(from, "derived.from");
    const trained = trainedName(derivation);
    if (trainingClasses !== undefined && !Object.hasOwn(made, trained)) {
      const reason = whyNotLimited(whole, trainingClasses);
      if (reason !== undefined) {
        throw new DataError(
          `Cannot train on ${trainingClasses} classes of "${from}": ${reason}; change trainingClasses`,
        );
      }
      made[trained] = openedOnce(limitedEntry(trained, whole, trainingClasses));
    }
    if (testedOn === undefined) continue;
    const name = derivedName(derivation);
    if (testedOn === ANY_WAY && testSource === undefined) {
      const reason = whyNoAnyWay(whole);
      if (reason !== undefined) {
        throw new DataError(`testOn: "${from}" has no ${ANY_WAY} episodes: ${reason}; leave them out`);
      }
      made[name] = openedOnce(anyWayEntry(name, made[trained], whole));
      continue;
    }
    if (testedOn === from) {
      throw new DataError(`testOn: "${from}" is tested on its own test episodes anyway; leave it out`);
    }
    const target = testSource === undefined ? known(testedOn, "testOn") : own(testedOn, testSource, sources.get(from));
    const reason = whyNotTested(whole, target);
    if (reason !== undefined) {
      throw new DataError(
        `Cannot test what is trained on "${from}" on "${testedOn}": ${reason}; choose a data set of the same kind and inputs`,
      );
    }
    made[name] = openedOnce(crossedEntry(name, made[trained], target));
  }
  return made;
}

/** An entry that is opened once for the same options, and stays open. */
function openedOnce<Entry extends DataSetEntry>(entry: Entry): Entry {
  const opened = new Map<string, Promise<DataSet>>();
  return {
    ...entry,
    open(options: OpenOptions) {
      const key = JSON.stringify(options);
      const known = opened.get(key) ?? entry.open(options);
      opened.set(key, known);
      return known;
    },
  };
}
