/**
 * What evaluations measure beside their scores. It stands apart from `types.ts`, which is part of the address of every training: nothing that is trained depends
 * on it.
 */
import { z } from "zod";
import type { Immutable } from "../../common/immutable.ts";
import { keptPredictions } from "./kept_predictions.ts";
import { stepDiversity } from "./diversity.ts";
import { ENTRIES } from "./types.ts";

const count = z.int().min(0);
/** Checked by hand: there is one for every class of a split. */
const counts = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.every((own) => Number.isInteger(own) && own >= 0),
  "expected whole numbers",
);

/** What the predictions of a classification's queries come to, over all test episodes with a finite score. */
const queryMeasures = z.object({
  /** Null for adapters that take none. */
  innerSteps: count.nullable(),
  /** Sum of −log p(true class), p the softmax of what the head puts out. */
  nll: z.number().nullable(),
  /** Per bin of confidence: queries, the sum of their confidences, and how many are right; see `reports/statistics/calibration.ts`. */
  bins: z.array(z.tuple([count, z.number(), count])),
  /** Per class of the split: its queries, and how many of them are right. */
  queries: counts,
  right: counts,
});
/** What the predictions of a classification's queries come to. */
export type QueryMeasures = Immutable<z.infer<typeof queryMeasures>>;

/** The entries of a store, with all that is measured; older versions left that out. */
export const STORED = {
  ...ENTRIES,
  evaluation: ENTRIES.evaluation.extend({
    /** In the order of the curve; absent for regression. */
    measures: z.array(queryMeasures).optional(),
    /** One per number of inner steps above 0; [] or absent where adaptation takes no steps, or moves too many weights. */
    diversity: z.array(stepDiversity).optional(),
    /** In the order of the curve; absent where none are kept. */
    predictions: z.array(keptPredictions).optional(),
  }),
  evaluationTiming: ENTRIES.evaluationTiming.extend({
    /** Wall time per test episode of adapting and predicting, choices on validation episodes apart; milliseconds. */
    adaptMs: z.number().optional(),
  }),
} as const;

/** What one evaluation found. */
export type MeasuredEvaluation = Immutable<z.infer<typeof STORED.evaluation>>;
/** What an evaluation took on the machine that did it. */
export type MeasuredTiming = Immutable<z.infer<typeof STORED.evaluationTiming>>;
