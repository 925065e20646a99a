/** `docs/sweep.schema.json`: what a sweep file may hold, for editors, from the schema that files are checked against. */
import { z } from "zod";
import { sweepFileSchema } from "../sweeps/sourced.ts";

/** The JSON Schema as text. Draft 7 is what editors know best. */
export function sweepJsonSchema(): string {
  const schema = z.toJSONSchema(sweepFileSchema, { target: "draft-7", io: "input" });
  return JSON.stringify(schema, undefined, 2) + "\n";
}
