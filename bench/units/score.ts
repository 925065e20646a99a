/** The score of one episode. */
import type { TaskKind } from "../../data/contract/dataset.ts";

/**
 * Mean squared error (regression) or the share of query examples whose largest logit is the target's (classification; ties go to the first class).
 *
 * @param predictions [nQuery, outputs]
 * @param targets [nQuery, outputs]; one-hot for classification
 * @returns null when a prediction is not finite
 */
export function scoreEpisode(
  kind: TaskKind,
  predictions: ArrayLike<number>,
  targets: ArrayLike<number>,
  outputs: number,
): number | null {
  return kind === "regression" ? meanSquaredError(predictions, targets) : accuracy(predictions, targets, outputs);
}

function meanSquaredError(predictions: ArrayLike<number>, targets: ArrayLike<number>): number | null {
  let total = 0;
  for (let i = 0; i < targets.length; i++) total += (predictions[i] - targets[i]) ** 2;
  return Number.isFinite(total) ? total / targets.length : null;
}

function accuracy(predictions: ArrayLike<number>, targets: ArrayLike<number>, classes: number): number | null {
  let right = 0;
  for (let row = 0; row < targets.length; row += classes) {
    let best = row;
    for (let i = row; i < row + classes; i++) {
      if (!Number.isFinite(predictions[i])) return null;
      if (predictions[i] > predictions[best]) best = i;
    }
    if (targets[best] === 1) right++;
  }
  return right * classes / targets.length;
}

/** Stands for an episode without a finite score when means of log MSE are compared. */
const LOG_OF_DIVERGED = Math.log(1e12);

/**
 * One number per set of scores, larger is better, by which settings are chosen: mean accuracy, or minus the mean log MSE. Episodes without a finite
 * score count as wrong, resp. as an MSE of 10^12.
 */
export function qualityOf(kind: TaskKind, scores: readonly (number | null)[]): number {
  return scores.reduce<number>((total, score) => total + episodeQuality(kind, score), 0) / scores.length;
}

/** One episode's part in `qualityOf`. */
export function episodeQuality(kind: TaskKind, score: number | null): number {
  if (kind === "classification") return score ?? 0;
  return score === null ? -LOG_OF_DIVERGED : -Math.min(LOG_OF_DIVERGED, Math.log(Math.max(score, 1e-30)));
}
