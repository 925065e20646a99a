/** How far two lists of predictions are apart. */

/** Per episode, the predictions of its queries; null where not finite. */
type Predictions = readonly (readonly (number | null)[])[];

/**
 * Root mean square of the differences of two predictors on the same queries: √(mean over episodes and queries of (f − g)²), Wang et al. 2021's distance of two
 * predictive functions, taken over test tasks.
 *
 * @returns undefined where there is nothing to compare, or a prediction is not finite
 */
export function rootMeanSquareDifference(f: Predictions, g: Predictions): number | undefined {
  let [total, count] = [0, 0];
  for (let episode = 0; episode < Math.min(f.length, g.length); episode++) {
    for (let query = 0; query < f[episode].length; query++) {
      const [own, other] = [f[episode][query], g[episode][query]];
      if (own === null || other === null) return undefined;
      total += (own - other) ** 2;
      count++;
    }
  }
  return count === 0 ? undefined : Math.sqrt(total / count);
}
