/** A CSV file as numbers by task. Nothing is guessed: a cell that is not what its column is, is refused with its line. */
import { TASK_KINDS, type TaskKind } from "../../../common/vocabulary.ts";
import { DataError, type Split } from "../../contract/dataset.ts";
import { columnOf, type CsvRecord, type CsvTable, readCsv } from "../csv.ts";
import { readText } from "../files.ts";
import type { TableSource } from "../source.ts";

/** The rows of a table as they stand there. */
export interface Table {
  readonly kind: TaskKind;
  readonly features: readonly string[];
  /** [rows, D] */
  readonly x: Float64Array;
  /** Numbers or classes, one a row. */
  readonly targets: readonly (number | string)[];
  /** The task of each row; "" where there are none. */
  readonly tasks: readonly string[];
  /** The split of every task (or class, without tasks) that the table itself divides; undefined where a draw does. */
  readonly splits: ReadonlyMap<string, Split> | undefined;
}

/** What stands where a value is missing. */
const MISSING = /^(?:|na|n\/a|nan|null)$/i;
/** A number as programs write it. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const SPLIT_WORDS: Readonly<Record<string, Split>> = {
  train: "train",
  val: "validation",
  validation: "validation",
  test: "test",
};
/** The largest size of a table, in numbers. */
const MAX_NUMBERS = 100_000_000;

/** @throws DataError with file, line and column about the first cell that cannot be used */
export function readTable(source: TableSource): Table {
  const { path, missing } = source;
  const table = readCsv(readText(path), path);
  const columns = columnsOf(table, source);
  const { features } = columns;
  const used = [...features, columns.target, ...[columns.task, columns.split].filter((column) => column !== undefined)];
  const records: CsvRecord[] = [];
  for (const record of table.records()) {
    const empty = used.find((column) => MISSING.test(record.values[column].trim()));
    if (empty === undefined) records.push(record);
    else if (missing === "refuse") {
      throw new DataError(
        `${path}, line ${record.line}: the column "${
          table.header[empty]
        }" has no value; fill it in, or leave such rows out with missing: "drop"`,
      );
    }
  }
  if (records.length === 0) throw new DataError(`${path} has no rows with values in all columns that are used`);
  if (records.length * features.length > MAX_NUMBERS) {
    throw new DataError(
      `Cannot use ${path}: ${records.length} rows of ${features.length} features are more than ${MAX_NUMBERS} numbers; take a part of it`,
    );
  }
  const cell = ({ values }: CsvRecord, column: number) => values[column].trim();
  const kind = kindOf(records.map((record) => ({ line: record.line, text: cell(record, columns.target) })), source);
  const x = new Float64Array(records.length * features.length);
  records.forEach((record, row) => {
    features.forEach((column, d) => {
      const text = cell(record, column);
      if (!NUMBER.test(text) || !Number.isFinite(Number(text))) {
        throw new DataError(
          `${path}, line ${record.line}: the feature "${table.header[column]}" is "${text}", not a number; ` +
            "encode it as numbers, or name the columns to predict from with features",
        );
      }
      x[row * features.length + d] = Number(text);
    });
  });
  const targets = records.map((record) =>
    kind === "regression" ? Number(cell(record, columns.target)) : cell(record, columns.target)
  );
  const tasks = records.map((record) => columns.task === undefined ? "" : cell(record, columns.task));
  return {
    kind,
    features: features.map((column) => table.header[column]),
    x,
    targets,
    tasks,
    splits: columns.split === undefined
      ? undefined
      : splitsOf(records, columns.split, (row) => columns.task === undefined ? String(targets[row]) : tasks[row], path),
  };
}

interface Columns {
  readonly task: number | undefined;
  readonly target: number;
  readonly split: number | undefined;
  readonly features: readonly number[];
}

function columnsOf(table: CsvTable, { path, task, target, splitColumn, features }: TableSource): Columns {
  const own = {
    task: task === null ? undefined : columnOf(table, task, "task", path),
    target: columnOf(table, target, "target", path),
    split: splitColumn === null ? undefined : columnOf(table, splitColumn, "splitColumn", path),
  };
  const taken = Object.values(own);
  const named = features.map((name) => columnOf(table, name, "features", path));
  const wrong = named.find((column) => taken.includes(column));
  if (wrong !== undefined) {
    throw new DataError(
      `${path}: "${table.header[wrong]}" cannot be a feature, for it is the task, the target or the split`,
    );
  }
  const rest = table.header.map((_, column) => column).filter((column) => !taken.includes(column));
  const chosen = named.length > 0 ? [...new Set(named)] : rest;
  if (chosen.length === 0) throw new DataError(`${path} has no column to predict from beside task, target and split`);
  return { ...own, features: chosen };
}

/** What a target is. @throws DataError where some values are numbers and others are not */
function kindOf(cells: readonly { readonly line: number; readonly text: string }[], source: TableSource): TaskKind {
  const { path, target, kind } = source;
  const isNumber = ({ text }: { readonly text: string }) => NUMBER.test(text) && Number.isFinite(Number(text));
  if (kind === "classification") return kind;
  const other = cells.find((cell) => !isNumber(cell));
  if (other === undefined) return TASK_KINDS[0];
  if (kind === "auto" && !cells.some(isNumber)) return "classification";
  throw new DataError(
    `${path}, line ${other.line}: the target "${target}" is "${other.text}", not a number` +
      (kind === "auto" ? ', as others are; mend it, or say kind: "classification" where all of them are classes' : ""),
  );
}

function splitsOf(
  records: readonly CsvRecord[],
  column: number,
  nameOf: (row: number) => string,
  path: string,
): Map<string, Split> {
  const splits = new Map<string, Split>();
  const lines = new Map<string, number>();
  records.forEach(({ line, values }, row) => {
    const word = values[column].trim().toLowerCase();
    if (!Object.hasOwn(SPLIT_WORDS, word)) {
      throw new DataError(`${path}, line ${line}: the split is "${values[column]}"; expected train, val or test`);
    }
    const [name, split] = [nameOf(row), SPLIT_WORDS[word]];
    const earlier = splits.get(name);
    if (earlier !== undefined && earlier !== split) {
      throw new DataError(
        `${path}, line ${line}: "${name}" is for ${split}, but for ${earlier} in line ${
          lines.get(name)
        }; give it one split`,
      );
    }
    if (earlier === undefined) lines.set(name, line);
    splits.set(name, split);
  });
  return splits;
}
