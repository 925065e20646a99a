/** Columns as a row's schema has them: how values stand in them, and what documents say of them. */
import { z } from "zod";
import { type Codec, number, oneOf, optional, text } from "./codec.ts";
import { type Columns, snakeCase } from "./csv_table.ts";

/** What documents say of a column. */
export interface Field {
  /** In snake case, as it stands in the file. */
  readonly name: string;
  readonly type: "string" | "integer" | "number";
  /** All words that may stand in it; undefined for other columns. */
  readonly words: readonly string[] | undefined;
  /** Whether nothing may stand in it. */
  readonly optional: boolean;
  /** Undefined where it has none. */
  readonly unit: string | undefined;
  readonly meaning: string;
}

/** What may stand in a column, its wrapping taken off. */
function unwrapped(schema: unknown): unknown {
  return schema instanceof z.ZodNullable ? schema.unwrap() : schema;
}

function codecOf(name: string, schema: unknown): Codec<string | number | null> {
  if (schema instanceof z.ZodNullable) {
    const inner = unwrapped(schema);
    return inner instanceof z.ZodEnum ? optional(oneOf(wordsOf(inner))) : optional(numberOf(name, inner));
  }
  if (schema instanceof z.ZodEnum) return oneOf(wordsOf(schema));
  return schema instanceof z.ZodString ? text : numberOf(name, schema);
}

function numberOf(name: string, schema: unknown): Codec<number> {
  if (schema instanceof z.ZodNumber) return number;
  throw new Error(`internal: the column ${name} is neither text, nor a number, nor one of a few words`);
}

function wordsOf(schema: z.ZodEnum): string[] {
  return schema.options.map(String);
}

/** How each of a row's values stands in its column, in the order of the schema. */
export function columnsOf<Row>(schema: z.ZodObject & z.ZodType<Row>): Columns<Row> {
  const codecs = Object.entries(schema.shape).map(([name, column]) => [name, codecOf(name, column)]);
  return Object.fromEntries(codecs) as Columns<Row>;
}

/** What documents say of a row's columns, in their order. */
export function fieldsOf(schema: z.ZodObject): Field[] {
  return Object.entries(schema.shape).map(([name, column]): Field => {
    const inner = unwrapped(column);
    const { description, unit } = z.globalRegistry.get(column) ?? {};
    if (description === undefined) throw new Error(`internal: the column ${name} has no description`);
    return {
      name: snakeCase(name),
      type: inner instanceof z.ZodNumberFormat ? "integer" : inner instanceof z.ZodNumber ? "number" : "string",
      words: inner instanceof z.ZodEnum ? wordsOf(inner) : undefined,
      optional: column instanceof z.ZodNullable || inner instanceof z.ZodString,
      unit: unit === undefined ? undefined : String(unit),
      meaning: description,
    };
  });
}
