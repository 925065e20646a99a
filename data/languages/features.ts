/** Text as numbers: how often each run of one to three characters occurs, hashed. */

/** Numbers in one input. */
export const FEATURES = 512;

/** The longest run. */
const LONGEST = 3;

/** The features of a text that are not zero. */
export interface SparseFeatures {
  readonly places: Uint16Array;
  readonly values: Float32Array;
}

/**
 * Counts the runs of 1 to 3 characters, a blank before and after the text included, in 512 buckets by the hash of Fowler, Noll and Vo (FNV-1a, 32 bits, over
 * Unicode code points); x = log(1 + count), divided by its length.
 */
export function featuresOf(text: string): SparseFeatures {
  const points = Array.from(` ${text} `, (character) => character.codePointAt(0) ?? 0);
  const counts = new Map<number, number>();
  for (let start = 0; start < points.length; start++) {
    let hash = 0x811c9dc5;
    for (let end = start; end < Math.min(points.length, start + LONGEST); end++) {
      hash = Math.imul(hash ^ points[end], 0x01000193);
      // The low bits of a product hardly depend on the high bits of a code point.
      const place = ((hash ^ hash >>> 15) >>> 0) % FEATURES;
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  const values = [...counts.values()].map((count) => Math.log1p(count));
  const length = Math.hypot(...values);
  return { places: Uint16Array.from(counts.keys()), values: Float32Array.from(values, (value) => value / length) };
}
