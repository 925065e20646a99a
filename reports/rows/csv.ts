/**
 * Rows to CSV (RFC 4180) and back. Columns are the rows' names in snake case, in a fixed order; what is missing is an empty field; rows
 * are sorted, so that the same results give the same bytes.
 */
import { stringify } from "@std/csv/stringify";
import type {
  CellRow,
  CostToTargetRow,
  PredictionRow,
  RepresentationRow,
  TimingRow,
  TuningRow,
  ValidationRow,
} from "./rows.ts";
import { number, optional } from "./codec.ts";
import {
  CELL_KEY,
  CELLS,
  type EpisodeRow,
  EPISODES,
  PREDICTIONS,
  REACH,
  REPRESENTATIONS,
  TIMING_KEY,
  TIMINGS,
  TUNING,
  VALIDATION,
} from "./csv_columns.ts";
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
  writeTable,
} from "./csv_table.ts";

export { CELL_KEY, type EpisodeRow, type Pieces, snakeCase };

/** cells.csv: one row per cell, sorted by dataset, algorithm, adaptation, shots, inner_steps, sharing_depth, adapt_depth, task_start, seed. */
export function cellsPieces(rows: readonly CellRow[]): Pieces {
  return writePieces(CELLS, sorted(rows, CELL_KEY));
}

/** `cellsPieces` in one. */
export function cellsCsv(rows: readonly CellRow[]): string {
  return whole(cellsPieces(rows));
}

/** timings.csv: one row per training unit, sorted by dataset, algorithm, sharing_depth, shots, inner_steps, seed, training_unit. */
export function timingsCsv(rows: readonly TimingRow[]): string {
  return writeTable(TIMINGS, sorted(rows, TIMING_KEY));
}

/** validation.csv: one row per point of a validation curve, sorted like timings.csv and by iteration. */
export function validationPieces(rows: readonly ValidationRow[]): Pieces {
  return writePieces(VALIDATION, sorted(rows, [...TIMING_KEY, "iteration"]));
}

/** `validationPieces` in one. */
export function validationCsv(rows: readonly ValidationRow[]): string {
  return whole(validationPieces(rows));
}

/** representations.csv: one row per layer of every cell that is adapted by gradient and has a result, sorted like cells.csv and by layer. */
export function representationsPieces(rows: readonly RepresentationRow[]): Pieces {
  return writePieces(REPRESENTATIONS, sorted(rows, [...CELL_KEY, "layer"]));
}

/** `representationsPieces` in one. */
export function representationsCsv(rows: readonly RepresentationRow[]): string {
  return whole(representationsPieces(rows));
}

/** tuning.csv: one row per trial, sorted by dataset, algorithm, sharing_depth, trial. */
export function tuningCsv(rows: readonly TuningRow[]): string {
  return writeTable(TUNING, sorted(rows, ["dataset", "algorithm", "sharingDepth", "trial"]));
}

/** predictions.csv: one row per prediction, in the sweep's order. */
export function predictionsCsv(rows: readonly PredictionRow[]): string {
  return writeTable(PREDICTIONS, rows);
}

/** cost_to_target.csv: one row per goal and algorithm, in the given order. */
export function costToTargetCsv(rows: readonly CostToTargetRow[]): string {
  return writeTable(REACH, rows);
}

/**
 * episodes.csv: one row per cell that has scores, with the cell's key columns, `metric`, `training_unit`, `episodes` (how many there are) and one
 * column per test episode, `e0`, `e1`, ...: a matrix that loads as numbers, where the same column is the same episode in every row of a data set
 * (differences are paired). A score that is not finite is an empty field, as are columns from `episodes` on. Sorted like cells.csv.
 */
export function* episodesPieces(rows: readonly EpisodeRow[]): Generator<string> {
  const scored = sorted(rows.filter(({ scores }) => scores.length > 0), CELL_KEY);
  const widest = scored.reduce((most, { scores }) => Math.max(most, scores.length), 0);
  const header = [...keysOf(EPISODES).map(snakeCase), "episodes", ...Array.from({ length: widest }, (_, e) => `e${e}`)];
  const score = optional(number);
  yield stringify([header], { headers: false });
  for (let first = 0; first < scored.length; first += PIECE) {
    const rows = scored.slice(first, first + PIECE);
    const keys = stringify(rows.map((row) => writeRow<Omit<EpisodeRow, "scores">>(EPISODES, row)), { headers: false });
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
  return readTable(CELLS, csv, "cells.csv");
}

/**
 * Reads timings.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseTimings(csv: string): TimingRow[] {
  return readTable(TIMINGS, csv, "timings.csv");
}

/**
 * Reads validation.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseValidation(csv: string): ValidationRow[] {
  return readTable(VALIDATION, csv, "validation.csv");
}

/**
 * Reads representations.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseRepresentations(csv: string): RepresentationRow[] {
  return readTable(REPRESENTATIONS, csv, "representations.csv");
}

/**
 * Reads tuning.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseTuning(csv: string): TuningRow[] {
  return readTable(TUNING, csv, "tuning.csv");
}

/**
 * Reads predictions.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parsePredictions(csv: string): PredictionRow[] {
  return readTable(PREDICTIONS, csv, "predictions.csv");
}

/**
 * Reads cost_to_target.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseCostToTarget(csv: string): CostToTargetRow[] {
  return readTable(REACH, csv, "cost_to_target.csv");
}

/**
 * Reads episodes.csv.
 *
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function parseEpisodes(csv: string): EpisodeRow[] {
  return records(csv, "episodes.csv").map((record, index) => {
    const where = `episodes.csv, row ${index + 2}`;
    const count = readField(number, record, "episodes", where);
    const scores = Array.from({ length: count }, (_, e) => readField(optional(number), record, `e${e}`, where));
    return { ...readRow<Omit<EpisodeRow, "scores">>(EPISODES, record, where), scores };
  });
}
