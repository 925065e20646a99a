/** Helpers for tests of numbers. */
import type { Data } from "../tensor/backend.ts";

/**
 * Fails unless every |actual − expected| ≤ tolerance · (1 + the largest |expected|).
 * @throws with the worst element
 */
export function assertAlmost(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  if (actual.length !== expected.length) {
    throw new Error(`${what}: ${actual.length} numbers instead of ${expected.length}`);
  }
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(expected[i]));
  const bound = tolerance * (1 + largest);
  for (let i = 0; i < expected.length; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= bound)) {
      throw new Error(`${what}[${i}] is ${actual[i]}, not ${expected[i]} ± ${bound}`);
    }
  }
}

/** Central differences of a scalar function of one array: (f(x + h e_i) − f(x − h e_i)) / 2h for every i. */
export async function centralDifferences(
  f: (x: Float64Array) => Promise<number>,
  x: ArrayLike<number>,
  step = 1e-5,
): Promise<Float64Array> {
  const at = Float64Array.from(x);
  const slopes = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) {
    const middle = at[i];
    at[i] = middle + step;
    const above = await f(at);
    at[i] = middle - step;
    const below = await f(at);
    at[i] = middle;
    slopes[i] = (above - below) / (2 * step);
  }
  return slopes;
}

/** A fixed, irregular sequence of numbers in [low, high] for test inputs. */
export function spread(size: number, low: number, high: number, phase = 0): Float64Array {
  return Float64Array.from({ length: size }, (_, i) => {
    const fraction = ((i + 1) * 0.6180339887498949 + phase * 0.7548776662466927) % 1;
    return low + (high - low) * fraction;
  });
}

/** Numbers as float32 would hold them, in float64. */
export function asFloat32(x: Data): Float64Array {
  return Float64Array.from(Float32Array.from(x));
}
