/** What trainings cost against a baseline: counted operations, which are exact, and speed, which is not. */
import { medianOf } from "../../reports/statistics/moments.ts";
import { describeTraining, type Entry, trainingId, type TrainingSummary } from "./entry.ts";
import type { Tell } from "./finding.ts";
import type { Thresholds } from "./thresholds.ts";

/** @returns undefined of nothing */
export function median(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : medianOf(values);
}

/**
 * Compares the speed of all trainings, and of each algorithm's on each data set: medians of ratios, since a training is timed beside whatever else the
 * machine does.
 */
export function compareSpeed(base: Entry, now: Entry, thresholds: Thresholds, tell: Tell): void {
  if (base.workers !== now.workers) {
    const [before, after] = [base, now].map(({ workers }) => `${workers} workers`);
    tell(false, { kind: "speed", subject: "workers", before, after, by: "speeds are not compared" });
    return;
  }
  const ratios = new Map<string, number[]>();
  const all: number[] = [];
  for (const { then, today } of trainingPairs(base, now)) {
    if (!(then.iterationsPerS !== null && then.iterationsPerS > 0) || today.iterationsPerS === null) continue;
    const ratio = today.iterationsPerS / then.iterationsPerS;
    const name = `${today.dataset}, ${today.algorithm}`;
    ratios.set(name, [...ratios.get(name) ?? [], ratio]);
    all.push(ratio);
  }
  const check = (subject: string, values: readonly number[], tolerance: number) => {
    const ratio = median(values);
    if (ratio === undefined || (ratio >= tolerance && ratio <= 1 / tolerance)) return;
    // One training may have had a busy machine beside it.
    tell(ratio < 1 && values.length > 1, {
      kind: "speed",
      subject,
      before: "iterations/s × 1",
      after: `× ${ratio.toFixed(2)}`,
      by: `${values.length === 1 ? "one training" : `median of ${values.length} trainings`}, tolerance × ${tolerance}`,
    });
  };
  check("all trainings", all, thresholds.speedRatio);
  for (const [name, values] of ratios) check(name, values, thresholds.algorithmSpeedRatio);
}

/** Compares the counted operations of each training. */
export function compareCost(base: Entry, now: Entry, { gflopRatio }: Thresholds, tell: Tell): void {
  for (const { then, today } of trainingPairs(base, now)) {
    if (then.trainGflop === null || today.trainGflop === null || then.trainGflop === today.trainGflop) continue;
    const ratio = today.trainGflop / then.trainGflop;
    if (ratio <= gflopRatio && ratio >= 1 / gflopRatio) continue;
    tell(ratio > 1, {
      kind: "cost",
      subject: describeTraining(today),
      before: `${then.trainGflop.toPrecision(4)} GFLOP`,
      after: `${today.trainGflop.toPrecision(4)} GFLOP`,
      by: `× ${ratio.toPrecision(4)}, tolerance × ${gflopRatio}`,
    });
  }
}

/** Trainings of both nights. */
function trainingPairs(base: Entry, now: Entry): { then: TrainingSummary; today: TrainingSummary }[] {
  const known = new Map(now.trainings.map((row) => [trainingId(row), row]));
  return base.trainings.flatMap((then) => {
    const today = known.get(trainingId(then));
    return today === undefined ? [] : [{ then, today }];
  });
}
