/** Whether a training blew up on its way, even where it came back. */
import { medianOf } from "../../reports/statistics/moments.ts";
import type { CurvePoint } from "../store/types.ts";

/** How many times the median of the curve so far an iteration's loss may be. */
const SPIKE = 100;

/**
 * Whether the loss of some iteration passed 100 times the median of the curve's mean losses before it; iterations before the curve's first point have
 * nothing to be held against. One such step fills a mean gradient, and the optimiser's second moments for thousands of iterations after it.
 */
export function hasLossSpike(curve: readonly CurvePoint[]): boolean {
  // What JSON could not carry was not finite.
  const losses = curve.map(({ loss }) => loss ?? Infinity);
  return curve.some(({ maxLoss }, index) => {
    return index > 0 && (maxLoss ?? Infinity) > SPIKE * medianOf(losses.slice(0, index));
  });
}
