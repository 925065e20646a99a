/** Where a run is: by its folder's place on the command line, or by `--out`. */
import { UsageError } from "../../common/errors.ts";
import { userFolder } from "../../common/user_paths.ts";

/** Whether an argument can only be a path: a bare word may be the value of a flag that was forgotten. */
export function isFolder(arg: string): boolean {
  return !arg.startsWith("-") && (/[/\\]/.test(arg) || /^\.\.?$/.test(arg));
}

/**
 * The folder that a command line names.
 *
 * @param places arguments that are folders
 * @param out value of `--out`, absolute
 * @throws UsageError where it names several
 */
export function placeOf(places: readonly unknown[], out: string | undefined): string | undefined {
  if (places.length > 1) throw new UsageError(`${places.length} folders are named, but deno task bench takes one DIR`);
  const [place] = places.map((text) => userFolder("DIR", String(text)));
  if (place !== undefined && out !== undefined && place !== out) {
    throw new UsageError(`DIR ${place} and --out ${out} differ: both say where the run is; name it once`);
  }
  return out ?? place;
}
