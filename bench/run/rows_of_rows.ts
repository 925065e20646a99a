/** Tables that are made of other tables alone. */
import { publishedRows } from "../../reports/statistics/published.ts";
import { scalingRows } from "../../reports/statistics/scaling.ts";
import type { PublishedRow, ScalingRow } from "../../reports/rows/rows.ts";
import type { Sweep } from "../sweeps/schema.ts";
import { publishedOf } from "../sweeps/sourced.ts";
import type { Collected } from "./collect.ts";

/** Published numbers beside ours. */
export function publishedIn(sweep: Sweep, { rows, timings }: Pick<Collected, "rows" | "timings">): PublishedRow[] {
  return publishedRows(publishedOf(sweep), rows, timings);
}

/** All of them. */
export function rowsOfRows(
  sweep: Sweep,
  collected: Pick<Collected, "rows" | "timings">,
): { readonly scaling: readonly ScalingRow[]; readonly published: readonly PublishedRow[] } {
  return { scaling: scalingRows(collected.rows), published: publishedIn(sweep, collected) };
}
