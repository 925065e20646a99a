/** CSV with the line of every record, so that messages can say where something is wrong. */
import { DataError } from "../contract/dataset.ts";

/** One record. */
export interface CsvRecord {
  /** Line that it begins on, from 1. */
  readonly line: number;
  readonly values: readonly string[];
}

/** Separators that are looked for in a header, the first where none is found. */
const SEPARATORS = [",", "\t", ";"];

/** The separator that a header has most of. */
export function separatorOf(text: string): string {
  const header = text.slice(0, text.search(/[\r\n]|$/));
  const counts = SEPARATORS.map((separator) => header.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))];
}

/**
 * Reads CSV record by record (RFC 4180): values may be quoted, quotation marks inside are doubled, lines end with LF or CRLF, empty lines are passed over.
 *
 * @param place the file's name, for messages
 * @throws DataError with the line of a stray or missing quotation mark
 */
export function* csvRecords(text: string, separator: string, place: string): Generator<CsvRecord> {
  let line = 1;
  for (let at = 0; at < text.length;) {
    const begins = line;
    const values: string[] = [];
    for (let open = true; open;) {
      let value: string;
      if (text[at] === '"') {
        const end = closingMark(text, at + 1);
        if (end < 0) throw new DataError(`${place}, line ${line}: a quotation mark is not closed`);
        const quoted = text.slice(at + 1, end);
        value = quoted.replaceAll('""', '"');
        for (const character of quoted) if (character === "\n") line++;
        at = end + 1;
        if (at < text.length && text[at] !== separator && !isLineEnd(text, at)) {
          throw new DataError(`${place}, line ${line}: text follows a closing quotation mark; double the marks inside`);
        }
      } else {
        const start = at;
        while (at < text.length && text[at] !== separator && !isLineEnd(text, at)) at++;
        value = text.slice(start, at);
        if (value.includes('"')) {
          throw new DataError(
            `${place}, line ${line}: a quotation mark stands inside an unquoted value; quote the value`,
          );
        }
      }
      values.push(value);
      open = text[at] === separator;
      if (open) at++;
    }
    // Past the end of the line.
    if (text[at] === "\r") at++;
    at++;
    line++;
    if (values.length > 1 || values[0] !== "") yield { line: begins, values };
  }
}

function isLineEnd(text: string, at: number): boolean {
  return text[at] === "\n" || (text[at] === "\r" && (text[at + 1] === "\n" || at + 1 === text.length));
}

/** Position of the mark that closes a quoted value; below zero when there is none. */
function closingMark(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) if (text[at + 1] !== '"') return at;
  return -1;
}

/** A table with a header. */
export interface CsvTable {
  readonly header: readonly string[];
  /** The records after the header, each with as many values as the header; made anew whenever it is gone through. */
  records(): Iterable<CsvRecord>;
}

/** Reads a table. @throws DataError when it has no header or two columns of one name; with the line, when a record has another number of values */
export function readCsv(text: string, place: string): CsvTable {
  const separator = separatorOf(text);
  const first = csvRecords(text, separator, place).next();
  if (first.done) throw new DataError(`${place} is empty: it needs a header and records`);
  const header = first.value.values.map((name) => name.trim());
  const twice = header.find((name, index) => header.indexOf(name) !== index);
  if (twice !== undefined) throw new DataError(`${place}, line ${first.value.line}: two columns are named "${twice}"`);
  return {
    header,
    *records() {
      let isHeader = true;
      for (const record of csvRecords(text, separator, place)) {
        if (!isHeader) {
          if (record.values.length !== header.length) {
            throw new DataError(
              `${place}, line ${record.line}: ${record.values.length} values, but the header names ${header.length} columns`,
            );
          }
          yield record;
        }
        isHeader = false;
      }
    },
  };
}

/** Position of a column. @throws DataError that lists the columns when it is not there */
export function columnOf({ header }: CsvTable, name: string, option: string, place: string): number {
  const position = header.indexOf(name);
  if (position >= 0) return position;
  throw new DataError(
    `${place} has no column "${name}", only ${header.map((own) => `"${own}"`).join(", ")}; name another with ${option}`,
  );
}
