/** What would settle an inconclusive comparison. */
import type { Metric } from "../../data/contract/dataset.ts";
import { type CrossedDifference, halfWidth } from "./crossed_bootstrap.ts";
import { upperNormal, upperT } from "./distributions.ts";

/** What an inconclusive comparison lacks. */
export interface Needs {
  /** The smallest margin, in the unit of the difference, at which the results at hand would pass as equivalent. */
  readonly margin: number;
  /** Seeds that would show equivalence with 80 % probability if there were no difference; null when no number would. */
  readonly seeds: number | null;
  /** Both in a sentence. */
  readonly words: string;
}

/** Probability with which the seeds asked for would show equivalence. */
const POWER = 0.8;
const MAX_SEEDS = 100_000;

/**
 * The number of seeds is the smallest S with half-width(S) + z √V(S) <= margin, where z leaves 1 - 80 % outside ±z, V_a shrinks as 1 / S and V_b
 * stays: the variances are those of the results at hand, the true difference is taken to be 0.
 *
 * @param margin the declared one, in the unit of the difference
 * @param tail level of the one-sided tests, the correction for the family included
 */
export function needsOf(difference: CrossedDifference, metric: Metric, margin: number, tail: number): Needs {
  const needed = Math.abs(difference.estimate) + halfWidth(difference, tail);
  const seeds = seedsNeeded(difference, margin, tail);
  return { margin: needed, seeds, words: inWords(difference, metric, needed, seeds) };
}

function seedsNeeded(difference: CrossedDifference, margin: number, tail: number): number | null {
  const { seeds, episodes, seedVariance, episodeVariance } = difference;
  const z = upperNormal((1 - POWER) / 2);
  const enough = (count: number) => {
    const variance = seedVariance * seeds / count;
    const half = Math.sqrt(
      upperT(tail, count - 1) ** 2 * variance + upperT(tail, episodes - 1) ** 2 * episodeVariance,
    );
    return half + z * Math.sqrt(variance + episodeVariance) <= margin;
  };
  let high = 3;
  while (!enough(high)) {
    if (high >= MAX_SEEDS) return null;
    high *= 2;
  }
  let low = Math.max(2, Math.floor(high / 2));
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function inWords(
  { seeds, episodes }: CrossedDifference,
  metric: Metric,
  margin: number,
  needed: number | null,
): string {
  const passes = metric === "accuracy"
    ? `passes at a margin of ${roundUp(margin)} percentage points`
    : `passes at a margin of a factor ${roundUp(Math.exp(margin))}`;
  if (needed === null) {
    return `${passes}; no number of seeds is enough on ${episodes} test episodes: draw more episodes`;
  }
  if (needed <= seeds) return `${passes}; ${seeds} seeds would be enough if there were no difference`;
  return `${passes}; if there is no difference, ${needed} seeds instead of ${seeds} would show it with 80 % probability`;
}

/** Three significant digits, never below the value; from 1000 on whole numbers. */
function roundUp(value: number): string {
  if (!(value > 0) || value >= 1e6) return value.toPrecision(3);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return String(Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits);
}
