/** Single numbers as learned state: a regularisation, a temperature. */
import type { ParameterSpec } from "../models/model.ts";

/** One number that all tasks share, [1, 1, 1]. */
export function learnedNumber(name: string, start: number): ParameterSpec {
  return { name, shape: [1, 1, 1], init: (size) => new Float32Array(size).fill(start) };
}
