/** The shapes of a store's entries, for reading them again: a store may come from anywhere. */
import { z } from "zod";
import { TRAINING_STATUSES } from "../../common/vocabulary.ts";

const count = z.int().min(0);
const number = z.number();
const depth = count.nullable();

/** As far as it is used. */
export const trainSpec = z.looseObject({
  dataset: z.string(),
  ways: count,
  model: z.string(),
  hidden: z.array(count),
  algorithm: z.string(),
  sharingDepth: depth,
  shots: depth,
  innerSteps: depth,
  seed: count,
  hyper: z.looseObject({
    iterations: count,
    metaBatch: count,
    queries: count,
    innerLr: number,
    outerLr: number,
    pool: count,
  }),
});

/** Numbers that were not finite are stored as null. */
const measured = number.nullable();
/** Checked by hand: a large run has millions of them. */
const scores = z.custom<(number | null)[]>(
  (value) => Array.isArray(value) && value.every((score) => score === null || typeof score === "number"),
  "expected numbers",
);

const trainingShape = z.looseObject({
  status: z.enum(TRAINING_STATUSES),
  reason: z.string(),
  iterations: count,
  curve: z.array(z.looseObject({ iteration: count, loss: measured })),
  restarts: count,
  flops: number,
  validation: z.array(z.looseObject({ iteration: count, score: measured, flops: number })),
  trend: z.looseObject({ improvement: measured, standardError: measured }).nullable(),
});

const evaluationShape = z.looseObject({
  curve: z.array(z.looseObject({ innerSteps: depth, strength: measured, scores, adaptFlops: number })),
  illustrations: z.array(z.looseObject({ innerSteps: depth, predictions: z.array(scores) })),
});

const timingShape = z.looseObject({ peakRssMib: number });
const trainingTimingShape = timingShape.extend({
  spec: trainSpec,
  trainS: number,
  iterationsPerS: measured,
  validateS: number,
  backend: z.string(),
});
const evaluationTimingShape = timingShape.extend({ evaluateS: number });
const failureShape = z.looseObject({ reason: z.string() });

/** Shapes of a store's entries. */
export const ENTRY_SHAPES = {
  training: trainingShape,
  evaluation: evaluationShape,
  trainingTiming: trainingTimingShape,
  evaluationTiming: evaluationTimingShape,
  failure: failureShape,
} as const;

/** Whether a store's entry has its shape. */
export function hasShape(kind: keyof typeof ENTRY_SHAPES, value: unknown): boolean {
  return ENTRY_SHAPES[kind].safeParse(value).success;
}
