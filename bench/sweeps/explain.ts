/** What is wrong with a value that a schema refuses, in a user's words. */
import { z } from "zod";
import { inPlainWords } from "../../common/missing_words.ts";
import { nearest } from "../../common/suggest.ts";

/** The first thing that is wrong with a value, with its place in the document and, for a misspelt key, the right one. */
export function explain(schema: z.ZodType, { issues }: z.ZodError, whole: string): string {
  // A misspelt key also leaves the right one missing: the misspelling is the cause.
  const issue = issues.find(({ code }) => code === "unrecognized_keys") ?? issues[0];
  if (issue.code === "unrecognized_keys") {
    const key = issue.keys[0];
    const known = keysAt(schema, issue.path);
    const guess = nearest(key, known);
    const hint = guess === undefined ? `known keys: ${known.join(", ")}` : `did you mean "${guess}"?`;
    return `unknown key ${jsonPath([...issue.path, key])}; ${hint}`;
  }
  const where = issue.path.length === 0 ? whole : jsonPath(issue.path);
  const what = inPlainWords(issue.message);
  return `${where}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
}

/** Where something is in a JSON document, e.g. `datasets[0].hyper.innerLr`. */
function jsonPath(path: readonly PropertyKey[]): string {
  return path.map((part, index) => typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`)
    .join("");
}

/** The keys that the object at a path of a schema may have; [] where it is no object of fixed keys. Of alternatives, those of all. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let schemas: unknown[] = [schema];
  for (const part of path) schemas = schemas.flatMap(alternatives).flatMap((schema) => inside(schema, String(part)));
  const objects = schemas.flatMap(alternatives).filter((schema) => schema instanceof z.ZodObject);
  return [...new Set(objects.flatMap((schema) => Object.keys(schema.shape)))];
}

/** What a value of a schema may be: defaults taken off, unions taken apart. */
function alternatives(schema: unknown): unknown[] {
  const wrapped = schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable;
  if (wrapped) return alternatives(schema.unwrap());
  return schema instanceof z.ZodUnion ? schema.options.flatMap(alternatives) : [schema];
}

/** The schemas of a member. */
function inside(schema: unknown, part: string): unknown[] {
  if (schema instanceof z.ZodArray) return [schema.element];
  if (schema instanceof z.ZodRecord) return [schema.valueType];
  return schema instanceof z.ZodObject && part in schema.shape ? [schema.shape[part]] : [];
}
