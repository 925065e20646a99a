/** How axes of training follow the cells. */
import type { Matched } from "../sweeps/schema.ts";

/** The value of an axis in training for a cell's own value. */
export function matchedTo(matched: Matched, own: number): number {
  if (matched === "matched") return own;
  return typeof matched === "number" ? matched : Math.min(own, matched.matchedUpTo);
}
