/**
 * Stand-in for `@std/csv/stringify` on top of npm's csv-stringify.
 *
 * @module
 */
import { stringify as write } from "csv-stringify/sync";

/** A property of an object, an index of an array, or a path of those. */
type Property = string | number;

/** A column: the property that holds its values, a path to it, or one of these with a header of its own. */
export type Column = Property | Property[] | { header?: string; prop: Property | Property[] };

/** A row: an object (columns are then needed) or an array. */
export type DataItem = Record<string, unknown> | unknown[];

/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  /** Whether the first line names the columns; true by default. */
  headers?: boolean;
  /** Between two values; a comma by default. */
  separator?: string;
  /** The columns, in order. */
  columns?: readonly Column[];
  /** Whether a byte-order mark comes first; false by default. */
  bom?: boolean;
}

/** Data or options that cannot be written as CSV. */
export class StringifyError extends Error {
  override name = "StringifyError";
}

/**
 * Writes rows as CSV. Every line ends with CRLF; null and undefined are empty fields; objects are written as JSON; a
 * value is quoted where it contains the separator, a quotation mark or a line feed.
 *
 * @throws StringifyError when rows are objects and no columns are given, or the separator is a quotation mark or line break
 */
export function stringify(data: readonly DataItem[], options: StringifyOptions = {}): string {
  const { headers = true, separator = ",", columns = [], bom = false } = options;
  if (/"|\r\n/.test(separator)) {
    throw new StringifyError(`Separator cannot include a quotation mark or a line break: ${JSON.stringify(separator)}`);
  }
  const rows = data.map((item) => columns.length > 0 ? columns.map((column) => pick(item, path(column))) : whole(item));
  if (headers && columns.length > 0) rows.unshift(columns.map(header));
  return write(rows.map((row) => row.map(text)), {
    bom,
    delimiter: separator,
    record_delimiter: "\r\n",
    quoted_match: /\n/,
  });
}

/** The properties to follow from a row to a column's value. */
function path(column: Column): Property[] {
  const prop = typeof column === "object" && !Array.isArray(column) ? column.prop : column;
  return Array.isArray(prop) ? prop : [prop];
}

function header(column: Column): string {
  const named = typeof column === "object" && !Array.isArray(column) ? column.header : undefined;
  return named ?? String(path(column).at(-1));
}

function pick(item: DataItem, properties: readonly Property[]): unknown {
  let value: unknown = item;
  for (const property of properties) {
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value) && typeof property !== "number") {
      throw new StringifyError(`A column of an array needs a number, not ${JSON.stringify(property)}`);
    }
    value = (value as Record<Property, unknown>)[property];
  }
  return value;
}

function whole(item: DataItem): unknown[] {
  if (Array.isArray(item)) return item;
  throw new StringifyError("Rows that are objects need the option `columns`");
}

function text(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
