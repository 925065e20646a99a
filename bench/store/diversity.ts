/**
 * How differently tasks move the weights, as part of a stored evaluation. It stands apart from `types.ts`, which is part of the address of every training: what
 * is measured of its state has no part in it.
 */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import type { EvaluationResult } from "./types.ts";

const stepDiversity = z.object({
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

/** The spread of what adaptation does to the weights, at one number of inner steps. */
export type StepDiversity = Immutable<z.infer<typeof stepDiversity>>;

/** An evaluation of which it was measured. */
export interface DiverseResult extends EvaluationResult {
  /** One per number of inner steps above 0; [] where adaptation takes no steps, or moves too many weights. */
  readonly diversity: readonly StepDiversity[];
}

const measured = z.object({ diversity: z.array(stepDiversity) });

/** What a stored evaluation says of it; [] of evaluations by versions that did not measure it. */
export function diversityOf(result: Omit<EvaluationResult, "illustrations">): readonly StepDiversity[] {
  const parsed = measured.safeParse(result);
  return parsed.success ? parsed.data.diversity : [];
}
