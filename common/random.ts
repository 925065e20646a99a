/**
 * Random numbers keyed by name: the same key gives the same stream, whatever else was drawn before or beside it.
 *
 * A key is hashed (sha256 of its JSON, which keeps `["a", 1]`, `["a1"]` and `["a", "1"]` apart) and the hash is the
 * state of a xoroshiro128+ generator (Blackman and Vigna 2018, arXiv 1805.01407; npm:pure-rand). "Splitting" a stream
 * is making a longer key: `rng([...key, "part"])`.
 */
import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** The parts that name a random draw. The same parts give the same draw, whatever else was drawn before. */
export type Key = readonly (string | number)[];

/** Hashed before every key; another number here changes every result of the project. */
const STREAM_FORMAT = "bridgebench random 1\n";

/** One stream of random numbers. Each call moves the stream on; two streams never affect each other. */
export interface Rng {
  /** A multiple of 2^-53 in [0, 1), or the same scaled to [low, high). */
  uniform(low?: number, high?: number): number;
  /** A whole number in [0, n), for 1 <= n <= 2^32; each value's probability is 1/n to within 2^-53. */
  int(n: number): number;
  /** A standard normal deviate (Box and Muller 1958). */
  normal(): number;
  /** All of 0 .. n-1 in random order. */
  permutation(n: number): number[];
  /** k different numbers of 0 .. n-1 in random order: the first k of what `permutation(n)` would give. */
  choose(k: number, n: number): number[];
}

/**
 * The stream that a key names.
 *
 * @param key parts of the name; numbers must be finite
 * @throws RangeError when a part is not finite
 */
export function rng(key: Key): Rng {
  for (const part of key) {
    if (typeof part === "number" && !Number.isFinite(part)) {
      throw new RangeError(`internal: ${part} cannot be a part of a random key`);
    }
  }
  const hash = createHash("sha256").update(STREAM_FORMAT + JSON.stringify(key)).digest();
  return new Stream([hash.readInt32BE(0), hash.readInt32BE(4), hash.readInt32BE(8), hash.readInt32BE(12)]);
}

class Stream implements Rng {
  readonly #generator: ReturnType<typeof xoroshiro128plusFromState>;
  /** Box-Muller makes two deviates at a time. */
  #spare: number | undefined;

  constructor(state: readonly [number, number, number, number]) {
    this.#generator = xoroshiro128plusFromState(state);
  }

  uniform(low = 0, high = 1): number {
    return low + (high - low) * uniformFloat64(this.#generator);
  }

  int(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > 2 ** 32) {
      throw new RangeError(`internal: int(${n}) needs a whole number from 1 to 2^32`);
    }
    return Math.floor(uniformFloat64(this.#generator) * n);
  }

  normal(): number {
    if (this.#spare !== undefined) {
      const spare = this.#spare;
      this.#spare = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniformFloat64(this.#generator)));
    const angle = 2 * Math.PI * uniformFloat64(this.#generator);
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  permutation(n: number): number[] {
    return this.choose(n, n);
  }

  choose(k: number, n: number): number[] {
    if (!Number.isInteger(k) || !Number.isInteger(n) || k < 0 || k > n) {
      throw new RangeError(`internal: choose(${k}, ${n}) needs whole numbers with 0 <= k <= n`);
    }
    return 8 * k < n ? this.#chooseFew(k, n) : this.#chooseMany(k, n);
  }

  /** The first k steps of the shuffle of Fisher and Yates. */
  #chooseMany(k: number, n: number): number[] {
    const values = Array.from({ length: n }, (_, i) => i);
    for (let i = 0; i < k; i++) {
      const j = i + this.int(n - i);
      const chosen = values[j];
      values[j] = values[i];
      values[i] = chosen;
    }
    return values.slice(0, k);
  }

  /** The same shuffle with only the moved values stored, for k much smaller than n. */
  #chooseFew(k: number, n: number): number[] {
    const moved = new Map<number, number>();
    const chosen: number[] = [];
    for (let i = 0; i < k; i++) {
      const j = i + this.int(n - i);
      chosen.push(moved.get(j) ?? j);
      moved.set(j, moved.get(i) ?? i);
    }
    return chosen;
  }
}
