/**
 * Linear CKA, debiased: how alike two representations of the same examples are, whatever rotation and scale they are in.
 *
 * CKA(X, Y) = HSIC(XXᵀ, YYᵀ) / √(HSIC(XXᵀ, XXᵀ) · HSIC(YYᵀ, YYᵀ)) for activations X [n, p] and Y [n, q] (Kornblith et al. 2019, section 3,
 * arXiv:1905.00414), with the unbiased estimator of HSIC (Song et al. 2012, equation 5), as Nguyen et al. 2021 (arXiv:2010.15327, equation 3) put it in.
 *
 * Why unbiased: the plain estimator counts each example's likeness to itself, which is large in both representations whatever they have to do with each
 * other. With as few examples as an episode's query set has, and layers as wide, that alone brings it near 1: 0.77 for two independent Gaussian
 * representations of 75 examples in 256 features. It would report reuse where there is none; the debiased one is 0 there on average.
 *
 * The debiased CKA is the cosine of two U-centred Gram matrices (Székely & Rizzo 2014, arXiv:1310.2926, section 3): within [−1, 1], exactly 1 for equal ones.
 */

/** What is to be known of a representation: activations X [n, p] whose mean over examples is taken off. */
export interface Representation {
  /** |x_i|² of every example. */
  readonly squares: ArrayLike<number>;
  /** ‖XᵀX‖² = Σ_ij (x_i·x_j)² */
  readonly own: number;
  /** Σ_i |x_i|² before the mean was taken off. */
  readonly size: number;
}

/** HSIC must be more than this share of the sum that it is a difference of, or float32 has left nothing of it. */
const RESOLUTION = 1e-5;
/** Activations whose standard deviation is a smaller share of their size are constant as far as float32 can tell. */
const MIN_SPREAD = 1e-5;

/**
 * n (n − 3) times the unbiased HSIC of XXᵀ and YYᵀ, both centred: Song's sums over pairs i ≠ j then are
 * ‖XᵀY‖² − n / (n − 2) · Σ_i |x_i|² |y_i|² + Σ_i |x_i|² · Σ_i |y_i|² / ((n − 1)(n − 2)).
 *
 * @param product ‖XᵀY‖² = Σ_ij (x_i·x_j)(y_i·y_j)
 * @param x |x_i|² of n ≥ 4 examples
 * @param y |y_i|² of the same
 */
export function unbiasedHsic(product: number, x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [sumX, sumY, both] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    sumX += x[i];
    sumY += y[i];
    both += x[i] * y[i];
  }
  return product - n / (n - 2) * both + sumX * sumY / ((n - 1) * (n - 2));
}

/**
 * Debiased linear CKA of two representations of the same examples: 1 equal but for rotation and scale, 0 unrelated, at least −1.
 *
 * @param product ‖XᵀY‖²
 * @returns null where it is undefined: fewer than 4 examples, numbers that are not finite, or a representation that is the same for every example or has
 * them all equally far apart
 */
export function linearCka(x: Representation, y: Representation, product: number): number | null {
  if (x.squares.length < 4) return null;
  const [xx, yy] = [variance(x), variance(y)];
  const cosine = unbiasedHsic(product, x.squares, y.squares) / Math.sqrt(xx * yy);
  // Rounding can lead past the ends. √h² is h exactly, so equal representations have 1.
  return Number.isFinite(cosine) ? Math.max(-1, Math.min(1, cosine)) : null;
}

/** n (n − 3) HSIC(XXᵀ, XXᵀ), or NaN where the representation says nothing. */
function variance({ squares, own, size }: Representation): number {
  let spread = 0;
  for (let i = 0; i < squares.length; i++) spread += squares[i];
  const hsic = unbiasedHsic(own, squares, squares);
  return spread > MIN_SPREAD ** 2 * size && hsic > RESOLUTION * own ? hsic : NaN;
}
