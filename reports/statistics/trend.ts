/** How a positive quantity goes with several others at once: ln y = c₀ + c₁ ln x₁ + c₂ ln x₂ + ..., by least squares. */

/**
 * The coefficients c₁, c₂, ...: exponents of a product of powers.
 *
 * @param xs per observation, the x's; positive
 * @param ys one per observation; positive
 * @returns null for an x that does not vary, or not by itself
 */
export function logExponents(xs: readonly (readonly number[])[], ys: readonly number[]): (number | null)[] {
  const columns = xs[0]?.length ?? 0;
  const logs = Array.from({ length: columns }, (_, c) => centred(xs.map((x) => Math.log(x[c]))));
  const target = centred(ys.map(Math.log));
  // Gram-Schmidt: what is left of a column once the others are taken out of it is what its coefficient rests on.
  return logs.map((column, c) => {
    const basis: number[][] = [];
    for (const other of logs.filter((_, own) => own !== c)) {
      const left = without(other, basis);
      if (isMore(left, other)) basis.push(left);
    }
    const alone = without(column, basis);
    return isMore(alone, column) ? dot(alone, target) / dot(alone, alone) : null;
  });
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}

function without(vector: readonly number[], basis: readonly (readonly number[])[]): number[] {
  return basis.reduce<number[]>((left, own) => {
    const factor = dot(left, own) / dot(own, own);
    return left.map((value, i) => value - factor * own[i]);
  }, [...vector]);
}

/** Whether something is left of a vector beyond rounding. */
function isMore(left: readonly number[], whole: readonly number[]): boolean {
  return dot(left, left) > 1e-18 * (1 + dot(whole, whole));
}
