/**
 * Evaluations that keep what was predicted for the first test episodes, so that predictions of two methods can be compared. They stand apart from `types.ts`,
 * which is part of the address of every training.
 */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import type { EvaluationSpec } from "./types.ts";

/** An evaluation that keeps predictions. */
export interface KeepingEvaluationSpec extends EvaluationSpec {
  /** Of so many test episodes, from the first on. */
  readonly keptPredictions: number;
}

/** Test episodes whose predictions an evaluation keeps. */
export function keptOf(spec: Omit<EvaluationSpec, "innerSteps">): number {
  return (spec as Partial<KeepingEvaluationSpec>).keptPredictions ?? 0;
}

/** What was predicted, at one number of inner steps. */
export const keptPredictions = z.object({
  innerSteps: z.int().min(0),
  /** Per episode, the predictions of all its queries one after the other; null where not finite. Checked by hand: there are many. */
  episodes: z.custom<readonly (readonly (number | null)[])[]>(
    (value) => Array.isArray(value) && value.every((own) => Array.isArray(own) && own.every(isNumberOrNull)),
    "expected lists of numbers",
  ),
});

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === "number";
}

/** What the schema says. */
export type KeptPredictions = Immutable<z.infer<typeof keptPredictions>>;
