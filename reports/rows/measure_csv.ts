/** The tables of what is measured beside scores, to CSV and back. */
import { type Pieces, readTable, sorted, writePieces } from "./csv_table.ts";
import type { DistanceRow } from "./distance_row.ts";
import type { AdaptationTimeRow, CalibrationRow, GroupRow } from "./measure_rows.ts";
import { ADAPTATION_TIMES, CALIBRATION, DISTANCES, GROUPS, type Table } from "./tables.ts";

/** Writes a table, and reads it. */
export interface TableFile<Row> {
  /** Name of its file. */
  readonly file: string;
  /** Its header, and its rows in its order, piece by piece. */
  pieces(rows: readonly Row[]): Pieces;
  /** @throws SyntaxError that names the line and the column that is wrong or missing */
  parse(csv: string): Row[];
}

function fileOf<Row>({ file, columns, sortedBy }: Table<Row>): TableFile<Row> {
  return {
    file,
    pieces: (rows) => writePieces(columns, sorted(rows, sortedBy)),
    parse: (csv) => readTable(columns, csv, file),
  };
}

/** calibration.csv */
export const calibrationFile: TableFile<CalibrationRow> = fileOf(CALIBRATION);
/** groups.csv */
export const groupsFile: TableFile<GroupRow> = fileOf(GROUPS);
/** distances.csv */
export const distancesFile: TableFile<DistanceRow> = fileOf(DISTANCES);
/** adaptation_times.csv */
export const adaptationTimesFile: TableFile<AdaptationTimeRow> = fileOf(ADAPTATION_TIMES);
