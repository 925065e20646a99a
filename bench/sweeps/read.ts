/** Sweeps as users give them. */
import { UsageError } from "../../common/errors.ts";
import { MAX } from "./bounds.ts";
import { explain } from "./explain.ts";
import { type Sweep, sweepSchema } from "./schema.ts";

/**
 * Checks that a value has the shape of a sweep.
 *
 * @param origin where it came from, for messages, e.g. a file name
 * @throws UsageError naming the first place that is wrong
 */
export function parseSweep(value: unknown, origin: string): Sweep {
  const parsed = sweepSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UsageError(`Sweep ${origin}: ${explain(sweepSchema, parsed.error, "the sweep")}`);
}

/** Reads a sweep file. @throws UsageError when it cannot be read, is no JSON or not a sweep */
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
  return parseSweep(value, path);
}
