/**
 * How differently tasks move the weights, as part of a stored evaluation. It stands apart from `types.ts`, which is part of the address of every training: what
 * is measured of its state has no part in it.
 */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";

/** The spread of what adaptation does to the weights, at one number of inner steps. */
export const stepDiversity = z.object({
  innerSteps: z.int().min(0),
  /** Test episodes looked at, from the first on. */
  episodes: z.int().min(0),
  /** Numbers that adaptation changes, per task. */
  weights: z.int().min(0),
  /** See `effective_rank.ts`. */
  effectiveRank: z.number().nullable(),
  largestShare: z.number().nullable(),
  rms: z.number().nullable(),
});

/** What the schema says. */
export type StepDiversity = Immutable<z.infer<typeof stepDiversity>>;
