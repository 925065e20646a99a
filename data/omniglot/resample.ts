/** 105 x 105 bits to 28 x 28 grey values by exact area averaging. */
import { ORIGINAL_SIDE, PIXELS, SIDE } from "./contents.ts";

/** A quarter of an original pixel divides both grids: 105 pixels are 420 quarters, each of the 28 targets takes 15. */
const QUARTERS = 4;
const QUARTERS_PER_TARGET = ORIGINAL_SIDE * QUARTERS / SIDE;

/** The grey value of full ink: 15 x 15 quarters. */
export const FULL_INK: number = QUARTERS_PER_TARGET ** 2;

/** Per original row or column: the first target it touches and how many of its quarters fall there; the rest is the next's. */
const FIRST_TARGET = new Uint8Array(ORIGINAL_SIDE);
const FIRST_SHARE = new Uint8Array(ORIGINAL_SIDE);
for (let i = 0; i < ORIGINAL_SIDE; i++) {
  const start = i * QUARTERS;
  FIRST_TARGET[i] = Math.floor(start / QUARTERS_PER_TARGET);
  FIRST_SHARE[i] = Math.min(QUARTERS, (FIRST_TARGET[i] + 1) * QUARTERS_PER_TARGET - start);
}

/**
 * Averages one drawing over boxes of 3.75 x 3.75 pixels. The result is a whole number of 225ths, so nothing is rounded.
 *
 * @param packed 105 x 105 bits, row by row, most significant bit first, 1 = ink
 * @param out 784 grey values 0 .. 225 (full ink) are written here, row by row, from `at` on
 */
export function resample(packed: Uint8Array, out: Uint8Array, at: number): void {
  const row = new Uint8Array(SIDE + 1);
  const total = new Uint16Array(PIXELS + SIDE);
  for (let y = 0; y < ORIGINAL_SIDE; y++) {
    row.fill(0);
    for (let x = 0, bit = y * ORIGINAL_SIDE; x < ORIGINAL_SIDE; x++, bit++) {
      if ((packed[bit >> 3] & (0x80 >> (bit & 7))) === 0) continue;
      row[FIRST_TARGET[x]] += FIRST_SHARE[x];
      row[FIRST_TARGET[x] + 1] += QUARTERS - FIRST_SHARE[x];
    }
    const [target, share] = [FIRST_TARGET[y] * SIDE, FIRST_SHARE[y]];
    for (let x = 0; x < SIDE; x++) {
      total[target + x] += share * row[x];
      total[target + SIDE + x] += (QUARTERS - share) * row[x];
    }
  }
  out.set(total.subarray(0, PIXELS), at);
}
