/** Made-up spreads of what adaptation does to made-up cells. */
import { cellKeyOf } from "../rows/place.ts";
import type { CellRow, DiversityRow } from "../rows/rows.ts";

/** Those of every cell that is adapted by gradient in a step or more: more shots, more directions. */
export function syntheticDiversity(cells: readonly CellRow[]): DiversityRow[] {
  return cells.flatMap((row) => {
    if (row.status !== "ok" || row.innerSteps === null || row.innerSteps === 0) return [];
    const effectiveRank = 2 + 0.1 * row.shots + 0.05 * row.innerSteps + 0.01 * row.seed;
    const spread = { effectiveRank, largestShare: 1 / effectiveRank, rms: 0.1 * row.innerSteps };
    return [{ ...cellKeyOf(row), episodes: 64, weights: 1761, ...spread, trainingUnit: row.trainingUnit }];
  });
}
