/** Settings that an algorithm has beyond those of all: λ of a proximal term, a temperature, whether rates are learned. */

/** Values by name, as an algorithm's schema declares them. */
export type OwnSettings = Readonly<Record<string, number | string | boolean>>;

/** What an algorithm's own learned state may depend on. */
export interface MetaSettings {
  /** α, as training starts. */
  readonly innerLr: number;
  /** S of training. */
  readonly innerSteps: number;
  readonly own: OwnSettings;
  /** Training classes of the data set; 0 for regression. */
  readonly trainClasses: number;
}
