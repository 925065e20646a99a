import { deepStrictEqual as equal, notDeepStrictEqual as differs, ok } from "node:assert/strict";
import fc from "fast-check";
import { augmentationSchema, augmented, augments } from "./augment.ts";

const NONE = augmentationSchema.parse({});
const image = (size: number, seed = 1) =>
  Float32Array.from({ length: size }, (_, i) => ((i + seed) * 0.6180339887 % 1 + 0.1) / 1.2);

Deno.test("by default images stay as they are, and the settings say so", () => {
  equal(augments(NONE), false);
  equal(augmented(image(2 * 48), [4, 4, 3], NONE, ["a"]), image(2 * 48));
  ok(augments({ ...NONE, flip: true }) && augments({ ...NONE, crop: 1 }) && augments({ ...NONE, jitter: 0.1 }));
});

Deno.test("the same key gives the same copies, another key others, and the images themselves are left alone", () => {
  const [how, images] = [{ crop: 2, flip: true, jitter: 0.4 }, image(6 * 75)];
  const first = augmented(images, [5, 5, 3], how, ["seed", 3]);
  equal(augmented(images, [5, 5, 3], how, ["seed", 3]), first);
  differs(augmented(images, [5, 5, 3], how, ["seed", 4]), first);
  equal(images, image(6 * 75));
});

Deno.test("every image has draws of its own: equal images get different copies", () => {
  const one = image(75);
  const copies = augmented(Float32Array.from([...one, ...one, ...one, ...one]), [5, 5, 3], {
    crop: 2,
    flip: true,
    jitter: 0.4,
  }, ["k"]);
  differs(copies.slice(0, 75), copies.slice(75, 150));
});

Deno.test("a mirrored image has its rows backwards, and about every other image is mirrored", () => {
  const rows = Float32Array.from({ length: 400 }, (_, i) => [0, 0.25, 0.5, 1][i % 4]);
  const copies = augmented(rows, [1, 4, 1], { ...NONE, flip: true }, ["flips"]);
  let mirrored = 0;
  for (let at = 0; at < 400; at += 4) {
    const row = Array.from(copies.subarray(at, at + 4));
    if (row[0] === 1) mirrored++;
    equal(row, row[0] === 1 ? [1, 0.5, 0.25, 0] : [0, 0.25, 0.5, 1]);
  }
  ok(mirrored > 30 && mirrored < 70, String(mirrored));
});

Deno.test("a crop shifts an image by up to its padding in each direction, all shifts alike, with zeros beside it", () => {
  const n = 2000;
  const centre = [0, 0, 0, 0, 1, 0, 0, 0, 0];
  const images = Float32Array.from({ length: n * 9 }, (_, i) => centre[i % 9]);
  const copies = augmented(images, [3, 3, 1], { ...NONE, crop: 1 }, ["crops"]);
  const seen = new Map<string, number>();
  for (let at = 0; at < copies.length; at += 9) {
    const one = copies.subarray(at, at + 9).join();
    seen.set(one, (seen.get(one) ?? 0) + 1);
  }
  equal(seen.size, 9);
  for (const [one, count] of seen) ok(count > n / 9 * 0.7 && count < n / 9 * 1.3, `${one}: ${count}`);
});

Deno.test("jitter keeps values in [0, 1] and grey images grey", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer(), (jitter, seed) => {
      const copies = augmented(image(3 * 48, seed & 255), [4, 4, 3], { ...NONE, jitter }, [seed]);
      ok(copies.every((value) => value >= 0 && value <= 1));
      const grey = Float32Array.from({ length: 48 }, (_, i) => Math.floor(i / 3) / 16);
      const still = augmented(grey, [4, 4, 3], { ...NONE, jitter }, [seed]);
      for (let i = 0; i < 48; i += 3) {
        ok(Math.abs(still[i] - still[i + 1]) < 1e-6 && Math.abs(still[i] - still[i + 2]) < 1e-6);
      }
    }),
    { numRuns: 50 },
  );
});

Deno.test("jitter multiplies brightness, then contrast about the mean, then saturation, as written out by hand", () => {
  // A pixel of mid grey: contrast about itself and saturation leave it, so that what is left is the brightness.
  const flat = new Float32Array(12).fill(0.5);
  const factors = Array.from({ length: 200 }, (_, i) => {
    const copy = augmented(flat, [2, 2, 3], { ...NONE, jitter: 0.4 }, ["brightness", i]);
    ok(copy.every((value) => Math.abs(value - copy[0]) < 1e-6));
    return copy[0] / 0.5;
  });
  ok(Math.min(...factors) > 0.599 && Math.min(...factors) < 0.65, String(Math.min(...factors)));
  ok(Math.max(...factors) < 1.401 && Math.max(...factors) > 1.35, String(Math.max(...factors)));
});
