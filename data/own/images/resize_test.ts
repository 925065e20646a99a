import { deepStrictEqual as equal, ok } from "node:assert/strict";
import fc from "fast-check";
import { frameOf, resize, sharesOf } from "./resize.ts";

const grey = (width: number, height: number, data: readonly number[]) => ({ width, height, channels: 1, data });

function resized(image: ReturnType<typeof grey>, side: number, fit: "crop" | "stretch" = "stretch"): number[] {
  const out = new Uint8Array(side * side * image.channels);
  resize(image, frameOf(image, fit), side, out, 0);
  return [...out];
}

Deno.test("the shares of a target add up to one, and every source has the same weight in an image that shrinks", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), (from, to) => {
    const total = new Float64Array(from);
    for (const { first, weights } of sharesOf(from, to)) {
      ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-9);
      weights.forEach((weight, i) => {
        ok(weight >= 0 && first + i < from);
        total[first + i] += weight;
      });
    }
    if (from >= to) { for (const weight of total) ok(Math.abs(weight - to / from) < 1e-9); }
  }));
});

Deno.test("an image that shrinks is averaged over areas, one that grows is interpolated, one of the size stays", () => {
  equal(resized(grey(4, 4, [0, 100, 20, 20, 100, 200, 20, 20, 0, 0, 8, 8, 0, 0, 8, 8]), 2), [100, 20, 0, 8]);
  equal(resized(grey(3, 3, [9, 0, 0, 0, 0, 0, 0, 0, 90]), 2), [4, 0, 0, 40]);
  equal(resized(grey(2, 2, [0, 100, 0, 100]), 4), [0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100, 0, 25, 75, 100]);
  equal(resized(grey(2, 2, [1, 2, 3, 4]), 2), [1, 2, 3, 4]);
  equal(resized(grey(1, 1, [7]), 2), [7, 7, 7, 7]);
});

Deno.test("of an image that is not square the middle is taken, or all of it", () => {
  const wide = grey(4, 2, [0, 50, 70, 200, 0, 50, 70, 200]);
  equal(resized(wide, 2, "crop"), [50, 70, 50, 70]);
  equal(resized(wide, 2, "stretch"), [25, 135, 25, 135]);
  equal(resized(grey(2, 4, [9, 9, 1, 2, 3, 4, 9, 9]), 2, "crop"), [1, 2, 3, 4]);
});

Deno.test("channels stay apart", () => {
  const out = new Uint8Array(5).fill(9);
  resize(
    { width: 2, height: 2, channels: 3, data: [0, 10, 20, 4, 10, 20, 0, 10, 24, 4, 10, 24] },
    {
      left: 0,
      top: 0,
      width: 2,
      height: 2,
    },
    1,
    out,
    1,
  );
  equal([...out], [9, 2, 10, 22, 9]);
});
