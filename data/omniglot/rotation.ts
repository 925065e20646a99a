/** Drawings as float32 inputs, turned by quarter turns. */
import { PIXELS, ROTATIONS, SIDE } from "./contents.ts";
import { FULL_INK } from "./resample.ts";

/** Grey value -> ink in [0, 1]. */
const INK = Float32Array.from({ length: FULL_INK + 1 }, (_, grey) => grey / FULL_INK);

/** SOURCE[r][i]: where pixel i of the drawing turned r times (counter-clockwise) comes from. */
const SOURCE: readonly Uint16Array[] = turns();

function turns(): Uint16Array[] {
  const sources = [Uint16Array.from({ length: PIXELS }, (_, i) => i)];
  for (let r = 1; r < ROTATIONS; r++) {
    const before = sources[r - 1];
    // Row y, column x of the turned picture was row x, column SIDE - 1 - y.
    sources.push(before.map((_, i) => before[(i % SIDE) * SIDE + SIDE - 1 - Math.floor(i / SIDE)]));
  }
  return sources;
}

/**
 * Writes one drawing as model input, ink = 1 and paper = 0.
 *
 * @param drawings see `openDrawings`
 * @param from where the drawing starts in `drawings`
 * @param quarterTurns 0 .. 3, counter-clockwise
 * @param out 784 values are written here, row by row, from `at` on
 */
export function writeTurned(
  drawings: Uint8Array,
  from: number,
  quarterTurns: number,
  out: Float32Array,
  at: number,
): void {
  // Views from zero: V8 makes faster loops of them than of indices with offsets.
  const drawing = drawings.subarray(from, from + PIXELS);
  const turned = out.subarray(at, at + PIXELS);
  const source = SOURCE[quarterTurns];
  for (let i = 0; i < PIXELS; i++) turned[i] = INK[drawing[source[i]]];
}
