/** The part of jStat that is used here; the package has no types of its own. */
declare const jstat: {
  readonly jStat: {
    readonly studentt: {
      /** P(T <= x) */
      cdf(x: number, degreesOfFreedom: number): number;
    };
  };
};
export default jstat;
