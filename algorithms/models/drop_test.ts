import { deepStrictEqual as equal, notDeepStrictEqual as differs, ok } from "node:assert/strict";
import fc from "fast-check";
import { dropFactors, type DropMask } from "./drop.ts";

const mask = (change: Partial<DropMask> = {}): DropMask => ({
  ...{ name: "drop:0.block1", shape: [2, 3, 6, 5, 4], rate: 0.3, block: 1 },
  ...change,
});

Deno.test("factors depend on the key alone", () => {
  for (const block of [1, 2]) {
    equal(dropFactors(mask({ block }), [1, "a"]), dropFactors(mask({ block }), [1, "a"]));
    differs(dropFactors(mask({ block }), [1, "a"]), dropFactors(mask({ block }), [2, "a"]));
  }
});

Deno.test("dropout drops the share that is asked for, and what is kept makes up for it", () => {
  const factors = dropFactors(mask({ shape: [10, 10, 10, 10, 4] }), ["share"]);
  const kept = factors.filter((factor) => factor !== 0);
  ok(Math.abs(kept.length / factors.length - 0.7) < 0.01, String(kept.length));
  ok(kept.every((factor) => Math.abs(factor - 1 / 0.7) < 1e-6));
});

Deno.test("DropBlock drops whole squares within the image, about as many activations as dropout, with a mean factor of 1", () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 7 }), fc.integer(), (block, seed) => {
      const factors = dropFactors(mask({ block, rate: 0.1 }), [seed]);
      const [height, width, channels] = [6, 5, 4];
      const [tall, wide] = [Math.min(block, height), Math.min(block, width)];
      const isDropped = (image: number, y: number, x: number, c: number) =>
        factors[((image * height + y) * width + x) * channels + c] === 0;
      // Every dropped activation lies in a square of dropped ones.
      for (let image = 0; image < 6; image++) {
        for (let c = 0; c < channels; c++) {
          const inSquare = new Set<string>();
          for (let top = 0; top + tall <= height; top++) {
            for (let left = 0; left + wide <= width; left++) {
              const square = Array.from(
                { length: tall * wide },
                (_, i) => [top + Math.floor(i / wide), left + i % wide],
              );
              if (square.every(([y, x]) => isDropped(image, y, x, c))) square.forEach((at) => inSquare.add(at.join()));
            }
          }
          for (let i = 0; i < height * width; i++) {
            const at = [Math.floor(i / width), i % width];
            equal(isDropped(image, at[0], at[1], c), inSquare.has(at.join()));
          }
        }
      }
      const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
      ok(Math.abs(mean - 1) < 1e-4 || factors.every((factor) => factor === 0), String(mean));
    }),
    { numRuns: 40 },
  );
  const factors = dropFactors(mask({ shape: [20, 20, 10, 10, 4], rate: 0.1, block: 3 }), ["share"]);
  const share = factors.filter((factor) => factor === 0).length / factors.length;
  // Squares overlap now and then, and those at an edge are as likely as others.
  ok(share > 0.08 && share < 0.1, String(share));
});
