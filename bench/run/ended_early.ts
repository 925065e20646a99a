/** What counts as half-trained. */
import type { TrainingResult, TrainSpec } from "../store/types.ts";
import { isFlat, isUndertrained } from "../units/validation.ts";

/**
 * Whether a training was still improving when it ended, by more than a tolerance; of one that trains until it is flat, whether its budget ended before that.
 *
 * @param tolerance of the sweep; undefined where trainings are not watched
 */
export function endedEarly(
  spec: TrainSpec | undefined,
  training: Pick<TrainingResult, "trend" | "iterations"> | undefined,
  tolerance: number | undefined,
): boolean {
  const trend = training?.trend ?? null;
  const untilFlat = spec?.hyper.untilFlat ?? null;
  // Too few points to tell are none that tell it was flat.
  if (untilFlat !== null && training !== undefined && training.iterations > 0) {
    return trend === null || !isFlat(trend, untilFlat.tolerance);
  }
  if (trend === null) return false;
  return tolerance !== undefined && isUndertrained(trend, tolerance);
}
