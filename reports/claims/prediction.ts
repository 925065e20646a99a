/** Predictions: what is expected of a run, written down in its sweep before it starts. Plain data, in a small closed set of kinds. */
import { z } from "zod";
import { namesIn, type Selection, selectionShape } from "./selection.ts";

/** A selection of cells; the data set is that of the prediction. */
export type Side = Omit<Selection, "dataset">;

interface Common {
  /** Names it in predictions.csv. */
  readonly id: string;
  /** What is expected, in words. */
  readonly statement: string;
  /** Where the expectation comes from. */
  readonly source: string;
  readonly dataset: string;
  /** Of the cells it is about; all by default. */
  readonly shots?: readonly number[];
}

/** `a` against `b`, at the margin of the data set. */
export interface ComparisonPrediction extends Common {
  readonly kind: "comparison";
  readonly a: Side;
  readonly b: Side;
  readonly expect: "equivalent" | "a-better" | "a-not-better";
}

/** `a` scores what the best predictor that knows no task scores on the same episodes. */
export interface FloorPrediction extends Common {
  readonly kind: "at-floor";
  readonly a: Side;
}

/**
 * One effect is larger in size than another, in the two-by-two layout of `a` and `b` at two numbers of inner steps.
 *
 * - `steps-over-algorithm`: the main effect of the steps is larger than that of the algorithm, all cells averaged.
 * - `gap-grows`: the difference between `a` and `b` is larger at the second number of steps than at the first.
 */
export interface LargerEffectPrediction extends Common {
  readonly kind: "steps-over-algorithm" | "gap-grows";
  readonly a: Side;
  readonly b: Side;
  readonly innerSteps: readonly [from: number, to: number];
}

export type Prediction = ComparisonPrediction | FloorPrediction | LargerEffectPrediction;

const whole = z.int().min(0);
const side = selectionShape.omit({ dataset: true });

const common = {
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "expected lower-case letters, digits and hyphens"),
  statement: z.string().min(1),
  source: z.string().min(1),
  dataset: z.string(),
  shots: z.array(z.int().min(1)).min(1).optional(),
};

const pairOfSteps = z.tuple([whole, whole], { error: "expected two numbers of inner steps, [from, to]" })
  .refine(([from, to]) => from !== to, { error: "expected two different numbers of inner steps" });
const larger = { a: side, b: side, innerSteps: pairOfSteps };

/** The shape of a prediction in a sweep file. */
export const predictionShape = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("comparison"),
    ...common,
    a: side,
    b: side,
    expect: z.enum(["equivalent", "a-better", "a-not-better"]),
  }),
  z.strictObject({ kind: z.literal("at-floor"), ...common, a: side }),
  z.strictObject({ kind: z.literal("steps-over-algorithm"), ...common, ...larger }),
  z.strictObject({ kind: z.literal("gap-grows"), ...common, ...larger }),
], { error: 'expected a kind: "comparison", "at-floor", "steps-over-algorithm" or "gap-grows"' });

/** The algorithms and adapters that a prediction names. */
export function namesOf(prediction: Prediction): ReturnType<typeof namesIn> {
  return namesIn("b" in prediction ? [prediction.a, prediction.b] : [prediction.a]);
}
