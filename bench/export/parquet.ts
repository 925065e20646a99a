/** Tables as Parquet files: the columns of the CSV files with their types, missing numbers as nulls, and what each column means in the file itself. */
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { CELL_KEY, type EpisodeRow } from "../../reports/rows/csv.ts";
import { snakeCase } from "../../reports/rows/csv_table.ts";
import type { Field } from "../../reports/rows/schema_columns.ts";
import { EPISODES } from "../../reports/rows/tables.ts";

/** A row's values by the names of its schema: texts and numbers, null where there is nothing. */
export type Row = Readonly<Record<string, string | number | null>>;

type SchemaElement = NonNullable<Parameters<typeof parquetWriteBuffer>[0]["schema"]>[number];

/** Where the meanings of the columns stand in the metadata of a file: JSON, by column. */
export const MEANINGS = "bridgebench.columns";

const CREATED_BY = "bridgebench";
/** Rows of a group: enough for compression, few enough to be read in part. */
const ROW_GROUP = 10_000;

const TYPES = { string: "STRING", integer: "INT64", number: "DOUBLE" } as const;

/** Whole numbers beyond 32 bits are BigInts to the writer. */
function valuesOf({ type }: Field, values: readonly (string | number | null)[]): (string | number | bigint | null)[] {
  if (type === "string") return [...values];
  // A float that is not finite is nothing, as in CSV.
  const finite = values.map((value) => typeof value === "number" && Number.isFinite(value) ? value : null);
  return type === "integer" ? finite.map((value) => value === null ? null : BigInt(value)) : finite;
}

function columnsOf(fields: readonly Field[], rows: readonly Row[]): ColumnSource[] {
  const names = new Map(rows.flatMap((row) => Object.keys(row)).map((name) => [snakeCase(name), name]));
  return fields.map((field): ColumnSource => ({
    name: field.name,
    data: valuesOf(field, rows.map((row) => row[names.get(field.name) ?? field.name] ?? null)),
    type: TYPES[field.type],
    nullable: true,
  }));
}

function metadata(fields: readonly Field[], more: Readonly<Record<string, string>> = {}) {
  const columns = Object.fromEntries(
    fields.map(({ name, meaning, unit }) => [name, unit === undefined ? { meaning } : { meaning, unit }]),
  );
  return [{ key: MEANINGS, value: JSON.stringify({ ...columns, ...more }) }];
}

/** A table's file. */
export function tableToParquet(fields: readonly Field[], rows: readonly Row[]): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({
    columnData: columnsOf(fields, rows),
    kvMetadata: metadata(fields),
    createdBy: CREATED_BY,
    rowGroupSize: ROW_GROUP,
  }));
}

const SCORES = "Scores of the test episodes, in their order: the same position is the same episode in all rows of a " +
  "data set; null where a score is not finite.";

/** episodes.parquet: a row per cell that has scores, which are one list. */
export function episodesToParquet(rows: readonly EpisodeRow[]): Uint8Array {
  const { fields } = EPISODES;
  const keyed = rows.map(({ scores: _, ...row }) => row as Row);
  const leaves = fields.map(({ name, type }): SchemaElement => {
    if (type === "string") {
      return { name, type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" };
    }
    return { name, type: TYPES[type], repetition_type: "OPTIONAL" };
  });
  const list: SchemaElement[] = [
    { name: "scores", repetition_type: "OPTIONAL", num_children: 1, converted_type: "LIST" },
    { name: "list", repetition_type: "REPEATED", num_children: 1 },
    { name: "element", type: "DOUBLE", repetition_type: "OPTIONAL" },
  ];
  const key = columnsOf(fields, keyed).map(({ name, data }): ColumnSource => ({ name, data }));
  return new Uint8Array(parquetWriteBuffer({
    columnData: [...key, { name: "scores", data: rows.map(({ scores }) => [...scores]) }],
    schema: [{ name: "root", num_children: fields.length + 1 }, ...leaves, ...list],
    kvMetadata: metadata(fields, { scores: SCORES }),
    createdBy: CREATED_BY,
    // Rows are as long as there are test episodes.
    rowGroupSize: Math.max(1, Math.floor(ROW_GROUP / 10)),
  }));
}

/** The columns that name a cell, as they are called in files. */
export const CELL_COLUMNS: readonly string[] = CELL_KEY.map(snakeCase);
