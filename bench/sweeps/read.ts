/** Sweeps as users give them. */
import { z } from "zod";
import { UsageError } from "../../common/errors.ts";
import { MAX } from "./bounds.ts";
import { withDerived } from "./derived.ts";
import { explain } from "./explain.ts";
import type { Sweep } from "./schema.ts";
import { located, sweepFileSchema } from "./sourced.ts";
import { expanded } from "./variants.ts";

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
  return located(withDerived(expanded(sweep)));
}

/** What a run keeps of its sweep: `sweep.json` in its folder. Its digest is computed anew wherever it matters. */
const keptSchema = z.object({ format: z.number(), digest: z.string(), sweep: z.unknown() });

/** The text of a file in UTF-8, with or without a byte-order mark. @throws UsageError naming another encoding */
function decoded(bytes: Uint8Array, path: string): string {
  const [first, second] = bytes;
  const other = first === 0xff && second === 0xfe || first === 0xfe && second === 0xff ||
    bytes.length > 1 && (first === 0) !== (second === 0);
  if (other) throw new UsageError(`--sweep ${path}: is in UTF-16; save it in UTF-8`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`--sweep ${path}: is not in UTF-8; save it in UTF-8`);
  }
}

/** Reads a sweep file, or what a run has kept of its sweep. @throws UsageError when it cannot be read, is no JSON or not a sweep */
export function readSweep(path: string): Sweep {
  let text: string;
  try {
    const { size, isFile } = Deno.statSync(path);
    if (!isFile) throw new UsageError(`--sweep ${path}: is not a file`);
    if (size > MAX.bytes) {
      throw new UsageError(`--sweep ${path}: has ${size} bytes; a sweep has at most ${MAX.bytes}`);
    }
    text = decoded(Deno.readFileSync(path), path);
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
