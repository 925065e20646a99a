/** What an interval says: verdicts are read off intervals and off nothing else, so the two cannot disagree. */
import type { Answer, Reading } from "../../common/vocabulary.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import { type CrossedDifference, halfWidth } from "./crossed_bootstrap.ts";

/** Both ends of an interval of a difference. */
export interface Bounds {
  readonly lo: number;
  readonly hi: number;
}

/**
 * The two-sided interval that misses the truth with probability `error`.
 *
 * @param scale multiplies its width
 */
export function boundsAt(difference: CrossedDifference, error: number, scale = 1): Bounds {
  const half = scale * halfWidth(difference, error / 2);
  return { lo: difference.estimate - half, hi: difference.estimate + half };
}

/**
 * Inside the margin: equivalent, whether or not it also leaves out 0. Else to one side of 0: that side is better. Else undecided.
 *
 * @param margin in the unit of the interval
 */
export function readOff({ lo, hi }: Bounds, margin: number, metric: Metric): Reading {
  if (lo > -margin && hi < margin) return "equivalent";
  if (lo <= 0 && hi >= 0) return "undecided";
  return (metric === "accuracy") === (lo > 0) ? "a-better" : "b-better";
}

/**
 * What two metrics say together. A winner needs both (an intersection-union test: no correction is due for it). Equivalence is about the typical episode and
 * is withheld where the tail has a winner.
 *
 * @param tail null where there is one metric only
 */
export function together(typical: Reading, tail: Reading | null): Reading {
  if (tail === null || typical === tail) return typical;
  return typical === "equivalent" && tail === "undecided" ? "equivalent" : "undecided";
}

/** Whether it makes a claim. */
export function isDecided(answer: Reading | Answer): answer is "equivalent" | "a-better" | "b-better" {
  return answer === "equivalent" || isWinner(answer);
}

/** Whether it names a winner. */
export function isWinner(answer: Reading | Answer): answer is "a-better" | "b-better" {
  return answer === "a-better" || answer === "b-better";
}

/** What two metrics say where it is not the same: "a better typically, worse in the tail"; "" where they agree or there is one only. */
export function metricsWords(
  typical: Reading | null,
  tail: Reading | null,
  names: { readonly a: string; readonly b: string } = { a: "a", b: "b" },
): string {
  if (typical === null || tail === null || typical === tail) return "";
  const words = (reading: Reading) =>
    isWinner(reading) ? `${names[reading === "a-better" ? "a" : "b"]} better` : reading;
  const contrary = isWinner(typical) && isWinner(tail);
  return `${words(typical)} typically, ${contrary ? "worse" : words(tail)} in the tail`;
}
