/** Families of curves: functions of one number, looked at evenly over a range. */
import { createHash } from "node:crypto";
import type { Rng } from "../../common/random.ts";
import type { Split } from "../contract/dataset.ts";
import type { TaskFamily } from "../contract/task_family.ts";

/** The constants that define a family of curves: its digest is that of all of them, whatever else it has. */
export interface CurveConstants {
  readonly name: string;
  /** Inputs are drawn from U[low, high]. */
  readonly x: readonly [low: number, high: number];
  /** Query points of an evaluation episode, evenly spaced over the range of x, ends included. */
  readonly gridPoints: number;
}

/**
 * Makes a family of curves without noise.
 *
 * @param constants what defines the family
 * @param draw draws one curve
 * @param mean E[y | x] over all curves, where it is known
 */
export function curveFamily(
  constants: CurveConstants,
  draw: (random: Rng, split: Split) => (x: number) => number,
  mean?: (x: number) => number,
): TaskFamily {
  const { name, x: [low, high], gridPoints } = constants;
  return {
    name,
    inputShape: [1],
    digest: createHash("sha256").update(JSON.stringify(constants)).digest("hex"),
    grid: Float32Array.from({ length: gridPoints }, (_, i) => low + (high - low) * i / (gridPoints - 1)),
    drawTask(random, split) {
      const curve = draw(random, split);
      return {
        examples(random, count, x, y, at) {
          for (let i = at; i < at + count; i++) {
            x[i] = random.uniform(low, high);
            y[i] = curve(x[i]);
          }
        },
        target: (x, at) => curve(x[at]),
      };
    },
    ...(mean === undefined ? {} : { meanTarget: mean }),
  };
}
