/** What made-up cells would have measured beside their scores. */
import { cellKeyOf } from "../rows/place.ts";
import type { AdaptationTimeRow, CalibrationRow, CellRow, DiversityRow, GroupRow } from "../rows/rows.ts";
import { syntheticDiversity } from "./diversity.ts";
import { noise } from "./noise.ts";

const GROUPS = ["Angelic", "Atlantean", "Avesta", "Gurmukhi", "Kannada", "Manipuri", "Oriya", "Tengwar"];

/** Bins, groups, times and spreads of cells that are ok. */
export function syntheticMeasures(cells: readonly CellRow[]): {
  readonly calibration: readonly CalibrationRow[];
  readonly groups: readonly GroupRow[];
  readonly adaptationTimes: readonly AdaptationTimeRow[];
  readonly diversity: readonly DiversityRow[];
} {
  const scored = cells.flatMap((row) => row.status === "ok" && row.mean !== null ? [{ row, mean: row.mean }] : []);
  return {
    diversity: syntheticDiversity(cells),
    calibration: scored.filter(({ row }) => row.ece !== null).flatMap(({ row, mean }) =>
      [5, 8, 11, 15].map((bin): CalibrationRow => ({
        ...cellKeyOf(row),
        bin,
        queries: Math.round(4000 * (bin === 15 ? mean : 0.3)),
        confidence: (bin - 0.4) / 15,
        accuracy: Math.min(1, (bin - 0.4) / 15 * (1 - 0.2 * noise(row.algorithm, bin))),
        trainingUnit: row.trainingUnit,
      }))
    ),
    groups: scored.flatMap(({ row, mean }) =>
      GROUPS.map((group, index): GroupRow => ({
        ...{ ...cellKeyOf(row), level: "alphabet", group, metric: row.metric, count: 100 + index },
        mean: Math.min(1, mean * (1 + 0.05 * noise(row.algorithm, group, row.seed))),
        meanLog: row.metric === "mse" ? Math.log(mean) + 0.1 * noise(row.algorithm, group, row.seed) : null,
        trainingUnit: row.trainingUnit,
      }))
    ),
    adaptationTimes: scored.map(({ row }): AdaptationTimeRow => ({
      ...cellKeyOf(row),
      adaptMs: 1 + Math.abs(noise(row.trainingUnit)),
      adaptMflop: row.adaptMflop ?? 0,
      backend: "wasm",
      trainingUnit: row.trainingUnit,
    })),
  };
}
