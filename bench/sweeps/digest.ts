import { canonicalJson, sha256 } from "../../common/digest.ts";
import type { Sweep } from "./schema.ts";

/** sha256 of a sweep: what an --out folder is recognised by. */
export function sweepDigest(sweep: Sweep): string {
  return sha256(canonicalJson(sweep));
}
