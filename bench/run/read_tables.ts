/** The tables of a finished run, as its report draws them: in the order of its plan, whatever their own is. */
import { join } from "node:path";
import { addressDigits, type CELL_KEY_COLUMNS, trainingName } from "../../reports/rows/column.ts";
import {
  CELL_KEY,
  parseCells,
  parseCostToTarget,
  parseDiversity,
  parseEpisodes,
  parseEqualOperations,
  parseRepresentations,
  parseTimings,
  parseValidation,
} from "../../reports/rows/csv.ts";
import {
  adaptationTimesFile,
  calibrationFile,
  distancesFile,
  groupsFile,
  type TableFile,
} from "../../reports/rows/measure_csv.ts";
import { UsageError } from "../../common/errors.ts";
import { readIfPresent } from "../../common/files.ts";
import type { Collected } from "./collect.ts";
import { damageOf } from "./completeness.ts";
import { OUT_FILES } from "./out_folder.ts";
import type { RunRecord } from "./run_shapes.ts";
import { rerunOf, unreadable } from "./unreadable.ts";

/** What a run's tables hold. */
export type Tables = Omit<Collected, "illustrations" | "trainings">;

type Key = Readonly<Record<keyof typeof CELL_KEY_COLUMNS, unknown>>;

/** A cell's key as text. */
function keyOf(row: Key): string {
  return CELL_KEY.map((name) => `${row[name] ?? ""}`).join("|");
}

/**
 * Reads the tables that a record belongs to.
 *
 * @throws UsageError when one is missing, damaged, or of another run
 */
export function readTables(out: string, { plan, tables: digests }: RunRecord): Tables {
  const rerun = rerunOf(out);
  const damage = damageOf(out, digests ?? {});
  if (damage !== undefined) throw new UsageError(`${damage}; ${rerun}`);
  const read = <T>(file: string, parse: (text: string) => T): T => {
    const bytes = readIfPresent(join(out, file));
    if (bytes === undefined) throw new UsageError(`${join(out, file)} is missing; ${rerun}`);
    try {
      return parse(new TextDecoder().decode(bytes));
    } catch (error) {
      throw unreadable(join(out, file), error, digests?.[file] !== undefined, rerun);
    }
  };
  const cells = new Map(read(OUT_FILES.cells, parseCells).map((row) => [keyOf(row), row]));
  const rows = plan.cells.flatMap((cell) => cells.get(keyOf(cell)) ?? []);
  if (rows.length !== plan.cells.length || cells.size !== rows.length) {
    throw new UsageError(
      `${
        join(out, OUT_FILES.cells)
      } is not of this run: it has ${cells.size} cells, ${OUT_FILES.plan} ${plan.cells.length}, ` +
        `and ${rows.length} are in both; ${rerun}`,
    );
  }
  const scores = new Map(read(OUT_FILES.episodes, parseEpisodes).map((row) => [keyOf(row), row.scores]));
  const places = new Map(plan.units.map(({ id }, index) => [addressDigits(trainingName(id)), index]));
  const inPlace = <Row extends { readonly trainingUnit: string }>(rows: readonly Row[]): Row[] =>
    rows.map((row) => ({ row, place: places.get(addressDigits(row.trainingUnit)) ?? -1 }))
      .filter(({ place }) => place >= 0).sort((a, b) => a.place - b.place).map(({ row }) => row);
  const moved = new Map(read(OUT_FILES.diversity, parseDiversity).map((row) => [keyOf(row), row]));
  const layers = Map.groupBy(read(OUT_FILES.representations, parseRepresentations), keyOf);
  // Older versions wrote no such tables.
  const measured = <Row extends Key>({ file, parse }: TableFile<Row>): Row[] => {
    if (digests?.[file] === undefined) return [];
    const own = Map.groupBy(read(file, parse), keyOf);
    return rows.flatMap((row) => own.get(keyOf(row)) ?? []);
  };
  return {
    rows,
    scores: rows.map((row) => scores.get(keyOf(row)) ?? []),
    timings: inPlace(read(OUT_FILES.timings, parseTimings)),
    curves: inPlace(read(OUT_FILES.validation, parseValidation)),
    representations: rows.flatMap((row) => layers.get(keyOf(row)) ?? []),
    calibration: measured(calibrationFile),
    groups: measured(groupsFile),
    adaptationTimes: measured(adaptationTimesFile),
    diversity: rows.flatMap((row) => moved.get(keyOf(row)) ?? []),
    // Older versions wrote none.
    distances: digests?.[distancesFile.file] === undefined ? [] : read(distancesFile.file, distancesFile.parse),
    costToTarget: read(OUT_FILES.costToTarget, parseCostToTarget),
    equalOperations: read(OUT_FILES.equalOperations, parseEqualOperations),
  };
}
