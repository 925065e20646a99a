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
  training: Pick<TrainingResult, "trend"> | undefined,
  tolerance: number | undefined,
): boolean {
  const trend = training?.trend ?? null;
  if (trend === null) return false;
  const untilFlat = spec?.hyper.untilFlat ?? null;
  if (untilFlat !== null) return !isFlat(trend, untilFlat.tolerance);
  return tolerance !== undefined && isUndertrained(trend, tolerance);
}
