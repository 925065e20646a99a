/**
 * What results say about a claim. A claim is about one true number; two tests belong to it, one that would show it and one that would refute it, each
 * with the two-way bootstrap behind the verdicts. Neither test passing leaves it undecided: absence of contradiction is no evidence.
 */
import {
  type CrossedDifference,
  halfWidth,
  interval as intervalOf,
  tailBeyond,
} from "../statistics/crossed_bootstrap.ts";
import { differenceP, equivalenceP } from "../statistics/tost.ts";

/** Error rate of either test. */
export const ALPHA = 0.05;

/** A claim with the p-values of its two tests and the interval that it is read from. */
export interface Claim {
  readonly estimate: number;
  readonly lo95: number;
  readonly hi95: number;
  /** Null where no margin is involved. */
  readonly margin: number | null;
  readonly pHeld: number;
  readonly pFailed: number;
}

/**
 * The difference lies within the margin. Held: two one-sided tests (the 90 % interval is inside). Failed: the 95 % interval lies wholly outside.
 *
 * @param low the margin below, >= 0, where it is another than above
 */
export function withinMargin(difference: CrossedDifference, margin: number, low = margin): Claim {
  // Moved so that the margin is as wide on either side.
  const centre = (margin - low) / 2;
  const half = (margin + low) / 2;
  const moved = { ...difference, estimate: difference.estimate - centre };
  return {
    ...bounds(difference),
    margin,
    pHeld: equivalenceP(moved, half),
    pFailed: Math.min(1, 2 * tailBeyond(moved, Math.abs(moved.estimate) - half)),
  };
}

/**
 * The advantage of one side is real. Held: the 95 % interval lies above 0, and the advantage is not shown to be smaller than the margin. Failed: it is shown
 * to be smaller than the margin (one-sided), be it small, none, or a disadvantage; as in verdicts, a difference that is real but within the margin does
 * not count as better.
 *
 * @param advantage positive where the side is better
 */
export function better(advantage: CrossedDifference, margin: number): Claim {
  const pFailed = tailBeyond(advantage, margin - advantage.estimate);
  const shown = advantage.estimate > 0 && pFailed >= ALPHA;
  return { ...bounds(advantage), margin, pHeld: shown ? differenceP(advantage) : 1, pFailed };
}

/** The advantage is smaller than the margin, or a disadvantage. Held: one-sided test. Failed: the 95 % interval lies above the margin. */
export function notBetter(advantage: CrossedDifference, margin: number): Claim {
  return {
    ...bounds(advantage),
    margin,
    pHeld: tailBeyond(advantage, margin - advantage.estimate),
    pFailed: advantage.estimate <= margin ? 1 : Math.min(1, 2 * tailBeyond(advantage, advantage.estimate - margin)),
  };
}

/**
 * |X| > |Y| for two effects, which is the same as (X - Y)(X + Y) > 0. Held: the 95 % intervals of X - Y and X + Y both leave out 0, on the same side; failed:
 * on opposite sides. The estimate is |X| - |Y|, which is ± the one of the two contrasts that is nearer to 0, and the interval is that one's.
 *
 * @param minus X - Y
 * @param plus X + Y
 */
export function larger(minus: CrossedDifference, plus: CrossedDifference): Claim {
  const p = Math.max(differenceP(minus), differenceP(plus));
  const sign = Math.sign(minus.estimate * plus.estimate);
  const nearer = Math.abs(minus.estimate) < Math.abs(plus.estimate) ? minus : plus;
  const half = halfWidth(nearer, (1 - 0.95) / 2);
  const estimate = sign * Math.abs(nearer.estimate);
  return {
    ...{ estimate, lo95: estimate - half, hi95: estimate + half, margin: null },
    pHeld: sign > 0 ? p : 1,
    pFailed: sign < 0 ? p : 1,
  };
}

function bounds(difference: CrossedDifference): Pick<Claim, "estimate" | "lo95" | "hi95"> {
  const { low, high } = intervalOf(difference, 0.95);
  return { estimate: difference.estimate, lo95: low, hi95: high };
}

/** What several claims that must all be true come to. */
export interface Conjunction {
  readonly outcome: "held" | "failed" | "undecided";
  /** Largest of the claims: all must be shown, so none needs a correction (intersection-union test). */
  readonly pHeld: number;
  /** Smallest of the claims times their number (Bonferroni): one that is refuted refutes all. */
  readonly pFailed: number;
  /** The claim that the outcome hangs on: the most refuted one when failed, else the one that is shown least. */
  readonly decisive: number;
}

/** @param claims at least one */
export function allOf(claims: readonly Claim[]): Conjunction {
  const held = claims.map(({ pHeld }) => pHeld);
  const failed = claims.map(({ pFailed }) => pFailed);
  const pHeld = Math.max(...held);
  const pFailed = Math.min(1, claims.length * Math.min(...failed));
  const outcome = pFailed < ALPHA ? "failed" : pHeld < ALPHA ? "held" : "undecided";
  return {
    outcome,
    pHeld,
    pFailed,
    decisive: outcome === "failed" ? failed.indexOf(Math.min(...failed)) : held.indexOf(pHeld),
  };
}
