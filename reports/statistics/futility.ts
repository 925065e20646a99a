/**
 * Whether further seeds can still decide an open comparison. Where they hardly can, training them tells nothing, and stopping costs no error rate: a comparison
 * that stops open claims nothing, so that the looks' levels hold whether or not this rule is followed (a non-binding futility rule).
 *
 * The estimate after N seeds, given that after n, is normal about it with variance V_a(n) - V_a(N), where V_a shrinks as 1 / seeds and what all seeds share of
 * the test episodes stays: predictive power of a flat prior (Spiegelhalter, Freedman & Blackburn 1986). As V_a(n) is itself an estimate of n - 1 degrees of
 * freedom, it is widened by their t distribution's variance.
 */
import type { CrossedDifference } from "./crossed_bootstrap.ts";
import { normalCdf, upperT } from "./distributions.ts";

/** Below this probability, more seeds are futile. */
export const FUTILE = 0.1;

/** The last look that there may be. */
export interface LastLook {
  readonly seeds: number;
  /** Two-sided, of each interval. */
  readonly error: number;
}

/** Probabilities of what an interval says at the last look. */
interface Ahead {
  readonly below: number;
  readonly above: number;
  readonly inside: number;
}

function ahead(difference: CrossedDifference, margin: number, { seeds: last, error }: LastLook): Ahead {
  const { seeds, episodes, estimate, seedVariance, episodeVariance } = difference;
  const then = seedVariance * seeds / last;
  const half = Math.sqrt(
    upperT(error / 2, last - 1) ** 2 * then + upperT(error / 2, episodes - 1) ** 2 * episodeVariance,
  );
  const widened = seeds > 3 ? (seeds - 1) / (seeds - 3) : Infinity;
  const deviation = Math.sqrt((seedVariance - then) * widened);
  const under = (bound: number) => {
    if (deviation > 0) return normalCdf((bound - estimate) / deviation);
    return estimate < bound ? 1 : 0;
  };
  return {
    below: under(-half),
    above: 1 - under(half),
    inside: half < margin ? under(margin - half) - under(half - margin) : 0,
  };
}

/**
 * The largest probability, given the results at hand, that the last look decides a comparison, whose winners need both metrics. Three seeds or fewer say nothing
 * about that.
 *
 * @param tail null where there is one metric only
 * @param margin in the unit of the differences
 */
export function chanceToDecide(
  typical: CrossedDifference,
  tail: CrossedDifference | null,
  margin: number,
  last: LastLook,
): number {
  if (typical.seeds <= 3) return 1;
  const of = ahead(typical, margin, last);
  if (tail === null) return Math.min(1, of.below + of.above + of.inside);
  const mean = ahead(tail, margin, last);
  // How the two metrics go together is not known: at most as the less likely of them.
  return Math.min(
    1,
    Math.min(of.below, mean.below) + Math.min(of.above, mean.above) + Math.min(of.inside, 1 - mean.below - mean.above),
  );
}
