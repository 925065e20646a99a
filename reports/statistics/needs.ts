/** What would settle an open comparison. */
import type { Reading } from "../../common/vocabulary.ts";
import type { Metric } from "../../data/contract/dataset.ts";
import { type CrossedDifference, halfWidth } from "./crossed_bootstrap.ts";
import { upperNormal, upperT } from "./distributions.ts";
import { metricsWords } from "./readings.ts";

/** What an open comparison lacks. */
export interface Needs {
  /** The smallest margin, in the unit of the difference, at which the results at hand would be equivalent; null where the tail is what is open. */
  readonly margin: number | null;
  /** Seeds that would settle it with 80 % probability, as the words say; null when no number would. */
  readonly seeds: number | null;
  /** Both in a sentence. */
  readonly words: string;
}

/** Probability with which the seeds asked for would settle it. */
const POWER = 0.8;
const MAX_SEEDS = 100_000;

/**
 * What would show equivalence if there were no difference. The number of seeds is the smallest S with half-width(S) + z √V(S) <= margin, where z leaves
 * 1 - 80 % outside ±z, V_a shrinks as 1 / S and V_b stays: the variances are those of the results at hand.
 *
 * @param margin the declared one, in the unit of the difference
 * @param error of the two-sided interval
 */
export function needsOf(difference: CrossedDifference, metric: Metric, margin: number, error: number): Needs {
  const needed = Math.abs(difference.estimate) + halfWidth(difference, error / 2);
  const seeds = seedsFor(difference, margin, error, upperNormal((1 - POWER) / 2));
  return { margin: needed, seeds, words: inWords(difference, metric, needed, seeds) };
}

/**
 * What would establish a difference that is as large as it seems, of both metrics where there are two.
 *
 * @param tail null where there is one metric only
 */
export function needsToEstablish(
  difference: CrossedDifference,
  tail: CrossedDifference | null,
  metric: Metric,
  error: number,
): Needs {
  const needed = Math.abs(difference.estimate) + halfWidth(difference, error / 2);
  const own = seedsToEstablish(difference, error);
  if (tail === null) {
    return { margin: needed, seeds: own, words: `${establishWords(difference, own)}; ${passes(metric, needed)}` };
  }
  if (Math.sign(tail.estimate) !== Math.sign(difference.estimate)) {
    const words = `${
      establishWords(difference, own)
    } typically; the mean MSE points the other way, so no number of seeds would name a winner`;
    return { margin: needed, seeds: null, words };
  }
  const ofTail = seedsToEstablish(tail, error);
  const seeds = own === null || ofTail === null ? null : Math.max(own, ofTail);
  // What takes more seeds is what a winner waits for.
  const later = seeds === null ? own === null ? difference : tail : seeds === own ? difference : tail;
  const which = later === tail ? " (mean MSE)" : "";
  return { margin: needed, seeds, words: `${establishWords(later, seeds)}${which}; ${passes(metric, needed)}` };
}

/** What would settle a comparison whose tail has a winner: that side has to be better typically, too, as equivalence is withheld. */
export function needsBesideTail(typical: CrossedDifference, tail: CrossedDifference, error: number): Needs {
  const along = Math.sign(typical.estimate) === Math.sign(tail.estimate);
  const seeds = along ? seedsToEstablish(typical, error) : null;
  const words = along
    ? `${establishWords(typical, seeds)} on the typical episode too, as on the mean`
    : "better in the mean and seemingly worse typically: which one counts is no question of seeds or episodes";
  return { margin: null, seeds, words };
}

/** What would settle the tail where the typical episode is decided, or where the two contradict each other. */
export function needsOfTail(tail: CrossedDifference, typical: Reading, said: Reading, error: number): Needs {
  const seeds = said === "undecided" ? seedsToEstablish(tail, error) : null;
  const found = metricsWords(typical, said);
  if (said !== "undecided") {
    return { margin: null, seeds, words: `${found}: which one counts is no question of seeds or episodes` };
  }
  return { margin: null, seeds, words: `${found}; ${establishWords(tail, seeds)} (mean MSE)` };
}

/** The seeds with which an interval of a difference as large as the estimate leaves out 0 four times in five; null when no number is enough. */
function seedsToEstablish(difference: CrossedDifference, error: number): number | null {
  return seedsFor(difference, Math.abs(difference.estimate), error, upperNormal(1 - POWER));
}

/** The smallest number of seeds with half-width + z √V <= room. */
function seedsFor(difference: CrossedDifference, room: number, error: number, z: number): number | null {
  const { seeds, episodes, seedVariance, episodeVariance } = difference;
  const tail = error / 2;
  const enough = (count: number) => {
    const variance = seedVariance * seeds / count;
    const half = Math.sqrt(
      upperT(tail, count - 1) ** 2 * variance + upperT(tail, episodes - 1) ** 2 * episodeVariance,
    );
    return half + z * Math.sqrt(variance + episodeVariance) <= room;
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

function passes(metric: Metric, margin: number): string {
  return metric === "accuracy"
    ? `passes at a margin of ${roundUp(margin)} percentage points`
    : `passes at a margin of a factor ${roundUp(Math.exp(margin))}`;
}

function inWords(
  { seeds, episodes }: CrossedDifference,
  metric: Metric,
  margin: number,
  needed: number | null,
): string {
  const start = passes(metric, margin);
  if (needed === null) {
    return `${start}; no number of seeds is enough on ${episodes} test episodes: draw more episodes`;
  }
  if (needed <= seeds) return `${start}; ${seeds} seeds would be enough if there were no difference`;
  return `${start}; if there is no difference, ${needed} seeds instead of ${seeds} would show it with 80 % probability`;
}

function establishWords({ seeds, episodes }: CrossedDifference, needed: number | null): string {
  if (needed === null) {
    return `no number of seeds would establish a difference of this size on ${episodes} test episodes: draw more episodes`;
  }
  if (needed <= seeds) return `${seeds} seeds would establish a difference of this size four times in five`;
  return `${needed} seeds instead of ${seeds} would establish a difference of this size with 80 % probability`;
}

/** Three significant digits, never below the value; from 1000 on whole numbers. */
function roundUp(value: number): string {
  if (!(value > 0) || value >= 1e6) return value.toPrecision(3);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(value)));
  return String(Math.ceil(value * 10 ** digits - 1e-9) / 10 ** digits);
}
