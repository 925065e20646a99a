/**
 * Holm's step-down adjustment (Holm 1979): rejecting every hypothesis whose adjusted p-value is below α makes a single false rejection in the
 * whole family at most α probable, whatever the dependence between the tests.
 *
 * p̃_(i) = max over j <= i of min(1, (m - j + 1) p_(j)), for p_(1) <= ... <= p_(m).
 *
 * @param pValues one per hypothesis, in [0, 1]
 * @returns adjusted p-values in the order of the input
 */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const adjusted = Array<number>(pValues.length);
  let most = 0;
  for (const [rank, i] of order.entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - rank) * pValues[i]));
    adjusted[i] = most;
  }
  return adjusted;
}
