/** The part of jStat that is used here; the package has no types of its own. */
declare const jstat: {
  readonly jStat: {
    readonly studentt: {
      /** P(T <= x) */
      cdf(x: number, degreesOfFreedom: number): number;
      /** The x with P(T <= x) = p. */
      inv(p: number, degreesOfFreedom: number): number;
    };
    readonly normal: {
      /** P(X <= x) */
      cdf(x: number, mean: number, sd: number): number;
      /** The x with P(X <= x) = p. */
      inv(p: number, mean: number, sd: number): number;
    };
    readonly chisquare: {
      /** The x with P(X <= x) = p. */
      inv(p: number, degreesOfFreedom: number): number;
    };
  };
};
export default jstat;
