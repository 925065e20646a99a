import { canonicalJson, sha256 } from "../../common/digest.ts";
import type { Sweep } from "./schema.ts";
import { allSources, withPaths } from "./sourced.ts";

/** sha256 of a sweep: what an --out folder is recognised by. Where data of one's own lies is left out: machines that share a run may have it elsewhere. */
export function sweepDigest(sweep: Sweep): string {
  return sha256(canonicalJson(withPaths(sweep, () => "")));
}

/** What the name of a run's folder ends in where data of one's own is used: data of one name in several places is not that of one run. Empty without. */
export function placesOf(sweep: Sweep): string {
  const paths = allSources(sweep).map(({ path }) => path);
  return paths.length === 0 ? "" : `-${sha256(canonicalJson(paths)).slice(0, 8)}`;
}
