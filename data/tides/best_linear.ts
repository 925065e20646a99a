/**
 * The best linear predictor of a tide from some readings: E[y] + C_qs (C_ss + σ² I)⁻¹ (y_s - E[y_s]), with the moments of the training tasks. No predictor
 * that is linear in the readings has a smaller expected MSE on them. It knows the speeds of the constituents, which trained methods have to find out.
 */
import { CholeskyDecomposition, Matrix } from "ml-matrix";
import { onPoints, type Reference } from "../contract/reference.ts";

/** Added to the variance of a reading: readings are rounded to float32, and without it close ones make C_ss singular. */
const ROUNDING = 1e-10;

/** What there is to know of a family of curves y(x). */
export interface CurveMoments {
  /** E[y] */
  readonly mean: (x: number) => number;
  /** P_k, ω_k (per unit of x): the covariance is Σ_k P_k cos(ω_k (x - x')). */
  readonly powers: ArrayLike<number>;
  readonly speeds: ArrayLike<number>;
  /** σ of a reading. */
  readonly noise: number;
}

/** Makes the reference. */
export function bestLinear({ mean, powers, speeds, noise }: CurveMoments): Reference {
  const roots = Array.from(powers, Math.sqrt);
  // φ(x) with C(x, x') = φ(x)ᵀ φ(x').
  const features = (inputs: Float32Array) =>
    new Matrix(
      Array.from(inputs, (x) =>
        roots.flatMap((root, k) => [root * Math.cos(speeds[k] * x), root * Math.sin(speeds[k] * x)])),
    );
  const known = onPoints((inputs) => ({ features: features(inputs), means: Float64Array.from(inputs, mean) }));
  return {
    name: "bayes",
    title: "best linear predictor: Gaussian with the training tasks' covariance",
    role: "ceiling",
    predict({ supportX, supportY, queryX }) {
      const support = features(supportX);
      const covariance = support.mmul(support.transpose());
      for (let i = 0; i < supportX.length; i++) {
        covariance.set(i, i, covariance.get(i, i) + noise ** 2 + ROUNDING);
      }
      const residuals = Matrix.columnVector(Array.from(supportY, (y, i) => y - mean(supportX[i])));
      const weights = support.transpose().mmul(new CholeskyDecomposition(covariance).solve(residuals));
      const query = known(queryX);
      const deviations = query.features.mmul(weights);
      return query.means.map((own, q) => own + deviations.get(q, 0));
    },
  };
}
