/** When a difference between two nights counts, declared as data and printed with every comparison. */

/** See the fields. */
export interface Thresholds {
  /** Probability of any false alarm about scores in one night. */
  readonly alpha: number;
  /**
   * Degrees of freedom lent to a cell's variance over seeds by the other cells of its data set, algorithm and adaptation. With 200 cells of three seeds in each
   * night, a change of 8 standard deviations of a seed is found in 83 to 87 % of nights instead of 37 to 45 % with none lent (equal spreads), and α still
   * holds where spreads differ up to ninefold and all cells of a family share 95 % of their variance (4.5 %); with 4 lent it would be 10 %.
   * Simulated, 1,000 nights each.
   */
  readonly lentDf: number;
  /** Smaller changes of a score are rounding, whatever their noise: of the logarithm of an MSE, and of an accuracy in [0, 1]. */
  readonly leastChange: { readonly mse: number; readonly accuracy: number };
  /** A cell's share of diverged test episodes may rise by this much. */
  readonly divergedShare: number;
  /** Counted floating-point operations of a training may rise by this ratio. */
  readonly gflopRatio: number;
  /** The median over trainings of the ratio of iterations per second may fall to this. */
  readonly speedRatio: number;
  /** The same median over one algorithm's trainings on one data set: fewer, so noisier. */
  readonly algorithmSpeedRatio: number;
}

/** Of `deno task nightly`. */
export const THRESHOLDS: Thresholds = {
  alpha: 0.05,
  lentDf: 2,
  leastChange: { mse: 0.02, accuracy: 0.005 },
  divergedShare: 0.05,
  gflopRatio: 1.001,
  speedRatio: 0.85,
  algorithmSpeedRatio: 0.7,
};
