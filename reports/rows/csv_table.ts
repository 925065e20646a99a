/** Tables of any columns to CSV and back; `csv.ts` says which tables there are. */
import { parse } from "@std/csv/parse";
import { stringify } from "@std/csv/stringify";
import type { Codec } from "./codec.ts";

/** How each of a row's values stands in its column. */
export type Columns<Row> = { readonly [K in keyof Row]-?: Codec<Row[K]> };

/** Rows that are written at a time. */
export const PIECE = 500;
/** Ends every line. */
export const LINE_END = "\r\n";

/** `innerSteps` -> `inner_steps` */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Text of a file piece by piece: a large table is longer than a string may be. */
export type Pieces = Iterable<string>;

/** Names of the rows, in the order of the columns. */
export function keysOf<Row>(columns: Columns<Row>): (keyof Row & string)[] {
  return Object.keys(columns) as (keyof Row & string)[];
}

/** A row's fields. */
export function writeRow<Row>(columns: Columns<Row>, row: Row): string[] {
  return keysOf(columns).map((key) => columns[key].write(row[key]));
}

function* linesOf<Row>(
  header: string[],
  rows: readonly Row[],
  write: (row: Row) => string[],
): Generator<string> {
  yield stringify([header], { headers: false });
  for (let first = 0; first < rows.length; first += PIECE) {
    yield stringify(rows.slice(first, first + PIECE).map(write), { headers: false });
  }
}

/** A header and a line per row, in the given order. */
export function writePieces<Row>(columns: Columns<Row>, rows: readonly Row[]): Pieces {
  return linesOf(keysOf(columns).map(snakeCase), rows, (row) => writeRow(columns, row));
}

/** Pieces in one. */
export function whole(pieces: Pieces): string {
  return [...pieces].join("");
}

/** Lines by column. @throws SyntaxError when it is no CSV */
export function records(csv: string, file: string): Record<string, string>[] {
  try {
    return parse(csv, { skipFirstRow: true });
  } catch (error) {
    throw new SyntaxError(`${file} is not valid CSV: ${error instanceof Error ? error.message : error}`);
  }
}

/**
 * Rows.
 *
 * @param added columns that older versions did not write: where one is missing, its fields count as empty
 * @throws SyntaxError that names the line and the column that is wrong or missing
 */
export function readTable<Row>(
  columns: Columns<Row>,
  csv: string,
  file: string,
  added: readonly (keyof Row & string)[] = [],
): Row[] {
  const empty = Object.fromEntries(added.map((key) => [snakeCase(key), ""]));
  return records(csv, file).map((record, index) =>
    readRow(columns, { ...empty, ...record }, `${file}, row ${index + 2}`)
  );
}

/** One row. */
export function readRow<Row>(columns: Columns<Row>, record: Record<string, string>, where: string): Row {
  const entries = keysOf(columns).map((key) => [key, readField(columns[key], record, snakeCase(key), where)]);
  return Object.fromEntries(entries) as Row;
}

/** One field. */
export function readField<T>(codec: Codec<T>, record: Record<string, string>, column: string, where: string): T {
  const field = record[column];
  if (field === undefined) throw new SyntaxError(`${where}: there is no column "${column}"`);
  try {
    return codec.read(field);
  } catch (error) {
    throw new SyntaxError(`${where}: ${column} is "${field}", but ${error instanceof Error ? error.message : error}`);
  }
}

/** Rows ordered by these keys. */
export function sorted<Row>(rows: readonly Row[], keys: readonly (keyof Row)[]): Row[] {
  return [...rows].sort((a, b) => {
    for (const key of keys) {
      const order = compare(a[key], b[key]);
      if (order !== 0) return order;
    }
    return 0;
  });
}

/** Nothing first, then numbers by value, then words by code unit. */
function compare(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? -1 : 1;
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a) < String(b) ? -1 : 1;
}
