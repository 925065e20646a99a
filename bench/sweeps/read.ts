/** Sweeps as users give them. */
import { z } from "zod";
import { UsageError } from "../../common/errors.ts";
import { MAX } from "./bounds.ts";
import { explain } from "./explain.ts";
import type { Sweep } from "./schema.ts";
import { located, sweepFileSchema } from "./sourced.ts";

/**
 * Checks that a value has the shape of a sweep.
 *
 * @param origin where it came from, for messages, e.g. a file name
 * @throws UsageError naming the first place that is wrong
 */
export function parseSweep(value: unknown, origin: string): Sweep {
  const parsed = sweepFileSchema.safeParse(value);
  if (!parsed.success) throw new UsageError(`Sweep ${origin}: ${explain(sweepFileSchema, parsed.error, "the sweep")}`);
  const { $schema: _, ...sweep } = parsed.data;
  return located(sweep);
}

/** What a run keeps of its sweep: `sweep.json` in its folder. Its digest is computed anew wherever it matters. */
const keptSchema = z.object({ format: z.number(), digest: z.string(), sweep: z.unknown() });

/** Reads a sweep file, or what a run has kept of its sweep. @throws UsageError when it cannot be read, is no JSON or not a sweep */
export function readSweep(path: string): Sweep {
  let text: string;
  try {
    const { size, isFile } = Deno.statSync(path);
    if (!isFile) throw new UsageError(`--sweep ${path}: is not a file`);
    if (size > MAX.bytes) {
      throw new UsageError(`--sweep ${path}: has ${size} bytes; a sweep has at most ${MAX.bytes}`);
    }
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    if (error instanceof Deno.errors.NotFound) throw new UsageError(`--sweep ${path}: there is no such file`);
    throw new UsageError(`--sweep ${path}: cannot be read (${error instanceof Error ? error.message : error})`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--sweep ${path}: not JSON (${error instanceof Error ? error.message : error})`);
  }
  const kept = keptSchema.safeParse(value);
  return parseSweep(kept.success ? kept.data.sweep : value, path);
}
