/** Iteration spaces of broadcasting operations, with as few axes as possible. */
import type { Shape } from "./graph.ts";

/** Row-major strides. */
export function stridesOf(shape: Shape): number[] {
  const strides = Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Strides of an operand of shape `narrow` read over a wider shape: 0 along the axes that repeat. */
export function broadcastStrides(narrow: Shape): number[] {
  return stridesOf(narrow).map((stride, axis) => narrow[axis] === 1 ? 0 : stride);
}

/** Extents with one list of strides per operand. */
export interface IterationSpace {
  readonly extents: readonly number[];
  readonly strides: readonly (readonly number[])[];
}

/** Drops axes of size 1 and merges neighbours that every operand walks evenly; at least one axis stays. */
export function collapse({ extents, strides }: IterationSpace): IterationSpace {
  const kept: number[] = [];
  const keptStrides: number[][] = strides.map(() => []);
  extents.forEach((extent, axis) => {
    if (extent === 1) return;
    const last = kept.length - 1;
    const even = last >= 0 && strides.every((own, operand) => keptStrides[operand][last] === own[axis] * extent);
    if (even) {
      kept[last] *= extent;
      strides.forEach((own, operand) => keptStrides[operand][last] = own[axis]);
    } else {
      kept.push(extent);
      strides.forEach((own, operand) => keptStrides[operand].push(own[axis]));
    }
  });
  return kept.length > 0 ? { extents: kept, strides: keptStrides } : { extents: [1], strides: strides.map(() => [1]) };
}
