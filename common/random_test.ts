import assert from "node:assert/strict";
import fc from "fast-check";
import { type Key, rng } from "./random.ts";

/*
 * Golden values made by an independent implementation (Python 3, standard library only); the uniforms must agree bit for bit:
 *
 *   import hashlib, json
 *   def uniforms(key):
 *       text = "bridgebench random 1\n" + json.dumps(key, separators=(",", ":"))
 *       h = hashlib.sha256(text.encode()).digest()
 *       w = [int.from_bytes(h[4*i:4*i+4], "big") for i in range(4)]
 *       s0, s1, m = w[0] << 32 | w[1], w[2] << 32 | w[3], 2**64 - 1
 *       rotl = lambda x, k: (x << k | x >> (64 - k)) & m
 *       def word():
 *           nonlocal s0, s1
 *           out = (s0 + s1) & 0xffffffff
 *           s1 ^= s0
 *           s0, s1 = rotl(s0, 24) ^ s1 ^ (s1 << 16 & m), rotl(s1, 37)
 *           return out
 *       while True: yield (word() & 0x3ffffff) * 2**-26 + (word() & 0x7ffffff) * 2**-53
 */
const GOLDEN_UNIFORMS: readonly [Key, readonly number[]][] = [
  [["golden", 0], [0.31238220540719974, 0.2352714480652106, 0.2584331589763025, 0.6292859110108555]],
  [["golden", 1], [0.8849674519157769, 0.4638293115146581, 0.8059642072030208, 0.11363938135465668]],
  [["a", 1], [0.32033259810740233, 0.8031330748437762, 0.6641278659582067, 0.3211958977272973]],
  [["a1"], [0.017887825381776135, 0.1958415623729356, 0.11569708032111325, 0.09265278784728892]],
  [[], [0.27059229513106475, 0.9627126933014793, 0.3169676129009775, 0.6464229163413012]],
];

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;

/** Pearson's correlation of two samples of equal length. */
function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  const dot = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0);
  return dot(a, meanA, b, meanB) / Math.sqrt(dot(a, meanA, a, meanA) * dot(b, meanB, b, meanB));
}

/** Chi-square statistic of counts against equal expected counts. */
function chiSquare(counts: readonly number[]): number {
  const expected = mean(counts);
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

/** Chi-square of k cells has mean k - 1 and variance 2 (k - 1); five deviations either way. */
function assertPlausible(counts: readonly number[]): void {
  const degrees = counts.length - 1;
  const z = (chiSquare(counts) - degrees) / Math.sqrt(2 * degrees);
  assert(Math.abs(z) < 5, `chi-square is ${z.toFixed(1)} standard deviations from its mean`);
}

const keyPart = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));

Deno.test("uniform numbers equal the golden values of an independent implementation", () => {
  for (const [key, expected] of GOLDEN_UNIFORMS) {
    const random = rng(key);
    assert.deepEqual(expected.map(() => random.uniform()), expected);
  }
});

Deno.test("normal deviates and permutations equal the golden values of an independent implementation", () => {
  const random = rng(["golden", "normal"]);
  for (const expected of [2.139671323894233, 0.26132462790018984, -0.538832175554026, -0.15382683488544416]) {
    assert(Math.abs(random.normal() - expected) < 1e-14);
  }
  assert.deepEqual(rng(["golden", "permutation"]).permutation(10), [1, 4, 6, 7, 2, 9, 0, 8, 5, 3]);
});

Deno.test("the same key gives the same stream, whatever is drawn beside it", () => {
  fc.assert(fc.property(fc.array(keyPart), (key) => {
    const alone = rng(key);
    const expected = [alone.uniform(), alone.normal(), alone.int(10), alone.normal()];
    const again = rng(key);
    const other = rng([...key, "other"]);
    const drawn = [again.uniform(), again.normal(), (other.uniform(), again.int(10)), again.normal()];
    assert.deepEqual(drawn, expected);
  }));
});

Deno.test("different keys give different streams", () => {
  const twins: [Key, Key][] = [
    [["a", 1], ["a1"]],
    [["a", 1], ["a", "1"]],
    [["a", "b"], ["ab"]],
    [["a", "b"], ['a","b']],
    [[1, 2], [12]],
    [[], [""]],
    [["a"], ["a", ""]],
  ];
  for (const [a, b] of twins) assert.notEqual(rng(a).uniform(), rng(b).uniform(), JSON.stringify([a, b]));
  const json = (key: Key) => JSON.stringify(key);
  fc.assert(fc.property(fc.array(keyPart), fc.array(keyPart), (a, b) => {
    fc.pre(json(a) !== json(b));
    assert.notEqual(rng(a).uniform(), rng(b).uniform());
  }));
});

Deno.test("a key with a part that is not finite is refused", () => {
  for (const part of [NaN, Infinity, -Infinity]) assert.throws(() => rng(["a", part]), RangeError);
});

Deno.test("uniform numbers fill [0, 1) evenly, within a stream and across neighbouring keys", () => {
  const within = Array.from({ length: 64 }, () => 0);
  const across = Array.from({ length: 64 }, () => 0);
  const random = rng(["uniformity"]);
  for (let i = 0; i < 20_000; i++) {
    within[Math.floor(random.uniform() * 64)]++;
    across[Math.floor(rng(["uniformity", i]).uniform() * 64)]++;
  }
  assertPlausible(within);
  assertPlausible(across);
});

Deno.test("neighbouring keys and successive draws are uncorrelated", () => {
  const n = 10_000;
  const sample = (key: Key, count = n) => {
    const random = rng(key);
    return Array.from({ length: count }, () => random.uniform());
  };
  // A correlation of independent samples has standard deviation 1 / sqrt(n).
  const bound = 5 / Math.sqrt(n);
  const [a, b] = [sample(["neighbour", 0]), sample(["neighbour", 1])];
  assert(Math.abs(correlation(a, b)) < bound);
  assert(Math.abs(correlation(a.slice(1), a.slice(0, -1))) < bound);
  const firsts = Array.from({ length: n }, (_, i) => sample(["first", i], 2));
  assert(Math.abs(correlation(firsts.map(([x]) => x), firsts.map(([, y]) => y))) < bound);
  assert(Math.abs(correlation(firsts.slice(1).map(([x]) => x), firsts.slice(0, -1).map(([x]) => x))) < bound);
});

Deno.test("uniform(low, high) stays in its range with the right mean", () => {
  const random = rng(["range"]);
  const values = Array.from({ length: 10_000 }, () => random.uniform(-5, 5));
  assert(values.every((value) => value >= -5 && value < 5));
  assert(Math.abs(mean(values)) < 5 * (10 / Math.sqrt(12)) / 100);
});

Deno.test("normal deviates have the moments of the standard normal distribution", () => {
  const n = 40_000;
  const random = rng(["moments"]);
  const values = Array.from({ length: n }, () => random.normal());
  const moment = (power: number) => mean(values.map((value) => value ** power));
  // Var(z) = 1, Var(z^2) = 2, Var(z^3) = 15, Var(z^4) = 96.
  for (const [power, expected, variance] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96]]) {
    assert(Math.abs(moment(power) - expected) < 5 * Math.sqrt(variance / n), `moment ${power}`);
  }
  const pairs = correlation(values.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 1));
  assert(Math.abs(pairs) < 5 / Math.sqrt(n / 2));
});

Deno.test("int(n) takes every value of 0 .. n-1 equally often", () => {
  for (const n of [1, 2, 7, 20]) {
    const random = rng(["int", n]);
    const counts = Array.from({ length: n }, () => 0);
    for (let i = 0; i < 5_000; i++) counts[random.int(n)]++;
    assert.equal(counts.length, n);
    if (n > 1) assertPlausible(counts);
  }
  for (const n of [0, -1, 1.5, NaN, 2 ** 33]) assert.throws(() => rng(["int"]).int(n), RangeError);
});

Deno.test("choose(k, n) is the beginning of permutation(n), and a permutation has every number once", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 60 }), fc.nat(), fc.string(), (n, raw, name) => {
    const k = raw % (n + 1);
    const permutation = rng([name]).permutation(n);
    assert.deepEqual([...permutation].sort((a, b) => a - b), Array.from({ length: n }, (_, i) => i));
    assert.deepEqual(rng([name]).choose(k, n), permutation.slice(0, k));
  }));
  // k much smaller than n takes another way to the same result.
  for (let i = 0; i < 100; i++) {
    assert.deepEqual(rng(["few", i]).choose(24, 200), rng(["few", i]).permutation(200).slice(0, 24));
  }
  assert.throws(() => rng([]).choose(3, 2), RangeError);
  assert.throws(() => rng([]).choose(-1, 2), RangeError);
});

Deno.test("every order of four things comes up equally often", () => {
  const counts = new Map<string, number>();
  for (let i = 0; i < 12_000; i++) {
    const order = rng(["order", i]).permutation(4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  assertPlausible([...counts.values()]);
});
