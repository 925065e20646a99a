import { canonicalJson, sha256 } from "../../common/digest.ts";
import type { Sweep } from "./schema.ts";
import { sourced, sourceOf } from "./sourced.ts";

/** sha256 of a sweep: what an --out folder is recognised by. Where data of one's own lies is left out: machines that share a run may have it elsewhere. */
export function sweepDigest(sweep: Sweep): string {
  if (sourced(sweep).length === 0) return sha256(canonicalJson(sweep));
  const datasets = sweep.datasets.map((entry) => {
    const source = sourceOf(entry);
    return source === undefined ? entry : { ...entry, source: { ...source, path: "" } };
  });
  return sha256(canonicalJson({ ...sweep, datasets }));
}

/** What the name of a run's folder ends in where data of one's own is used: data of one name in several places is not that of one run. Empty without. */
export function placesOf(sweep: Sweep): string {
  const paths = sourced(sweep).map(({ source }) => source.path);
  return paths.length === 0 ? "" : `-${sha256(canonicalJson(paths)).slice(0, 8)}`;
}
