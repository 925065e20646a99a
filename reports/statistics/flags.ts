/** What a reader must know about a verdict: short texts, each of which begins with its name. */
import type { Answer } from "../../common/vocabulary.ts";
import type { Case, ScorePair } from "./cases.ts";
import type { CrossedDifference } from "./crossed_bootstrap.ts";
import type { Diverged } from "./paired_scores.ts";
import { boundsAt, isDecided, readOff } from "./readings.ts";

/** Where only the correction for the family stands between a comparison and a claim. */
export function ownFlags(answer: Answer, own: Answer): string[] {
  return isDecided(own) && own !== answer ? [`uncorrected: ${own}`] : [];
}

/** How many episodes diverged, and what they count as. */
export function divergedFlags({ metric }: ScorePair, { a, b }: Diverged, total: number): string[] {
  if (a + b === 0) return [];
  return [
    `diverged: a ${a} and b ${b} of ${total} episodes, counted as ${metric === "mse" ? "the limit" : "0 %"}`,
  ];
}

/** Where what the typical episode says, on its own at this error rate, hangs on how bad a diverged episode is taken to be. */
export function sensitivityFlags({ pair, typical, lenient, margin }: Case, error: number): string[] {
  if (lenient === undefined) return [];
  const alone = (difference: CrossedDifference) => readOff(boundsAt(difference, error), margin, pair.metric);
  const [before, after] = [alone(typical), alone(lenient)];
  return before === after ? [] : [`limit-sensitive: ${after} with ten times the limit of divergence`];
}
