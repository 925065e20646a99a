import assert from "node:assert/strict";
import fc from "fast-check";
import type { TaskFamily } from "../contract/task_family.ts";
import { curveFamily } from "./curves.ts";
import { familyDataSet } from "./family_data_set.ts";

/** Planes over two inputs whose first coefficient tells the split; a training example has noise, the grid has none. */
const PLANES: TaskFamily = {
  name: "planes",
  inputShape: [2],
  digest: "2".repeat(64),
  grid: Float32Array.of(0, 0, 1, 0, 0, 1),
  drawTask(random, split) {
    const coefficients = [["train", "validation", "test"].indexOf(split), random.uniform(1, 2)];
    const target = (x: Float32Array, at: number) => coefficients[0] * x[2 * at] + coefficients[1] * x[2 * at + 1];
    return {
      target,
      examples(random, count, x, y, at) {
        for (let i = at; i < at + count; i++) {
          [x[2 * i], x[2 * i + 1]] = [random.uniform(), random.uniform()];
          y[i] = target(x, i) + random.uniform(-0.01, 0.01);
        }
      },
    };
  },
};

const near = (a: number, b: number) => assert(Math.abs(a - b) < 0.011, `${a} is not ${b}`);

Deno.test("inputs of several numbers lie row by row, each beside its own target, and each split draws its own tasks", () => {
  const data = familyDataSet(PLANES);
  assert.deepEqual([data.inputShape, data.outputs, data.kind, data.meanTarget], [[2], 1, "regression", undefined]);
  const { supportX, supportY, queryX, queryY } = data.trainBatch(4, 3, 5, ["planes"]);
  assert.deepEqual([supportX.length, supportY.length, queryX.length, queryY.length], [24, 12, 40, 20]);
  for (let t = 0; t < 4; t++) {
    // Training tasks are y = b v with inputs (u, v).
    const v = [3 * t, 3 * t + 1, 3 * t + 2].map((k) => supportX[2 * k + 1])
      .concat([0, 1, 2, 3, 4].map((q) => queryX[2 * (5 * t + q) + 1]));
    const y = [...supportY.subarray(3 * t, 3 * t + 3), ...queryY.subarray(5 * t, 5 * t + 5)];
    const b = v.reduce((sum, own, i) => sum + own * y[i], 0) / v.reduce((sum, own) => sum + own * own, 0);
    assert(b > 0.9 && b < 2.1);
    v.forEach((own, i) => assert(Math.abs(y[i] - b * own) < 0.02));
  }
  for (const [split, first] of [["validation", 1], ["test", 2]] as const) {
    const episodes = data.episodes(split, 4, 2, 3, 99);
    assert.deepEqual([episodes.nQuery, episodes.queryX.length], [3, 12]);
    assert.deepEqual(episodes.queryX.subarray(6), PLANES.grid);
    for (let t = 0; t < 2; t++) {
      assert.deepEqual([...episodes.queryY.subarray(3 * t, 3 * t + 2)], [0, first], "the grid's targets have no noise");
      const second = episodes.queryY[3 * t + 2];
      for (let k = 3 * t; k < 3 * t + 3; k++) {
        const x = episodes.supportX.subarray(2 * k, 2 * k + 2);
        near(episodes.supportY[k], first * x[0] + second * x[1]);
        assert.notEqual(episodes.supportY[k], Math.fround(first * x[0] + second * x[1]));
      }
    }
  }
});

/** Horizontal lines: every target tells which task it is of. */
const LEVELS = curveFamily({ name: "levels", x: [-1, 3], gridPoints: 9 }, (random) => {
  const level = random.uniform(0, 1000);
  return () => level;
});

Deno.test("a pool's episodes are of the pool's own tasks: the same functions as in its batches, at fresh points", () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(6), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      (ids, shots, queries, seed) => {
        const pool = familyDataSet(LEVELS).pool(7, seed);
        const levels = pool.batch([0, 1, 2, 3, 4, 5, 6], 1, []).y;
        const batch = pool.episodes(ids, shots, queries, [seed]);
        assert.deepEqual([batch.tasks, batch.nSupport, batch.nQuery], [ids.length, shots, queries]);
        ids.forEach((id, t) => {
          const own = [
            ...batch.supportY.subarray(t * shots, (t + 1) * shots),
            ...batch.queryY.subarray(t * queries, (t + 1) * queries),
          ];
          assert(own.every((y) => y === levels[id]));
        });
        const points = [...batch.supportX, ...batch.queryX];
        assert.equal(new Set(points).size, points.length);
        assert(points.every((x) => x >= -1 && x <= 3));
        assert.equal(batch.classes, undefined);
      },
    ),
    { numRuns: 50 },
  );
  const pool = familyDataSet(LEVELS).pool(2, 0);
  assert.throws(() => pool.episodes([2], 1, 1, []), RangeError);
  assert.throws(() => pool.episodes([0], 0, 1, []), { name: "DataError", message: /0 shots/ });
  assert.throws(() => pool.episodes([0], 1, 0, []), { name: "DataError", message: /0 queries/ });
});

Deno.test("a family's digest is that of its constants, whatever they are", () => {
  const constants = { name: "levels", x: [-1, 3], gridPoints: 9 } as const;
  const digest = (own: typeof constants & { readonly highest?: number }) => curveFamily(own, () => () => 0).digest;
  assert.equal(digest(constants), LEVELS.digest);
  assert.notEqual(digest({ ...constants, highest: 1 }), LEVELS.digest);
  assert.deepEqual([...LEVELS.grid], [-1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3]);
});
