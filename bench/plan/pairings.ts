/** What a plan will compare: known before anything is trained. */
import type { Comparison } from "../../reports/claims/comparison.ts";
import { groupCells, type Placed } from "../../reports/statistics/cells.ts";
import { pairAll, type Pairing } from "../../reports/statistics/pairing.ts";
import type { Sweep } from "../sweeps/schema.ts";
import type { Catalog } from "./catalog.ts";
import { nativeUses } from "./native_use.ts";
import type { Plan } from "./plan.ts";

/**
 * The pairs of planned cells that comparisons come to; cells that are skipped take no part.
 *
 * @param comparisons of the sweep; all by default
 */
export function pairingsOf(
  sweep: Sweep,
  { cells }: Pick<Plan, "cells">,
  catalog: Catalog,
  comparisons: readonly Comparison[] = sweep.comparisons,
): Pairing<Placed>[] {
  const planned = groupCells(cells.filter(({ skipped }) => skipped === ""), (cell) => cell, ({ unit }) => unit);
  return pairAll(planned, comparisons, nativeUses(sweep, catalog));
}
