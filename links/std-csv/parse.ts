/**
 * Stand-in for `@std/csv/parse` on top of npm's csv-parse.
 *
 * @module
 */
import { CsvError, parse as read } from "csv-parse/sync";

/** Options of {@linkcode parse}. */
export interface ParseOptions {
  /** Between two values; a comma by default. */
  separator?: string;
  /** Lines that start with this character are ignored; off by default. */
  comment?: string;
  /** Drop white space at the start of a value. */
  trimLeadingSpace?: boolean;
  /** Allow a quotation mark in an unquoted value. */
  lazyQuotes?: boolean;
  /** Values each line must have; 0: as many as the first line. Unchecked by default. */
  fieldsPerRecord?: number;
  /** Drop the first line; without `columns`, its values name the properties. */
  skipFirstRow?: boolean;
  /** The names of the properties. */
  columns?: readonly string[];
}

/** The rows: objects when they have named properties, else arrays. */
export type ParseResult<T extends ParseOptions> = T extends { columns: readonly (infer C extends string)[] }
  ? Record<C, string>[]
  : T extends { skipFirstRow: true } ? Record<string, string>[]
  : string[][];

/**
 * Reads CSV. Lines end with LF or CRLF, empty lines are skipped, a byte-order mark is dropped, and a line break within
 * quotation marks is read as LF.
 *
 * @param input the whole text
 * @returns one array per line; with `skipFirstRow` or `columns`, one object per line
 * @throws SyntaxError on stray or missing quotation marks and on a line with a wrong number of values
 */
export function parse<const T extends ParseOptions = Record<never, never>>(
  input: string,
  options?: T,
): ParseResult<T> {
  const given: ParseOptions = options ?? {};
  const rows = split(input, given);
  const wanted = given.fieldsPerRecord === 0 ? rows[0]?.length : given.fieldsPerRecord;
  if (wanted !== undefined && wanted > 0) rows.forEach((row, i) => check(row, wanted, i + 1));
  if (!given.skipFirstRow && !given.columns) return rows as ParseResult<T>;

  const first = given.skipFirstRow ? rows.shift() : undefined;
  const names = given.columns ?? first;
  if (names === undefined) throw new TypeError("Headers must be defined");
  const records = rows.map((row, i) => {
    check(row, names.length, i + (given.skipFirstRow ? 2 : 1));
    return Object.fromEntries(row.map((value, j) => [names[j], value]));
  });
  return records as ParseResult<T>;
}

function split(input: string, options: ParseOptions): string[][] {
  try {
    return read(input.replaceAll("\r\n", "\n").replace(/\r$/, ""), {
      bom: true,
      comment: options.comment ?? null,
      comment_no_infix: true,
      delimiter: options.separator ?? ",",
      ltrim: options.trimLeadingSpace ?? false,
      record_delimiter: "\n",
      relax_column_count: true,
      relax_quotes: options.lazyQuotes ?? false,
      skip_empty_lines: true,
    }) as string[][];
  } catch (error) {
    if (error instanceof CsvError) throw new SyntaxError(error.message, { cause: error });
    throw error;
  }
}

function check(row: readonly string[], wanted: number, record: number): void {
  if (row.length !== wanted) {
    throw new SyntaxError(`Record ${record} has ${row.length} fields, but ${wanted} are expected`);
  }
}
