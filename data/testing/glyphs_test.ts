import assert from "node:assert/strict";
import { GLYPH_SIZES, glyphs, glyphsDataSet } from "./glyphs.ts";

Deno.test("glyphs are inked squares, the same whenever they are drawn, and differ within a class less than between classes", () => {
  const { classes, inputShape, splits, write } = glyphs();
  const length = inputShape.reduce((product, own) => product * own);
  const image = (classId: number, example: number) => {
    const out = new Float32Array(length + 2).fill(9);
    write(classId, example, out, 1);
    assert.deepEqual([out[0], out.at(-1)], [9, 9]);
    return out.slice(1, -1);
  };
  const distance = (a: Float32Array, b: Float32Array) => a.reduce((sum, ink, i) => sum + (ink - b[i]) ** 2, 0);
  let [within, between] = [0, 0];
  for (const classId of splits.test) {
    const [a, b, other] = [image(classId, 0), image(classId, 1), image((classId + 7) % classes.length, 0)];
    assert.deepEqual(image(classId, 0), a);
    assert(a.every((ink) => ink >= 0 && ink <= 1) && a.some((ink) => ink === 1));
    within += distance(a, b);
    between += distance(a, other);
  }
  assert(within > 0 && within < 0.8 * between, `${within} ${between}`);
  const counts = new Set(classes.map(({ examples }) => examples));
  assert.deepEqual([Math.min(...counts), Math.max(...counts)], GLYPH_SIZES.examples);
});

Deno.test("the nearest class mean of raw pixels knows most glyphs, more with five shots than with one, but not all", () => {
  const data = glyphsDataSet(5);
  const accuracy = (shots: number) => {
    const { tasks, nSupport, nQuery, supportX, queryX, queryY } = data.episodes("test", 0, 40, shots, 5);
    const length = supportX.length / tasks / nSupport;
    let right = 0;
    for (let t = 0; t < tasks; t++) {
      const means = Array.from({ length: 5 }, (_, n) => {
        const first = (t * nSupport + n * shots) * length;
        return Float64Array.from({ length }, (_, i) => {
          let sum = 0;
          for (let k = 0; k < shots; k++) sum += supportX[first + k * length + i];
          return sum / shots;
        });
      });
      for (let q = 0; q < nQuery; q++) {
        const image = queryX.subarray((t * nQuery + q) * length, (t * nQuery + q + 1) * length);
        const distances = means.map((mean) => mean.reduce((sum, ink, i) => sum + (ink - image[i]) ** 2, 0));
        const answer = distances.indexOf(Math.min(...distances));
        right += queryY[(t * nQuery + q) * 5 + answer];
      }
    }
    return right / (tasks * nQuery);
  };
  const [one, five] = [accuracy(1), accuracy(5)];
  assert(one > 0.5 && five > one + 0.1 && five < 0.9, `${one} ${five}`);
});
