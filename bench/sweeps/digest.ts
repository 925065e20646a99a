import { canonicalJson, sha256 } from "../../common/digest.ts";
import type { Sweep } from "./schema.ts";
import { withPaths } from "./sourced.ts";

/** sha256 of a sweep: what an --out folder is recognised by. Where data of one's own lies is left out: machines that share a run may have it elsewhere. */
export function sweepDigest(sweep: Sweep): string {
  return sha256(canonicalJson(withPaths(sweep, () => "")));
}
