/** What is said about one pair of cells, with everything that it rests on. */
import type { Answer, Reading } from "../../common/vocabulary.ts";
import type { Needs } from "./needs.ts";

/** A verdict. Numbers are null where the verdict is `none` and they are unknown; those of the tail are null for accuracy too. */
export interface Verdict {
  readonly nSeeds: number;
  readonly nEpisodes: number;
  /** a - b in percentage points of accuracy (positive: a is better), or the mean ln(MSE of a / MSE of b) (negative: a is better). */
  readonly diff: number | null;
  /** exp(diff): the geometric mean of the ratio of MSEs; null for accuracy. */
  readonly ratio: number | null;
  /** The interval of `diff` from which `typical` is read: it holds together with those of its family. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** ln(mean MSE of a / mean MSE of b), diverged episodes at their limit (negative: a is better), with its interval, from which `tail` is read. */
  readonly diffMean: number | null;
  readonly loMean: number | null;
  readonly hiMean: number | null;
  /** Of each of these intervals on its own, e.g. 0.99 in a family of five. */
  readonly level: number | null;
  /** Error rate of the family, with what was passed on to it. */
  readonly alpha: number;
  /** The declared margin in the unit of `diff`. */
  readonly margin: number;
  readonly verdict: Answer;
  /** What the typical episode says, and what the mean does. */
  readonly typical: Reading | null;
  readonly tail: Reading | null;
  /** The look after which it was decided, counted from 1, where seeds come in rounds; null elsewhere and where it is open. */
  readonly look: number | null;
  /** Probability at most with which all the seeds of the last look would decide it; null where it is decided, or seeds do not come in rounds. */
  readonly chance: number | null;
  /** Why there is no verdict; "" when there is one. */
  readonly reason: string;
  /** What would settle it, where it is undecided or not established. */
  readonly needs: Needs | null;
  readonly flags: readonly string[];
  /** Smallest error rate of the family at which it would be decided, below `alpha` exactly where it is; null where it is open as its two metrics disagree. */
  readonly pAdjusted: number | null;
  /** Of the comparison on its own: equivalence, below 0.05 exactly when the 90 % interval lies within ±margin. */
  readonly pTost: number | null;
  /** Of the comparison on its own: no difference, two-sided, below 0.05 exactly when the 95 % interval is on one side of 0. */
  readonly pDifference: number | null;
  /** Intervals of the comparison on its own, which no verdict is read from. */
  readonly unadjusted: {
    readonly lo95: number;
    readonly hi95: number;
    readonly lo90: number;
    readonly hi90: number;
  } | null;
  /** d_z over seeds; null where the seeds' differences have no spread. */
  readonly effectSize: number | null;
  /** Either side without a test; null without scores. */
  readonly sides: { readonly a: Side; readonly b: Side } | null;
}

/** What a side scored. */
export interface Side {
  /** Mean over seeds and episodes, diverged ones included: MSE, or percentage points. */
  readonly mean: number;
  /** Mean of MSE / variance of the episode's targets; null where it is not known. */
  readonly relativeError: number | null;
  /** Diverged episodes among all of all seeds. */
  readonly diverged: number;
}
