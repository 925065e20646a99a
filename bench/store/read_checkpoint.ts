/** Checkpoints from anywhere: whoever changed one may have given it a digest that fits, so what is in it is looked at too. */
import { z } from "zod";
import { type Checkpoint, decodeCheckpoint } from "./checkpoint.ts";
import { ENTRIES } from "./types.ts";

const count = z.int().min(0);
const snapshot = z.array(
  z.tuple([z.string(), z.union([z.instanceof(Float32Array), z.instanceof(Float64Array)])]),
);

const shape: z.ZodType<Checkpoint> = z.object({
  iteration: count,
  since: count,
  restarts: count,
  curve: ENTRIES.training.shape.curve,
  watched: z.array(z.object({ iteration: count, scores: z.array(z.number().nullable()) })),
  trainS: z.number().min(0),
  validateS: z.number().min(0),
  visits: z.array(count),
  states: snapshot,
  kept: snapshot,
});

/** The checkpoint in a file; undefined when it is damaged, of another format or of another unit. */
export function readCheckpoint(unit: string, bytes: Uint8Array): Checkpoint | undefined {
  try {
    return shape.safeParse(decodeCheckpoint(unit, bytes)).data;
  } catch {
    // A head that is no JSON, or speaks of tensors that no file can hold.
    return undefined;
  }
}
