/**
 * Linear CKA, debiased: how alike two representations of the same examples are, whatever rotation and scale they are in.
 *
 * CKA(X, Y) = HSIC(XXᵀ, YYᵀ) / √(HSIC(XXᵀ, XXᵀ) · HSIC(YYᵀ, YYᵀ)) for activations X [n, p] and Y [n, q] (Kornblith et al. 2019, section 3,
 * arXiv:1905.00414), with the unbiased estimator of HSIC (Song et al. 2012, equation 5) as Nguyen et al. 2021 (arXiv:2010.15327, equation 3) put it in.
 *
 * Why unbiased: the plain estimator counts each example's likeness to itself, which is large in both representations whatever they have to do with each
 * other. With as few examples as an episode's query set has, and layers as wide, that alone brings it near 1: 0.77 for two independent Gaussian
 * representations of 75 examples in 256 features. It would report reuse where there is none; the debiased one is 0 there on average.
 *
 * How: HSIC₁(K, L) = Σ_{i≠j} K̃_ij L̃_ij / (n (n − 3)) with U-centred matrices (Székely & Rizzo 2014, arXiv:1310.2926, section 3)
 * K̃_ij = K_ij − R_i / (n − 2) − R_j / (n − 2) + S / ((n − 1)(n − 2)), where R and S are the sums of K by row and in all without its diagonal. So the
 * debiased CKA is the cosine of two U-centred Gram matrices: within [−1, 1], and exactly 1 for equal ones.
 */

/** A Gram matrix made ready for comparison. */
export interface CentredGram {
  /** K̃_ij for i < j, row by row: n (n − 1) / 2 numbers. */
  readonly entries: Float64Array;
  /** Their sum of squares; positive. */
  readonly squares: number;
}

/** Off the diagonal a Gram matrix of float32 sums must differ from a constant by more than this share of its diagonal to say anything. */
const RESOLUTION = 1e-6;
/** Activations whose standard deviation is a smaller share of their size are constant as far as float32 can tell. */
const LEAST_SPREAD = 1e-5;

/**
 * U-centres a Gram matrix.
 *
 * @param gram XXᵀ, [n, n] row-major and symmetric, of activations X [n, p] whose mean over examples was taken off: the result does not depend on that, its rounding does
 * @param n examples
 * @param size Σ_i |x_i|² of the activations as they were before
 * @returns null where the representation is undefined: fewer than 4 examples, numbers that are not finite, the same activations for every example, or examples
 * that are all equally unlike
 */
export function centredGram(gram: ArrayLike<number>, n: number, size: number): CentredGram | null {
  if (n < 4) return null;
  let trace = 0;
  for (let i = 0; i < n; i++) trace += gram[i * n + i];
  if (!(trace > LEAST_SPREAD ** 2 * size) || !Number.isFinite(size)) return null;
  const rows = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) {
      const value = gram[i * n + j];
      rows[i] += value;
      rows[j] += value;
      total += 2 * value;
    }
  }
  if (!Number.isFinite(total)) return null;
  const constant = total / ((n - 1) * (n - 2));
  const entries = new Float64Array(n * (n - 1) / 2);
  let squares = 0;
  for (let i = 0, at = 0; i < n; i++) {
    const shift = constant - rows[i] / (n - 2);
    for (let j = i + 1; j < n; j++, at++) {
      const value = gram[i * n + j] + shift - rows[j] / (n - 2);
      entries[at] = value;
      squares += value * value;
    }
  }
  return squares > entries.length * (RESOLUTION * trace / n) ** 2 && Number.isFinite(squares)
    ? { entries, squares }
    : null;
}

/** Debiased linear CKA of two representations of the same examples: 1 equal but for rotation and scale, 0 unrelated, at least −1. */
export function linearCka(a: CentredGram, b: CentredGram): number {
  let product = 0;
  for (let i = 0; i < a.entries.length; i++) product += a.entries[i] * b.entries[i];
  // Rounding can lead past the ends by a few units in the last place. √x² is x exactly, so equal matrices have 1.
  return Math.max(-1, Math.min(1, product / Math.sqrt(a.squares * b.squares)));
}
