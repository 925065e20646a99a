/**
 * Rows to CSV (RFC 4180) and back. Columns are the members of the rows' schemas in snake case, in their order; what is missing is an empty field; rows are
 * sorted, so that the same results give the same bytes.
 */
import { stringify } from "@std/csv/stringify";
import { ADDED_TO_CELLS, CELL_KEY } from "./cell_row.ts";
import { number, optional } from "./codec.ts";
import {
  keysOf,
  LINE_END,
  PIECE,
  type Pieces,
  readField,
  readRow,
  readTable,
  records,
  snakeCase,
  sorted,
  whole,
  writePieces,
  writeRow,
} from "./csv_table.ts";
import type {
  CellRow,
  CostToTargetRow,
  DiversityRow,
  EpisodeRow,
  EqualOperationsRow,
  PredictionRow,
  PublishedRow,
  ReferenceRow,
  RepresentationRow,
  ScalingRow,
  TimingRow,
  TuningRow,
  ValidationRow,
} from "./rows.ts";
import {
  CELLS,
  COST_TO_TARGET,
  DIVERSITY,
  EPISODES,
  EQUAL_OPERATIONS,
  PREDICTIONS,
  PUBLISHED,
  REFERENCES,
  REPRESENTATIONS,
  SCALING,
  type Table,
  TIMINGS,
  TUNING,
  VALIDATION,
} from "./tables.ts";

export { CELL_KEY, type EpisodeRow, type Pieces, snakeCase };

/** A table's file piece by piece: its header, and its rows in its order. */
function piecesOf<Row>({ columns, sortedBy }: Table<Row>, rows: readonly Row[]): Pieces {
  return writePieces(columns, sorted(rows, sortedBy));
}

/** cells.csv: one row per cell. */
export function cellsPieces(rows: readonly CellRow[]): Pieces {
  return piecesOf(CELLS, rows);
}

/** `cellsPieces` in one. */
export function cellsCsv(rows: readonly CellRow[]): string {
  return whole(cellsPieces(rows));
}

/** timings.csv: one row per training unit. */
export function timingsCsv(rows: readonly TimingRow[]): string {
  return whole(piecesOf(TIMINGS, rows));
}

/** validation.csv: one row per point of a validation curve. */
export function validationPieces(rows: readonly ValidationRow[]): Pieces {
  return piecesOf(VALIDATION, rows);
}

/** `validationPieces` in one. */
export function validationCsv(rows: readonly ValidationRow[]): string {
  return whole(validationPieces(rows));
}

/** representations.csv: one row per layer of every cell that is adapted by gradient and has a result. */
export function representationsPieces(rows: readonly RepresentationRow[]): Pieces {
  return piecesOf(REPRESENTATIONS, rows);
}

/** `representationsPieces` in one. */
export function representationsCsv(rows: readonly RepresentationRow[]): string {
  return whole(representationsPieces(rows));
}

/** scaling.csv: one row per place whose error is looked at over sizes. */
export function scalingCsv(rows: readonly ScalingRow[]): string {
  return whole(piecesOf(SCALING, rows));
}

/** diversity.csv: one row per cell that is adapted by gradient in a step or more. */
export function diversityPieces(rows: readonly DiversityRow[]): Pieces {
  return piecesOf(DIVERSITY, rows);
}

/** Reads `diversityPieces`. @throws SyntaxError as `parseCells` */
export function parseDiversity(csv: string): DiversityRow[] {
  return readTable(DIVERSITY.columns, csv, DIVERSITY.file);
}

/** tuning.csv: one row per trial. */
export function tuningCsv(rows: readonly TuningRow[]): string {
  return whole(piecesOf(TUNING, rows));
}

/** predictions.csv: one row per prediction, in the sweep's order. */
export function predictionsCsv(rows: readonly PredictionRow[]): string {
  return whole(piecesOf(PREDICTIONS, rows));
}

/** published.csv: one row per published number, in the sweep's order. */
export function publishedCsv(rows: readonly PublishedRow[]): string {
  return whole(piecesOf(PUBLISHED, rows));
}

/** references.csv: one row per data set, reference and number of shots, in the sweep's order. */
export function referencesCsv(rows: readonly ReferenceRow[]): string {
  return whole(piecesOf(REFERENCES, rows));
}

/** cost_to_target.csv: one row per goal and algorithm, in the given order. */
export function costToTargetCsv(rows: readonly CostToTargetRow[]): string {
  return whole(piecesOf(COST_TO_TARGET, rows));
}

/** equal_operations.csv: two rows per pair of trainings, in the given order. */
export function equalOperationsCsv(rows: readonly EqualOperationsRow[]): string {
  return whole(piecesOf(EQUAL_OPERATIONS, rows));
}

/**
 * episodes.csv: one row per cell that has scores, with the cell's key columns, `metric`, `training_unit`, `episodes` (how many there are) and one
 * column per test episode, `e0`, `e1`, ...: a matrix that loads as numbers, where the same column is the same episode in every row of a data set
 * (differences are paired). A score that is not finite is an empty field, as are columns from `episodes` on. Sorted like cells.csv.
 */
export function* episodesPieces(rows: readonly EpisodeRow[]): Generator<string> {
  const scored = sorted(rows.filter(({ scores }) => scores.length > 0), CELL_KEY);
  const widest = scored.reduce((most, { scores }) => Math.max(most, scores.length), 0);
  const header = [
    ...keysOf(EPISODES.columns).map(snakeCase),
    "episodes",
    ...Array.from({ length: widest }, (_, e) => `e${e}`),
  ];
  const score = optional(number);
  yield stringify([header], { headers: false });
  for (let first = 0; first < scored.length; first += PIECE) {
    const rows = scored.slice(first, first + PIECE);
    const keys = stringify(rows.map((row) => writeRow(EPISODES.columns, row)), { headers: false });
    // No field holds a line break, and numbers need no quotes: most of the file is written without asking for each.
    yield keys.split(LINE_END).slice(0, rows.length).map((key, index) => {
      const { scores } = rows[index];
      return `${key},${scores.length},${scores.map(score.write).join(",")}${
        ",".repeat(widest - scores.length)
      }${LINE_END}`;
    }).join("");
  }
}

/** `episodesPieces` in one. */
export function episodesCsv(rows: readonly EpisodeRow[]): string {
  return whole(episodesPieces(rows));
}

/**
 * Reads cells.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseCells(csv: string): CellRow[] {
  return readTable(CELLS.columns, csv, CELLS.file, ADDED_TO_CELLS);
}

/**
 * Reads timings.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseTimings(csv: string): TimingRow[] {
  return readTable(TIMINGS.columns, csv, TIMINGS.file);
}

/**
 * Reads validation.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseValidation(csv: string): ValidationRow[] {
  return readTable(VALIDATION.columns, csv, VALIDATION.file);
}

/**
 * Reads representations.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseRepresentations(csv: string): RepresentationRow[] {
  return readTable(REPRESENTATIONS.columns, csv, REPRESENTATIONS.file);
}

/**
 * Reads tuning.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseTuning(csv: string): TuningRow[] {
  return readTable(TUNING.columns, csv, TUNING.file);
}

/**
 * Reads predictions.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parsePredictions(csv: string): PredictionRow[] {
  return readTable(PREDICTIONS.columns, csv, PREDICTIONS.file);
}

/**
 * Reads published.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parsePublished(csv: string): PublishedRow[] {
  return readTable(PUBLISHED.columns, csv, PUBLISHED.file);
}

/**
 * Reads references.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseReferences(csv: string): ReferenceRow[] {
  return readTable(REFERENCES.columns, csv, REFERENCES.file);
}

/**
 * Reads cost_to_target.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseCostToTarget(csv: string): CostToTargetRow[] {
  return readTable(COST_TO_TARGET.columns, csv, COST_TO_TARGET.file);
}

/**
 * Reads equal_operations.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseEqualOperations(csv: string): EqualOperationsRow[] {
  return readTable(EQUAL_OPERATIONS.columns, csv, EQUAL_OPERATIONS.file);
}

/**
 * Reads episodes.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseEpisodes(csv: string): EpisodeRow[] {
  return records(csv, EPISODES.file).map((record, index) => {
    const where = `${EPISODES.file}, row ${index + 2}`;
    const count = readField(number, record, "episodes", where);
    const scores = Array.from({ length: count }, (_, e) => readField(optional(number), record, `e${e}`, where));
    return { ...readRow(EPISODES.columns, record, where), scores };
  });
}
